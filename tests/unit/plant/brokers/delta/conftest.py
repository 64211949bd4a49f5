"""The adapter that all tests of the exchange's code use; its exchange is not there unless a test imitates it."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from plant.brokers.delta.adapter import DeltaAdapter
from tests.http_double import HttpDouble
from tests.unit.plant.brokers.delta.create import BASE


@pytest.fixture
async def adapter() -> AsyncGenerator[DeltaAdapter]:
    async with httpx.AsyncClient(base_url=BASE) as http:
        yield DeltaAdapter(HttpDouble(http))
