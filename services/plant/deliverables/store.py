"""Tables deliverables and deliverable_transitions."""

from datetime import datetime
from uuid import UUID

from plant.deliverables.model import NewDeliverable, sources_of
from shared.contracts.trading import Deliverable, DeliverableState, Draft, Transition
from shared.db import OversightSession, Row, Session, TenantSession
from shared.ids import CustomerId, DeliverableId, ExecutionId
from shared.paging import Page

_OF_GOALS = ("kind", "title", "body", "hired_instance_id", "goal_run_id", "scheduled_for")
_INSERT = """
WITH deliverable AS (
    INSERT INTO deliverables
        (deliverable_id, customer_id, agent_id, state, action, action_hash, plan, risk, correlation_id, expires_at,
         kind, title, body, hired_instance_id, goal_run_id, run_index, scheduled_for)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $12, $13, $14, $15, $16, $17, $18)
)
INSERT INTO deliverable_transitions (customer_id, deliverable_id, state, actor) VALUES ($2, $1, $4, $11)
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
_EXPIRE = """
WITH expired AS (
    UPDATE deliverables SET state = $1, updated_at = clock_timestamp() WHERE state = ANY($2)
    RETURNING customer_id, deliverable_id
), noted AS (
    INSERT INTO deliverable_transitions (customer_id, deliverable_id, state, actor, notes)
    SELECT customer_id, deliverable_id, $1, $3, $4 FROM expired
)
SELECT count(*) FROM expired
"""
# It waits for a person, or for its execution, and its time is over. What was only to be read, and was, stays so.
_IS_OVER = """
(state = 'pending_review' OR (state = 'approved' AND action IS NOT NULL)) AND expires_at <= now()
"""
# An approved post with a time is ended by who publishes it, with the reason, and the customer is told.
_CLOCK_ENDS = f"{_IS_OVER} AND NOT (state = 'approved' AND scheduled_for IS NOT NULL)"
_EXPIRE_OVERDUE = f"""
WITH overdue AS (
    SELECT deliverable_id FROM deliverables
    WHERE state IN ('pending_review', 'approved') AND {_CLOCK_ENDS} AND ($3::uuid IS NULL OR deliverable_id = $3)
    ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
), expired AS (
    UPDATE deliverables d SET state = 'expired', updated_at = clock_timestamp()
    FROM overdue WHERE d.deliverable_id = overdue.deliverable_id
    RETURNING d.customer_id, d.deliverable_id
), noted AS (
    INSERT INTO deliverable_transitions (customer_id, deliverable_id, state, actor)
    SELECT customer_id, deliverable_id, 'expired', $1 FROM expired
)
SELECT count(*) FROM expired
"""  # noqa: S608  constants
_STATE = f"CASE WHEN {_IS_OVER} THEN 'expired' ELSE state END"
_FIND = f"""
SELECT *, {_STATE} AS state_now, ARRAY(
    SELECT t FROM deliverable_transitions t WHERE t.deliverable_id = d.deliverable_id ORDER BY t.at
) AS moves
FROM deliverables d WHERE deliverable_id = $1
"""  # noqa: S608  constants
_LIST = f"""
SELECT *, {_STATE} AS state_now FROM deliverables
WHERE ($1::uuid IS NULL OR customer_id = $1)
  AND ($2::text IS NULL OR (state = $2 AND NOT ({_IS_OVER})) OR ($2 = 'expired' AND {_IS_OVER}))
  AND ($3::uuid IS NULL OR deliverable_id < $3) AND ($5::uuid IS NULL OR hired_instance_id = $5)
ORDER BY deliverable_id DESC LIMIT $4
"""  # noqa: S608  constants


async def insert(session: TenantSession, new: NewDeliverable, *, actor: str) -> None:
    await session.connection.execute(
        _INSERT,
        new.deliverable_id,
        new.customer_id,
        new.agent_id,
        new.state,
        new.action.model_dump(mode="json") if new.action else None,
        new.action.action_hash() if new.action else None,
        new.plan.model_dump(mode="json") if new.plan else None,
        new.risk.model_dump(mode="json") if new.risk else None,
        new.correlation_id,
        new.expires_at,
        actor,
        new.kind,
        new.title,
        new.body,
        new.origin and new.origin.hired_instance_id,
        new.origin and new.origin.goal_run_id,
        new.origin and new.origin.index,
        new.scheduled_for,
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
    """Its state is `expired` as soon as its time is over, whether that was written down or not; so in a list."""
    row = await session.connection.fetchrow(_FIND, deliverable_id)
    if row is None:
        return None
    moves = [{name: move[name] for name in Transition.model_fields} for move in row["moves"]]
    return _to_deliverable(row, tuple(map(Transition.model_validate, moves)))


async def expire_waiting(session: OversightSession, *, actor: str, notes: str) -> int:
    """Expire, of all customers, what has not been started; return how many."""
    expired = DeliverableState.EXPIRED
    return await session.connection.fetchval(_EXPIRE, expired, sources_of(expired), actor, notes)


async def expire_overdue(
    session: Session, *, actor: str, limit: int = 1, only: DeliverableId | None = None
) -> int:
    """Expire what nobody decided or used in its time, the longest overdue first; return how many."""
    return await session.connection.fetchval(_EXPIRE_OVERDUE, actor, limit, only)


async def list_newest(
    session: Session,
    *,
    customer_id: CustomerId | None,
    state: str | None,
    page: Page,
    hired_instance_id: UUID | None = None,
) -> list[Deliverable]:
    rows = await session.connection.fetch(
        _LIST, customer_id, state, page.before, page.fetch_limit, hired_instance_id
    )
    return [_to_deliverable(row, ()) for row in rows]


def _to_deliverable(row: Row, transitions: tuple[Transition, ...]) -> Deliverable:
    return Deliverable(
        deliverable_id=row["deliverable_id"],
        customer_id=row["customer_id"],
        agent_id=row["agent_id"],
        state=DeliverableState(row["state_now"]),
        draft=_to_draft(row),
        correlation_id=row["correlation_id"],
        execution_id=row["execution_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        expires_at=row["expires_at"],
        **{name: row[name] for name in _OF_GOALS},
        transitions=transitions,
    )


def _to_draft(row: Row) -> Draft | None:
    if row["action"] is None:
        return None
    return Draft.model_validate({name: row[name] for name in ("action", "action_hash", "plan", "risk")})
