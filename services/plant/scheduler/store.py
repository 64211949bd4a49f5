"""Table goal_runs, and of table goals when each is due next. Runs and their jobs are written in one statement.

What is due is compared with now(): a condition with clock_timestamp() reads the whole index.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import JsonValue

from plant.scheduler.due_times import Schedule
from plant.scheduler.jobs import QUEUE, RUN_GOAL
from plant.scheduler.model import DueGoal, HeldRun, NewRun, Ticked
from shared.contracts.agent_types import Frequency
from shared.contracts.goals import GoalRun, RunState, SchedulerHealth
from shared.db import OversightSession, Row, Session, TenantSession
from shared.ids import CorrelationId, CustomerId
from shared.paging import Page

_SHOWN = (
    "run_id, customer_id, goal_id, hired_instance_id, due_at, state, attempts, error, correlation_id,"
    " created_at, ended_at"
)
# A run that nobody has begun most likely has its job still, in a long queue.
_PATIENCE = 5
_CLAIM_DUE = """
WITH due AS (
    SELECT goal_id, customer_id, hired_instance_id, frequency, timezone, time_of_day, weekday, day_of_month,
        next_due_at
    FROM goals
    WHERE NOT paused AND NOT deleted AND next_due_at <= now()
    ORDER BY next_due_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
SELECT due.*, now() AS now, h.state = 'active' AND (s.ends_at IS NULL OR s.ends_at > now()) AS may_run
FROM due JOIN hired_agents h USING (hired_instance_id) JOIN subscriptions s USING (subscription_id)
"""
_DEFER = f"""
procrastinate_defer_jobs_v1(array_agg(ROW(
    '{QUEUE}', '{RUN_GOAL}', 0, NULL, NULL,
    jsonb_build_object('customer_id', customer_id, 'run_id', run_id, 'correlation_id', correlation_id), NULL
)::procrastinate_job_to_defer_v1))
"""
_SET_NEXT = """
UPDATE goals g SET next_due_at = moved.next_due_at
FROM unnest($1::uuid[], $2::timestamptz[]) AS moved (goal_id, next_due_at) WHERE g.goal_id = moved.goal_id
"""
_INSERT_RUNS = f"""
WITH added AS (
    INSERT INTO goal_runs
        (run_id, customer_id, goal_id, hired_instance_id, due_at, correlation_id, client_key, state, ended_at)
    SELECT run_id, customer_id, goal_id, hired_instance_id, due_at, correlation_id, client_key,
        CASE WHEN missed THEN 'missed' ELSE 'queued' END, CASE WHEN missed THEN clock_timestamp() END
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::uuid[], $7::text[], $8::bool[])
        AS new (run_id, customer_id, goal_id, hired_instance_id, due_at, correlation_id, client_key, missed)
    ON CONFLICT DO NOTHING
    RETURNING customer_id, run_id, correlation_id, state
)
SELECT {_DEFER} FROM added WHERE state = 'queued' HAVING count(*) > 0
"""  # noqa: S608  constants
_BEGIN = """
UPDATE goal_runs SET attempts = attempts + 1, version = version + 1, wake_at = clock_timestamp() + $2::interval
WHERE run_id = $1 AND state = 'queued' AND wake_at <= clock_timestamp()
RETURNING run_id, customer_id, goal_id, hired_instance_id, correlation_id, due_at, attempts, version
"""
_END = """
UPDATE goal_runs SET state = $3, error = $4, trace = $5, version = version + 1, ended_at = clock_timestamp()
WHERE run_id = $1 AND version = $2 AND state = 'queued'
"""
_RETRY = """
UPDATE goal_runs SET error = $3, version = version + 1, wake_at = clock_timestamp() + $4::interval
WHERE run_id = $1 AND version = $2 AND state = 'queued' RETURNING wake_at
"""
_REVIVE = f"""
WITH late AS (
    SELECT run_id FROM goal_runs
    WHERE state = 'queued' AND wake_at <= now() - $1::interval
      AND (attempts > 0 OR wake_at <= now() - {_PATIENCE} * $1::interval)
    ORDER BY wake_at LIMIT $2 FOR UPDATE SKIP LOCKED
), revived AS (
    UPDATE goal_runs r SET wake_at = clock_timestamp() FROM late WHERE r.run_id = late.run_id
    RETURNING r.customer_id, r.run_id, r.correlation_id
), deferred AS (SELECT {_DEFER} FROM revived HAVING count(*) > 0)
SELECT (SELECT count(*) FROM revived) FROM (SELECT 1) one LEFT JOIN deferred ON true
"""  # noqa: S608  constants
_RUN_AGAIN = f"""
UPDATE goal_runs SET state = 'queued', attempts = 0, version = version + 1, wake_at = clock_timestamp(),
    ended_at = NULL
WHERE run_id = $1 AND state = 'dead' RETURNING {_SHOWN}
"""  # noqa: S608  our own column names
_LIST = f"""
SELECT {_SHOWN} FROM goal_runs
WHERE ($1::uuid IS NULL OR customer_id = $1) AND ($2::uuid IS NULL OR hired_instance_id = $2)
  AND ($3::uuid IS NULL OR goal_id = $3) AND ($4::text IS NULL OR state = $4)
  AND ($5::uuid IS NULL OR run_id < $5)
