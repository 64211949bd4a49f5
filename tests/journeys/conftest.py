"""People for journeys: an operator, and customers with a connected account, fresh for each file."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.actors import Operator, demo_operator
from tests.denied import Scene, new_scene
from tests.exchange import Exchange, open_exchange
from tests.stack import Stack


@pytest_asyncio.fixture(scope="module")
async def admin(stack: Stack) -> AsyncIterator[Operator]:
    async with demo_operator(stack, "admin") as operator:
        yield operator


@pytest_asyncio.fixture(scope="module")
async def scene(stack: Stack, admin: Operator) -> AsyncIterator[Scene]:
    async with new_scene(stack, admin) as fresh:
        yield fresh


@pytest_asyncio.fixture(scope="module")
async def other_scene(stack: Stack, admin: Operator) -> AsyncIterator[Scene]:
    """Another customer, with an account of their own."""
    async with new_scene(stack, admin) as fresh:
        yield fresh


@pytest_asyncio.fixture
async def exchange(stack: Stack) -> AsyncIterator[Exchange]:
    """The imitated exchange; faults, prices and the clock are as at the start again after the test."""
    async with open_exchange(stack) as ready:
        yield ready
        await ready.calm()
