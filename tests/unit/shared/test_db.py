"""Reading together: each slice's lookup gets its own arguments and its own value, whatever stands beside it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from cli.stack.databases import Databases
from shared.db import Database, Lookup, look_up, open_database
from shared.ids import CustomerId

CUSTOMER = CustomerId(uuid4())


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.urls.runtime["plant"], name="test") as opened:
        yield opened


async def test_lookups_read_together_keep_to_their_own_arguments(database: Database) -> None:
    difference: Lookup[int] = Lookup("SELECT $2::int - $1::int", (1, 10), int)
    doubled: Lookup[str] = Lookup("SELECT $1::text || $1::text", ("ab",), str)

    async with database.tenant(CUSTOMER) as session:
        found = await look_up(session, difference, doubled)

    assert (found[difference], found[doubled]) == (9, "abab")


async def test_lookup_without_a_row_is_given_none(database: Database) -> None:
    nothing: Lookup[bool] = Lookup("SELECT 1 WHERE false", (), lambda value: value is None)

    async with database.tenant(CUSTOMER) as session:
        found = await look_up(session, nothing)

    assert found[nothing]


async def test_row_inside_a_row_keeps_its_json_and_its_names(database: Database) -> None:
    body = {"price": "65000.5", "text": 'é "quoted"', "none": None}
    written: Lookup[object] = Lookup("SELECT ROW($1::jsonb, 7)", (body,), tuple)
    session_row: Lookup[object] = Lookup(
        "SELECT r FROM (SELECT current_setting('app.customer_id') AS customer) r", (), lambda row: row
    )

    async with database.tenant(CUSTOMER) as session:
        found = await look_up(session, written, session_row)

    assert found[written] == (body, 7)
    assert tuple(found[session_row]) == (str(CUSTOMER),)  # pyright: ignore[reportArgumentType]  a record


async def test_lookup_of_more_rows_than_one_fails(database: Database) -> None:
    two: Lookup[int] = Lookup("SELECT generate_series(1, 2)", (), int)

    with pytest.raises(Exception, match="more than one row"):
        async with database.tenant(CUSTOMER) as session:
            await look_up(session, two)
