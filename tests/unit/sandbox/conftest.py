"""One served sandbox for all tests here, reset for each test that asks for a trader."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.unit.sandbox.serve import served_sandbox
from tests.unit.sandbox.traders import HttpTrader


@pytest.fixture(scope="session")
async def sandbox_client() -> AsyncIterator[httpx.AsyncClient]:
    async with served_sandbox() as client:
        yield client


@pytest.fixture
async def trader(sandbox_client: httpx.AsyncClient) -> HttpTrader:
    (await sandbox_client.post("/_control/reset")).raise_for_status()
    return HttpTrader(sandbox_client)
