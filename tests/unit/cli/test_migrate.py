from collections.abc import Iterator

import psycopg
import pytest

from cli.stack.databases import Databases
from cli.stack.errors import StackError
from cli.stack.migrate import check_migrated, migrate

STRANGE = "9999"


@pytest.fixture
def cp_of_another_version(databases: Databases) -> Iterator[dict[str, str]]:
    """The database cp, left at a revision that this code does not know."""
    urls = {"cp": databases.urls.owner["cp"]}
    known = _set_revision(urls["cp"], STRANGE)
    yield urls
    _set_revision(urls["cp"], known)


def test_current_databases_are_left_alone(databases: Databases) -> None:
    migrate(databases.urls.owner)

    check_migrated(databases.urls.owner)


def test_a_database_of_another_version_is_named_in_one_line(cp_of_another_version: dict[str, str]) -> None:
    with pytest.raises(StackError, match=rf"^database 'cp': [^\n]*{STRANGE}[^\n]*$"):
        migrate(cp_of_another_version)


def test_a_check_of_a_database_of_another_version_says_what_to_run(
    cp_of_another_version: dict[str, str],
) -> None:
    with pytest.raises(StackError, match=f"database 'cp': .*{STRANGE}.*countersign migrate"):
        check_migrated(cp_of_another_version)


def _set_revision(url: str, revision: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("UPDATE alembic_version SET version_num = %s", [revision])
    assert row is not None
    return row[0]
