"""Tables deliverables and deliverable_transitions."""

from datetime import datetime

from plant.deliverables.model import NewDeliverable, sources_of
from shared.contracts.trading import Deliverable, DeliverableState, Draft, Transition
from shared.db import Row, Session, TenantSession
from shared.ids import CustomerId, DeliverableId, ExecutionId
from shared.paging import Page

_INSERT = """
INSERT INTO deliverables
    (deliverable_id, customer_id, agent_id, state, action, action_hash, plan, risk, correlation_id, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_MOVE = """
WITH moved AS (
    UPDATE deliverables SET state = $2, updated_at = clock_timestamp(),
        execution_id = coalesce($5, execution_id), expires_at = coalesce($7, expires_at)
    WHERE deliverable_id = $1 AND state = ANY($6)
    RETURNING customer_id
)
INSERT INTO deliverable_transitions (customer_id, deliverable_id, state, actor, notes)
SELECT customer_id, $1, $2, $3, $4 FROM moved
"""


async def insert(session: TenantSession, new: NewDeliverable, *, actor: str) -> None:
    await session.connection.execute(
        _INSERT,
        new.deliverable_id,
        new.customer_id,
        new.agent_id,
        new.state,
        new.action.model_dump(mode="json"),
        new.action.action_hash(),
        new.plan.model_dump(mode="json") if new.plan else None,
        new.risk.model_dump(mode="json") if new.risk else None,
        new.correlation_id,
        new.expires_at,
    )
    await session.connection.execute(
        "INSERT INTO deliverable_transitions (customer_id, deliverable_id, state, actor) VALUES ($1, $2, $3, $4)",
        new.customer_id,
        new.deliverable_id,
        new.state,
        actor,
    )


async def move(
    session: TenantSession,
    deliverable_id: DeliverableId,
    *,
    to: DeliverableState,
    actor: str,
    notes: str | None = None,
    execution_id: ExecutionId | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Compare-and-set along the transition table; False when the deliverable was not in a state that may."""
    tag = await session.connection.execute(
        _MOVE, deliverable_id, to, actor, notes, execution_id, sources_of(to), expires_at
    )
    return tag == "INSERT 0 1"


async def find(session: Session, deliverable_id: DeliverableId) -> Deliverable | None:
    row = await session.connection.fetchrow(
        "SELECT * FROM deliverables WHERE deliverable_id = $1", deliverable_id
    )
    if row is None:
        return None
    moves = await session.connection.fetch(
        "SELECT at, state, actor, notes FROM deliverable_transitions WHERE deliverable_id = $1 ORDER BY at",
        deliverable_id,
    )
    return _to_deliverable(row, tuple(Transition.model_validate(dict(move)) for move in moves))


async def list_newest(
    session: Session, *, customer_id: CustomerId | None, state: str | None, page: Page
) -> list[Deliverable]:
    sql = """
    SELECT * FROM deliverables
    WHERE ($1::uuid IS NULL OR customer_id = $1) AND ($2::text IS NULL OR state = $2)
      AND ($3::uuid IS NULL OR deliverable_id < $3)
    ORDER BY deliverable_id DESC LIMIT $4
    """
    rows = await session.connection.fetch(sql, customer_id, state, page.before, page.fetch_limit)
    return [_to_deliverable(row, ()) for row in rows]


def _to_deliverable(row: Row, transitions: tuple[Transition, ...]) -> Deliverable:
    return Deliverable(
        deliverable_id=row["deliverable_id"],
        customer_id=row["customer_id"],
        agent_id=row["agent_id"],
        state=DeliverableState(row["state"]),
        draft=Draft.model_validate({name: row[name] for name in ("action", "action_hash", "plan", "risk")}),
        correlation_id=row["correlation_id"],
        execution_id=row["execution_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        expires_at=row["expires_at"],
        transitions=transitions,
    )
