"""Table goals. When each is due next is the scheduler's business, once a goal is kept."""

from uuid import UUID

from plant.goals.model import NewGoal
from shared.contracts.goals import Goal
from shared.db import TenantSession
from shared.paging import Page

_COLUMNS = (
    "goal_id, hired_instance_id, template_id, frequency, time_of_day, weekday, day_of_month, timezone, settings,"
    " version, paused, next_due_at, created_at, updated_at"
)
_INSERT = f"""
INSERT INTO goals
    (goal_id, hired_instance_id, template_id, frequency, timezone, time_of_day, weekday, day_of_month, settings,
     paused, next_due_at, customer_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (goal_id) DO NOTHING RETURNING {_COLUMNS}
"""  # noqa: S608  our own column names
_CHANGE = f"""
UPDATE goals SET template_id = $3, frequency = $4, timezone = $5, time_of_day = $6, weekday = $7,
    day_of_month = $8, settings = $9, paused = $10, next_due_at = $11, version = version + 1, updated_at = now()
WHERE goal_id = $1 AND hired_instance_id = $2 AND NOT deleted RETURNING {_COLUMNS}
"""  # noqa: S608  our own column names
_LIST = f"""
SELECT {_COLUMNS} FROM goals
WHERE hired_instance_id = $1 AND NOT deleted AND ($2::uuid IS NULL OR goal_id < $2)
ORDER BY goal_id DESC LIMIT $3
"""  # noqa: S608  our own column names
_FIND = f"SELECT {_COLUMNS} FROM goals WHERE goal_id = $1 AND hired_instance_id = $2 AND NOT deleted"  # noqa: S608


async def insert(session: TenantSession, new: NewGoal) -> Goal | None:
    """None when there is a goal of this id already, whosever it is."""
    row = await session.connection.fetchrow(_INSERT, *_values(new), session.customer_id)
    return Goal.model_validate(dict(row)) if row else None


async def change(session: TenantSession, new: NewGoal) -> Goal:
    """Requires: the goal was found and held in this transaction."""
    row = await session.connection.fetchrow(_CHANGE, *_values(new))
    assert row is not None
    return Goal.model_validate(dict(row))


async def find(session: TenantSession, goal_id: UUID, *, hired_instance_id: UUID) -> Goal | None:
    row = await session.connection.fetchrow(_FIND, goal_id, hired_instance_id)
    return Goal.model_validate(dict(row)) if row else None


async def hold(session: TenantSession, goal_id: UUID, *, hired_instance_id: UUID) -> Goal | None:
    """Find it and hold its row until the transaction ends."""
    row = await session.connection.fetchrow(f"{_FIND} FOR UPDATE", goal_id, hired_instance_id)
    return Goal.model_validate(dict(row)) if row else None


async def list_newest(session: TenantSession, *, hired_instance_id: UUID, page: Page) -> list[Goal]:
    rows = await session.connection.fetch(_LIST, hired_instance_id, page.before, page.fetch_limit)
    return [Goal.model_validate(dict(row)) for row in rows]


async def count(session: TenantSession, *, hired_instance_id: UUID) -> int:
    return await session.connection.fetchval(
        "SELECT count(*) FROM goals WHERE hired_instance_id = $1 AND NOT deleted", hired_instance_id
    )


async def delete(session: TenantSession, goal_id: UUID, *, hired_instance_id: UUID) -> bool:
    """The row stays, for its runs; False when there is none."""
    tag = await session.connection.execute(
        "UPDATE goals SET deleted = true, next_due_at = NULL, version = version + 1, updated_at = now()"
        " WHERE goal_id = $1 AND hired_instance_id = $2 AND NOT deleted",
        goal_id,
        hired_instance_id,
    )
    return tag == "UPDATE 1"


def _values(new: NewGoal) -> tuple[object, ...]:
    when = new.schedule
    return (
        new.goal_id,
        new.hired_instance_id,
        new.template_id,
        when.frequency,
        when.timezone,
        when.time_of_day,
        when.weekday,
        when.day_of_month,
        new.settings,
        new.paused,
        new.next_due_at,
    )
