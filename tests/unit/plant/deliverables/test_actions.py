"""What nobody decided or used in its time is written down as expired, once, on a real database."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from cli.stack.databases import Databases
from plant.deliverables.actions import expire_overdue
from shared.contracts.trading import DeliverableState as State
from shared.db import Database, open_database

_INSERT = """
INSERT INTO deliverables
    (deliverable_id, customer_id, agent_id, state, action, action_hash, correlation_id, expires_at, scheduled_for)
VALUES ($1, $2, 'agent', $3, CASE WHEN $4 THEN '{}'::jsonb END, 'sha256:0', gen_random_uuid(),
    now() + $5 * interval '1 second', CASE WHEN $6 THEN now() - interval '1 hour' END)
"""


@pytest.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.urls.runtime["plant"], name="test") as opened:
        yield opened


async def create(
    database: Database,
    state: State,
    *,
    with_action: bool = True,
    ends_in_s: int = -1,
    is_scheduled: bool = False,
) -> UUID:
    deliverable_id = uuid4()
    async with database.oversight(actor="service:test") as session:
        await session.connection.execute(
            _INSERT, deliverable_id, uuid4(), state, with_action, ends_in_s, is_scheduled
        )
    return deliverable_id


async def stored(database: Database, deliverable_id: UUID) -> tuple[str, list[Any]]:
    """Its state, and who moved it where."""
    async with database.oversight(actor="service:test") as session:
        fetch = session.connection.fetch
        (row,) = await fetch("SELECT state FROM deliverables WHERE deliverable_id = $1", deliverable_id)
        moves = await fetch(
            "SELECT state, actor FROM deliverable_transitions WHERE deliverable_id = $1", deliverable_id
        )
    return row["state"], [tuple(move) for move in moves]


@pytest.mark.parametrize(
    ("state", "is_scheduled"),
    [(State.PENDING_REVIEW, False), (State.PENDING_REVIEW, True), (State.APPROVED, False)],
)
async def test_overdue_deliverable_is_expired_once(
    database: Database, state: State, is_scheduled: bool
) -> None:
    overdue = await create(database, state, is_scheduled=is_scheduled)

    first, second = await expire_overdue(database), await expire_overdue(database)

    assert (first, second) == (1, 0)
    assert await stored(database, overdue) == ("expired", [("expired", "service:clock")])


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (State.PENDING_REVIEW, {"ends_in_s": 60}),
        (State.APPROVED, {"ends_in_s": 60}),
        (State.APPROVED, {"with_action": False}),
        (State.APPROVED, {"is_scheduled": True}),
        (State.EXECUTING, {}),
        (State.REJECTED, {}),
        (State.EXECUTED, {}),
    ],
)
async def test_what_is_in_time_or_decided_or_only_to_be_read_or_for_the_publisher_to_end_stays(
    database: Database, state: State, changes: dict[str, Any]
) -> None:
    kept = await create(database, state, **changes)

    assert await expire_overdue(database) == 0
    assert await stored(database, kept) == (state, [])
