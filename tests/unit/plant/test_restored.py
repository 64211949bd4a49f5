"""What Plant's rows are after a restore: nothing can be sent or used, and what may have been sent is looked up."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest_asyncio

from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.execution.model import TERMINAL
from plant.restored import make_safe
from shared.contracts.trading import DeliverableState, ExecutionState
from shared.db import Database, OversightSession, open_database
from shared.ids import CorrelationId, CustomerId
from shared.jobs import defer_job
from tests.databases import running_databases

TAKEN_AT = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)
CUSTOMER = CustomerId(uuid4())
IN_DOUBT = {ExecutionState.RELEASED, ExecutionState.SENDING, ExecutionState.UNKNOWN}
_DELIVERABLE = """
INSERT INTO deliverables (deliverable_id, customer_id, agent_id, state, action, action_hash, correlation_id, expires_at)
VALUES ($1, $2, 'AGT', $3, '{}', 'sha256:0', $1, now() + interval '1 hour')
"""
_APPROVAL = """
INSERT INTO approvals (approval_id, customer_id, issuer, kid, action_hash, approver, statement, issued_at, expires_at,
    execute_by, consumed_at)
VALUES ($1, $2, 'cp', 'kid', 'sha256:0', '{}', 'signed', now(), now() + make_interval(secs => $3),
    now() + interval '1 hour', CASE WHEN $4 THEN now() END)
"""
_EXECUTION = """
INSERT INTO executions (execution_id, customer_id, approval_id, deliverable_id, credential_ref, agent_id,
    correlation_id, action, action_hash, kind, provider, symbol, side, size, reduce_only, notional,
    client_order_id, state, negative_reads, settled, execute_by, wake_at)
VALUES ($1, $2, $3, $4, $1, 'AGT', $1, '{}', 'sha256:0', 'place_order', 'delta_exchange_india', 'BTCUSD', 'buy',
    1, false, 1, gen_random_uuid()::text, $5, 2, $6, now(), now() + interval '1 hour')
"""


@pytest_asyncio.fixture(scope="module")
async def database() -> AsyncIterator[Database]:
    """A database of its own: the platform is stopped in it."""
    with running_databases() as databases:
        async with open_database(databases.urls.runtime["plant"], name="test") as opened:
            yield opened


async def create_approval(session: OversightSession, *, lifetime_s: float = 600, used: bool = False) -> UUID:
    approval_id = uuid4()
    await session.connection.execute(_APPROVAL, approval_id, CUSTOMER, lifetime_s, used)
    return approval_id


async def create_deliverable(session: OversightSession, state: DeliverableState) -> UUID:
    deliverable_id = uuid4()
    await session.connection.execute(_DELIVERABLE, deliverable_id, CUSTOMER, state)
    return deliverable_id


async def create_execution(session: OversightSession, state: ExecutionState) -> UUID:
    execution_id = uuid4()
    approval_id = await create_approval(session, used=True)
    deliverable_id = await create_deliverable(session, DeliverableState.EXECUTING)
    settled = state in TERMINAL
    await session.connection.execute(
        _EXECUTION, execution_id, CUSTOMER, approval_id, deliverable_id, state, settled
    )
    return execution_id


async def row(session: OversightSession, table: str, key: str, value: UUID) -> asyncpg.Record:
    found = await session.connection.fetchrow(f"SELECT * FROM {table} WHERE {key} = $1", value)  # noqa: S608  constants
    assert found is not None
    return found


async def test_restored_rows_have_no_effect_again(database: Database) -> None:
    async with database.oversight(actor="service:test") as session:
        executions = {state: await create_execution(session, state) for state in ExecutionState}
        unused, outlived = await create_approval(session), await create_approval(session, lifetime_s=-1)
        drafts = {state: await create_deliverable(session, state) for state in DeliverableState}
        await defer_job(session, queue="executions", task="advance_execution", args={})
        subject = Subject(CUSTOMER, CorrelationId(uuid4()), "customer:a")
        await evidence.record_event(session, subject=subject, kind="approval.stored", facts={})

    told = await make_safe(database, taken_at=TAKEN_AT)
    again = await make_safe(database, taken_at=TAKEN_AT)

    expected = (
        f"1 approvals revoked, 3 drafts expired, {len(IN_DOUBT)} executions to be looked up, 1 audit chains"
    )
    assert expected in told
    assert "0 approvals revoked, 0 drafts expired, 3 executions" in again
    async with database.oversight(actor="service:test") as session:
        for state, execution_id in executions.items():
            await check_execution(session, state, execution_id)
        assert (await row(session, "approvals", "approval_id", unused))["revoked_at"] is not None
        assert (await row(session, "revocations", "approval_id", unused))["customer_id"] == CUSTOMER
        assert (await row(session, "approvals", "approval_id", outlived))["revoked_at"] is None
        waiting = {DeliverableState.DRAFT, DeliverableState.PENDING_REVIEW, DeliverableState.APPROVED}
        for state, deliverable_id in drafts.items():
            found = await row(session, "deliverables", "deliverable_id", deliverable_id)
            assert found["state"] == (DeliverableState.EXPIRED if state in waiting else state)
        assert await session.connection.fetchval("SELECT count(*) FROM procrastinate_jobs") == 0
        switch = await session.connection.fetchrow("SELECT * FROM kill_switches")
        assert switch is not None
        assert (switch["scope"], switch["engaged"]) == ("platform", True)
        assert switch["reason"] == "restored from the backup of 2026-11-20 03:15:00 UTC"
        kinds = await session.connection.fetch("SELECT kind, count(*) FROM audit_log GROUP BY kind")
        assert {one["kind"]: one["count"] for one in kinds} == {
            "approval.stored": 1,
            "backup.restored": 2,
            "approval.revoked": 1,
            "execution.in_doubt": 6,
        }


async def check_execution(session: OversightSession, state: ExecutionState, execution_id: UUID) -> None:
    """In doubt is looked up at once, and absence is not believed before every signature has run out."""
    found: Any = await row(session, "executions", "execution_id", execution_id)
    now: datetime = await session.connection.fetchval("SELECT clock_timestamp()")
    if state in IN_DOUBT:
        assert (found["state"], found["negative_reads"]) == ("unknown", 0)
        assert (found["attempt_deadline"] - now).total_seconds() > 4
    else:
        assert (found["state"], found["negative_reads"], found["version"]) == (state, 2, 1)
    assert (found["wake_at"] <= now) is (state not in TERMINAL)
