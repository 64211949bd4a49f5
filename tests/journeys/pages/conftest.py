"""Windows for the tests of pages: a browser for all, a fresh window for each test."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.actors import Operator
from tests.browser import Window, open_window, running_browser
from tests.journeys.pages.people import Sitting, new_sitting, sitting_again
from tests.stack import Stack


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def first_sitting(stack: Stack, admin: Operator, browser: Browser) -> AsyncIterator[Sitting]:
    async with new_sitting(stack, admin, browser) as ready:
        await ready.page.goto("about:blank")
        yield ready


@pytest_asyncio.fixture
async def sitting(first_sitting: Sitting, browser: Browser) -> AsyncIterator[Sitting]:
    """The file's customer, before a window of this test; each test has drafts of its own."""
    async with sitting_again(first_sitting, browser) as ready:
        yield ready


@pytest_asyncio.fixture
async def lone_sitting(stack: Stack, admin: Operator, browser: Browser) -> AsyncIterator[Sitting]:
    """A customer of this test alone: for what would reach the drafts or sessions of other tests."""
    async with new_sitting(stack, admin, browser) as ready:
        yield ready


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
