"""Tables executions, execution_events, attempts and fills."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from plant.brokers.model import Fill
from plant.execution.model import HeldExecution
from plant.risk.model import Counters, InFlightOrder
from shared.approvals.action import Action
from shared.contracts.trading import Execution, ExecutionState, TimelineEntry
from shared.db import OversightSession, Row, Session, TenantSession
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
         state, execute_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'released', $18)
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
        verified = coalesce($11, verified), settled = coalesce($12, settled)
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
_NO_EFFECT = "('rejected', 'expired', 'absent', 'vetoed')"
_COUNTED = "SELECT * FROM executions WHERE credential_ref = $1 AND"
_COUNT = f"""
WITH counted AS (
    {_COUNTED} created_at > statement_timestamp() - interval '1 day'
    UNION ALL
    {_COUNTED} NOT settled AND created_at <= statement_timestamp() - interval '1 day'
), midnight AS (
    SELECT date_trunc('day', statement_timestamp() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS utc
)
SELECT
    statement_timestamp() AS now,
    count(*) FILTER (WHERE created_at > statement_timestamp() - interval '1 second') AS orders_last_second,
    count(*) FILTER (WHERE created_at > statement_timestamp() - interval '1 minute') AS orders_last_minute,
    count(*) FILTER (WHERE created_at >= midnight.utc) AS orders_today,
    coalesce(sum(notional) FILTER (WHERE created_at >= midnight.utc AND state NOT IN {_NO_EFFECT}), 0)
        AS notional_today,
    count(*) FILTER (WHERE action_hash = $2 AND state NOT IN {_NO_EFFECT}
        AND created_at > statement_timestamp() - $3::interval) AS same_intent_recent,
    count(*) FILTER (WHERE state = 'unknown' AND symbol = $4 AND side = $5) AS unknown_outcome_same_side,
    coalesce(jsonb_agg(jsonb_build_object(
        'symbol', symbol, 'side', side, 'size', size::text, 'reduce_only', reduce_only
    )) FILTER (WHERE state IN ('released', 'sending', 'unknown')
        OR state NOT IN {_NO_EFFECT} AND updated_at > coalesce($6::timestamptz, '-infinity')), '[]') AS in_flight,
    max(updated_at) FILTER (WHERE state NOT IN {_NO_EFFECT}) AS last_change
FROM counted CROSS JOIN midnight
"""  # noqa: S608  constants


@dataclass(frozen=True, slots=True)
class NewExecution:
    """Units: `notional` in USD."""

    execution_id: ExecutionId
    action: Action
    action_hash: ActionHash
    approval_id: ApprovalId
    deliverable_id: DeliverableId
    agent_id: str
    correlation_id: CorrelationId
    client_order_id: str
    notional: Decimal
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


@dataclass(frozen=True, slots=True)
class RecentActivity:
    """The account's counters, and when its newest order that had an effect last changed."""

    now: datetime
    counters: Counters
    last_change: datetime | None


async def insert(session: TenantSession, new: NewExecution, *, detail: str) -> None:
    params = new.action.params
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
        params.product_symbol,
        params.side,
        Decimal(params.size),
        params.reduce_only,
        new.notional,
        new.client_order_id,
        new.execute_by,
        detail,
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


async def recent_activity(
    session: TenantSession, action: Action, *, duplicate_window: timedelta, snapshot_as_of: datetime | None
) -> RecentActivity:
    params = action.params
    row = await session.connection.fetchrow(
        _COUNT,
        action.credential_ref,
        action.action_hash(),
        duplicate_window,
        params.product_symbol,
        params.side,
        snapshot_as_of,
    )
    assert row is not None
    counters = Counters(
        orders_last_second=row["orders_last_second"],
        orders_last_minute=row["orders_last_minute"],
        orders_today=row["orders_today"],
        notional_today=row["notional_today"],
        same_intent_recent=row["same_intent_recent"],
        unknown_outcome_same_side=row["unknown_outcome_same_side"],
        in_flight=tuple(InFlightOrder.model_validate(entry) for entry in row["in_flight"]),
    )
    return RecentActivity(row["now"], counters, row["last_change"])


async def find(session: Session, execution_id: UUID) -> HeldExecution | None:
    row = await session.connection.fetchrow("SELECT * FROM executions WHERE execution_id = $1", execution_id)
    return _to_held(row) if row else None


async def find_by_approval(session: TenantSession, approval_id: UUID) -> HeldExecution | None:
    row = await session.connection.fetchrow("SELECT * FROM executions WHERE approval_id = $1", approval_id)
    return _to_held(row) if row else None


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
    columns = {name: row[name] for name in Execution.model_fields if name != "timeline"}
    return Execution.model_validate({**columns, "timeline": timeline})
