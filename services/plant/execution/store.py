"""Tables executions, execution_events, attempts and fills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from plant.brokers.model import Fill
from plant.execution.model import HeldExecution
from shared.approvals.action import Action
from shared.contracts.trading import Execution, ExecutionState, PostReceipt, TimelineEntry
from shared.db import Lookup, OversightSession, Row, Session, TenantSession
from shared.ids import (
    ActionHash,
    ApprovalId,
    CorrelationId,
    CustomerId,
    DeliverableId,
    ExecutionId,
)
from shared.paging import Page

_INSERT = """
WITH released AS (
    INSERT INTO executions
        (execution_id, customer_id, approval_id, deliverable_id, credential_ref, agent_id, correlation_id,
         action, action_hash, kind, provider, symbol, side, size, reduce_only, notional, client_order_id,
         state, execute_by, hired_instance_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'released', $18, $20)
)
INSERT INTO execution_events (customer_id, execution_id, state, detail) VALUES ($2, $1, 'released', $19)
"""
_CHANGE = """
WITH changed AS (
    UPDATE executions SET
        state = $3, version = version + 1,
        updated_at = CASE WHEN $4 = '' THEN updated_at ELSE clock_timestamp() END,
        wake_at = coalesce($5, wake_at),
        broker_order_ids = coalesce($6, broker_order_ids),
        filled_size = coalesce($7, filled_size), average_price = coalesce($8, average_price),
        fees = coalesce($9, fees), negative_reads = coalesce($10, negative_reads),
        verified = coalesce($11, verified), settled = coalesce($12, settled), receipt = coalesce($13, receipt)
    WHERE execution_id = $1 AND version = $2
    RETURNING customer_id, execution_id
), event AS (
    INSERT INTO execution_events (customer_id, execution_id, state, detail)
    SELECT customer_id, execution_id, $3, $4 FROM changed WHERE $4 <> ''
)
SELECT count(*) FROM changed
"""
_START_ATTEMPT = """
WITH changed AS (
    UPDATE executions SET state = 'sending', version = version + 1, attempt = attempt + 1,
        attempt_deadline = $3, updated_at = clock_timestamp(), wake_at = $3
    WHERE execution_id = $1 AND version = $2 AND state = 'released' AND execute_by > clock_timestamp()
    RETURNING customer_id, execution_id, attempt
), event AS (
    INSERT INTO execution_events (customer_id, execution_id, state, detail)
    SELECT customer_id, execution_id, 'sending', 'attempt ' || attempt FROM changed
)
INSERT INTO attempts (customer_id, execution_id, attempt, request_hash, deadline)
SELECT customer_id, execution_id, attempt, $4, $3 FROM changed
"""


@dataclass(frozen=True, slots=True)
class NewExecution:
    """Units: `notional` in USD; a post has none."""

    execution_id: ExecutionId
    action: Action
    action_hash: ActionHash
    approval_id: ApprovalId
    deliverable_id: DeliverableId
    agent_id: str
    correlation_id: CorrelationId
    client_order_id: str
    notional: Decimal | None
    execute_by: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What a step found out. None leaves a column as it is; an empty detail writes no event."""

    state: ExecutionState
    detail: str
    wake_at: datetime | None = None
    broker_order_ids: Sequence[str] | None = None
    filled_size: Decimal | None = None
    average_price: Decimal | None = None
    fees: Decimal | None = None
    negative_reads: int | None = None
    verified: bool | None = None
    settled: bool | None = None
    receipt: PostReceipt | None = None


async def insert(session: TenantSession, new: NewExecution, *, detail: str) -> None:
    order = new.action.order if new.action.is_order else None
    await session.connection.execute(
        _INSERT,
        new.execution_id,
        session.customer_id,
        new.approval_id,
        new.deliverable_id,
        new.action.credential_ref,
        new.agent_id,
        new.correlation_id,
        new.action.model_dump(mode="json"),
        new.action_hash,
        new.action.kind,
        new.action.provider,
        order and order.product_symbol,
        order and order.side,
        order and Decimal(order.size),
        order and order.reduce_only,
        new.notional,
        new.client_order_id,
        new.execute_by,
        detail,
        new.action.hired_instance_id,
    )


