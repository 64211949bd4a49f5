"""The statements of changes on a real database: every part is read, by an index, for one customer or for all."""

import json
import re
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from cli.stack.databases import Databases
from plant.changes import store
from plant.changes.model import OVERSIGHT, OWN
from shared.db import open_database
from shared.ids import CustomerId

SMALL = {"kill_switches", "agent_types"}


@pytest.mark.parametrize(
    ("statement", "arguments", "setting"),
    [(store.OF_CUSTOMER, (uuid4(),), "customer_id"), (store.OF_ALL, (), "actor")],
)
async def test_statement_sorts_nothing_and_reads_by_indexes(
    databases: Databases, statement: str, arguments: tuple[Any, ...], setting: str
) -> None:
    """With a plan that avoids reading whole tables wherever an index makes that possible."""
    connection = await asyncpg.connect(databases.urls.runtime["plant"])
    try:
        await connection.execute(
            "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off"
        )
        bound = str(arguments[0]) if arguments else "service:test"
        await connection.execute("SELECT set_config($1, $2, false)", f"app.{setting}", bound)
        found = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {_filled(statement, bound)}")
    finally:
        await connection.close()

    nodes = list(_nodes(json.loads(found)[0]["Plan"]))
    assert not {node["Node Type"] for node in nodes} & {"Sort", "Incremental Sort"}
    read_whole = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    assert read_whole <= SMALL
    assert len(re.findall(r"LIMIT \d+", statement)) == statement.count("SELECT sum(")


async def test_every_part_of_a_topic_is_read(databases: Databases) -> None:
    async with open_database(databases.urls.runtime["plant"], name="test") as database:
        async with database.tenant(CustomerId(uuid4())) as session:
            own = await store.load_own(session)
        async with database.oversight(actor="service:test") as oversight:
            everybody = await store.load_all(oversight)

    assert set(own) == {part for parts in OWN.values() for part in parts}
    assert set(everybody) == {part for parts in OVERSIGHT.values() for part in parts}


def _filled(statement: str, customer_id: str) -> str:
    return statement.replace("$1", f"'{customer_id}'::uuid")


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", []) for node in _nodes(part))]
