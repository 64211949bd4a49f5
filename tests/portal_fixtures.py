"""The portals as fixtures; the databases are the session's, everything else is fresh for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from cli.stack.databases import Databases
from shared.keys import Issuer
from tests.portals import RunningPortal, running_portal


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest_asyncio.fixture
async def cp(databases: Databases, keys: Path) -> AsyncIterator[RunningPortal]:
    async with running_portal(databases, issuer=Issuer.CP, keys=keys) as running:
        yield running


@pytest_asyncio.fixture
async def pp(databases: Databases, keys: Path) -> AsyncIterator[RunningPortal]:
    async with running_portal(databases, issuer=Issuer.PP, keys=keys) as running:
        yield running


@pytest_asyncio.fixture
async def four_eyes_pp(databases: Databases, keys: Path) -> AsyncIterator[RunningPortal]:
    """The platform portal where a second operator must confirm."""
    async with running_portal(databases, issuer=Issuer.PP, keys=keys, four_eyes=True) as running:
        yield running