async def change(session: TenantSession, held: HeldExecution, wanted: Change) -> bool:
    """Compare-and-set on the version; False when somebody else has moved the execution since."""
    changed = await session.connection.fetchval(
        _CHANGE,
        held.execution_id,
        held.version,
        wanted.state,
        wanted.detail,
        wanted.wake_at,
        list(wanted.broker_order_ids) if wanted.broker_order_ids is not None else None,
        wanted.filled_size,
        wanted.average_price,
        wanted.fees,
        wanted.negative_reads,
        wanted.verified,
        wanted.settled,
        wanted.receipt.model_dump(mode="json") if wanted.receipt else None,
    )
    return changed == 1


async def start_attempt(
    session: TenantSession, held: HeldExecution, *, deadline: datetime, request_hash: str
) -> bool:
    """Write the attempt that precedes the socket; False when the execution moved on or its time is over."""
    tag = await session.connection.execute(
        _START_ATTEMPT, held.execution_id, held.version, deadline, request_hash
    )
    return tag == "INSERT 0 1"


async def ids_of_others(session: TenantSession, held: HeldExecution) -> frozenset[str]:
    """The venue's ids of what the account's other executions led to."""
    rows = await session.connection.fetch(
        "SELECT unnest(broker_order_ids) AS id FROM executions WHERE credential_ref = $1 AND execution_id <> $2",
        held.credential_ref,
        held.execution_id,
    )
    return frozenset(row["id"] for row in rows)


async def insert_fills(session: TenantSession, held: HeldExecution, fills: Sequence[Fill]) -> None:
    await session.connection.executemany(
        "INSERT INTO fills (credential_ref, fill_id, customer_id, execution_id, size, price, fee, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        [
            (
                held.credential_ref,
                f.fill_id,
                held.customer_id,
                held.execution_id,
                f.size,
                f.price,
                f.fee,
                f.at,
            )
            for f in fills
        ],
    )


async def find(session: Session, execution_id: UUID) -> HeldExecution | None:
    row = await session.connection.fetchrow("SELECT * FROM executions WHERE execution_id = $1", execution_id)
    return _to_held(row) if row else None


def released_by(approval_id: UUID) -> Lookup[HeldExecution | None]:
    return Lookup(
        "SELECT e FROM executions e WHERE approval_id = $1",
        (approval_id,),
        lambda row: _to_held(row) if row else None,
    )


async def show(session: Session, execution_id: UUID) -> Execution | None:
    row = await session.connection.fetchrow("SELECT * FROM executions WHERE execution_id = $1", execution_id)
    if row is None:
        return None
    events = await session.connection.fetch(
        "SELECT at, state, detail FROM execution_events WHERE execution_id = $1 ORDER BY at", execution_id
    )
    return _to_shown(row, tuple(TimelineEntry.model_validate(dict(event)) for event in events))


async def list_newest(session: Session, *, customer_id: CustomerId | None, page: Page) -> list[Execution]:
    rows = await session.connection.fetch(
        "SELECT * FROM executions WHERE ($1::uuid IS NULL OR customer_id = $1)"
        " AND ($2::uuid IS NULL OR execution_id < $2) ORDER BY execution_id DESC LIMIT $3",
        customer_id,
        page.before,
        page.fetch_limit,
    )
    return [_to_shown(row, ()) for row in rows]


async def claim_overdue(session: OversightSession, *, overdue_by: timedelta, limit: int) -> list[Row]:
    """Take executions whose next step is late (their worker died) and push their wake-up ahead."""
    return await session.connection.fetch(
        "UPDATE executions SET wake_at = clock_timestamp() + $1::interval WHERE execution_id IN ("
        " SELECT execution_id FROM executions WHERE NOT settled AND wake_at < clock_timestamp() - $1::interval"
        " ORDER BY wake_at LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING customer_id, execution_id, correlation_id",
        overdue_by,
        limit,
    )


def _to_held(row: Row) -> HeldExecution:
    values: dict[str, Any] = {name: row[name] for name in HeldExecution.__dataclass_fields__}
    values["action"] = Action.model_validate(row["action"])
    values["state"] = ExecutionState(row["state"])
    values["broker_order_ids"] = tuple(row["broker_order_ids"])
    return HeldExecution(**values)


def _to_shown(row: Row, timeline: tuple[TimelineEntry, ...]) -> Execution:
    elsewhere = {"timeline": timeline, "hired_instance_id": row["action"].get("hired_instance_id")}
    columns = {name: row[name] for name in Execution.model_fields if name not in elsewhere}
    return Execution.model_validate({**columns, **elsewhere})
