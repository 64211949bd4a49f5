"""Windows for the tests of pages: a browser for all, a window of its own for each person."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser import Window, open_window, running_browser
from tests.stack import Stack


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as running:
        yield running


@pytest_asyncio.fixture
async def customer_window(browser: Browser, stack: Stack) -> AsyncIterator[Window]:
    """On the customer portal; the test ends red when its console complained."""
    async with open_window(browser, stack.cp_url) as window:
        yield window
        assert window.trouble == []


@pytest_asyncio.fixture
async def operator_window(browser: Browser, stack: Stack) -> AsyncIterator[Window]:
    """On the platform portal; the test ends red when its console complained."""
    async with open_window(browser, stack.pp_url) as window:
        yield window
        assert window.trouble == []
