"""People for journeys: an operator, customers with a connected account, fresh for each file, and one with a past."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.actors import Operator, demo_operator
from tests.denied import Scene, new_scene
from tests.exchange import Exchange, open_exchange
from tests.past import Past, customer_with_a_past
from tests.stack import Stack


@pytest_asyncio.fixture(scope="session")
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


@pytest_asyncio.fixture(scope="session")
async def past(stack: Stack, admin: Operator) -> AsyncIterator[Past]:
    async with customer_with_a_past(stack, admin) as ready:
        yield ready