ORDER BY run_id DESC LIMIT $6
"""  # noqa: S608  our own column names
_HEALTH = """
SELECT
    (SELECT ROW(count(*), extract(epoch FROM now() - min(next_due_at))::float8) FROM goals
     WHERE NOT paused AND NOT deleted AND next_due_at <= now()) AS due,
    (SELECT ROW(count(*), extract(epoch FROM now() - min(wake_at))::float8) FROM goal_runs
     WHERE state = 'queued' AND wake_at <= now()) AS queued,
    (SELECT count(*) FROM goal_runs WHERE state = 'dead') AS dead
"""


async def claim_due(session: OversightSession, *, limit: int) -> tuple[list[DueGoal], datetime | None]:
    """Hold the goals that are due, the longest waiting first, passing over those that another tick holds."""
    rows = await session.connection.fetch(_CLAIM_DUE, limit)
    return [_to_due(row) for row in rows], rows[0]["now"] if rows else None


async def write_ticked(session: OversightSession, ticked: Sequence[Ticked]) -> None:
    """Requires: the transaction that claimed them."""
    ids, moments = zip(*((one.goal.goal_id, one.next_due_at) for one in ticked), strict=True)
    await session.connection.execute(_SET_NEXT, ids, moments)
    await insert_runs(session, [run for one in ticked for run in one.runs])


async def insert_runs(session: Session, runs: Sequence[NewRun]) -> None:
    """Add runs, and a job for each that is to be run; a run that is there already is left as it is."""
    if not runs:
        return
    columns = zip(
        *(
            (
                run.run_id,
                run.customer_id,
                run.goal_id,
                run.hired_instance_id,
                run.due_at,
                run.correlation_id,
                run.client_key,
                run.missed,
            )
            for run in runs
        ),
        strict=True,
    )
    await session.connection.execute(_INSERT_RUNS, *columns)


async def begin(session: TenantSession, run_id: UUID, *, lease: timedelta) -> HeldRun | None:
    """Begin an attempt; None when the run has ended, or another attempt is under way."""
    row = await session.connection.fetchrow(_BEGIN, run_id, lease)
    return _to_held(row) if row else None


async def end(
    session: TenantSession,
    held: HeldRun,
    *,
    state: RunState,
    error: str | None,
    trace: Mapping[str, JsonValue] | None,
) -> bool:
    """False when the run has gone on without this attempt; nothing of it may be kept then."""
    tag = await session.connection.execute(
        _END, held.run_id, held.version, state, error, dict(trace) if trace else None
    )
    return tag == "UPDATE 1"


async def wait_for_retry(
    session: TenantSession, held: HeldRun, *, error: str, wait: timedelta
) -> datetime | None:
    return await session.connection.fetchval(_RETRY, held.run_id, held.version, error, wait)


async def revive(session: OversightSession, *, overdue_by: timedelta, limit: int) -> int:
    """Leave a new job for each run that has waited for longer; return how many."""
    return await session.connection.fetchval(_REVIVE, overdue_by, limit)


async def run_again(session: OversightSession, run_id: UUID) -> GoalRun | None:
    row = await session.connection.fetchrow(_RUN_AGAIN, run_id)
    return GoalRun.model_validate(dict(row)) if row else None


async def find(session: Session, run_id: UUID) -> GoalRun | None:
    row = await session.connection.fetchrow(
        f"SELECT {_SHOWN}, trace FROM goal_runs WHERE run_id = $1",  # noqa: S608  our own column names
        run_id,
    )
    return GoalRun.model_validate(dict(row)) if row else None


async def find_by_key(session: TenantSession, goal_id: UUID, key: str) -> GoalRun | None:
    row = await session.connection.fetchrow(
        f"SELECT {_SHOWN} FROM goal_runs WHERE goal_id = $1 AND client_key = $2",  # noqa: S608  our own column names
        goal_id,
        key,
    )
    return GoalRun.model_validate(dict(row)) if row else None


async def list_newest(
    session: Session,
    *,
    page: Page,
    customer_id: CustomerId | None = None,
    hired_instance_id: UUID | None = None,
    goal_id: UUID | None = None,
    state: RunState | None = None,
) -> list[GoalRun]:
    rows = await session.connection.fetch(
        _LIST, customer_id, hired_instance_id, goal_id, state, page.before, page.fetch_limit
    )
    return [GoalRun.model_validate(dict(row)) for row in rows]


async def read_health(session: OversightSession) -> SchedulerHealth:
    row = await session.connection.fetchrow(_HEALTH)
    assert row is not None
    (due, oldest_due_s), (queued, oldest_queued_s) = row["due"], row["queued"]
    return SchedulerHealth(
        due_goals=due,
        oldest_due_s=oldest_due_s or 0,
        queued_runs=queued,
        oldest_queued_s=oldest_queued_s or 0,
        dead_runs=row["dead"],
    )


def _to_due(row: Row) -> DueGoal:
    return DueGoal(
        goal_id=row["goal_id"],
        customer_id=CustomerId(row["customer_id"]),
        hired_instance_id=row["hired_instance_id"],
        schedule=Schedule(
            Frequency(row["frequency"]),
            row["timezone"],
            row["time_of_day"],
            row["weekday"],
            row["day_of_month"],
        ),
        due_at=row["next_due_at"],
        may_run=row["may_run"],
    )


def _to_held(row: Row) -> HeldRun:
    return HeldRun(
        run_id=row["run_id"],
        customer_id=CustomerId(row["customer_id"]),
        goal_id=row["goal_id"],
        hired_instance_id=row["hired_instance_id"],
        correlation_id=CorrelationId(row["correlation_id"]),
        due_at=row["due_at"],
        attempts=row["attempts"],
        version=row["version"],
    )
