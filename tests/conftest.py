"""Fixtures for everybody: real databases, and the whole real stack. Both are started once, when first used."""

from collections.abc import Iterator

import pytest

from cli.stack.databases import Databases
from tests.databases import running_databases
from tests.stack import Stack, running_test_stack


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """A PostgreSQL with the databases cp, pp and plant, migrated; `databases.urls.runtime["cp"]` is a URL."""
    with running_databases() as ready:
        yield ready


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Every service and the sandbox as real processes; see tests/stack.py for its handles."""
    with running_test_stack() as ready:
        yield ready
