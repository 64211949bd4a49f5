"""Ticks that turn due goals into runs, the life of a run, and what operators see of it.

Any number of ticks may run at once: a due goal is held by one of them, and its runs, their jobs and its next due
time are written in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pydantic import JsonValue

from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.scheduler import jobs, store
from plant.scheduler.model import GRACE, MAX_ATTEMPTS, HeldRun, NewRun, make_runs, wait_s
from shared.contracts.goals import GoalRun, GoalRunList, RunState, SchedulerHealth
from shared.db import Database, OversightSession, TenantSession
from shared.errors import not_found, wrong_state
from shared.identity import Identity
from shared.ids import CorrelationId, CustomerId
from shared.paging import Page, cut_page

BATCH = 200
_ACTOR = "service:scheduler"


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs are wanted; None: any."""

    customer_id: CustomerId | None = None
    hired_instance_id: UUID | None = None
    goal_id: UUID | None = None
    state: RunState | None = None


async def tick(database: Database, *, grace: timedelta = GRACE) -> int:
    """Turn all goals that are due into runs; return how many there were. Costs nothing for those that are not."""
    total = 0
    while True:
        count = await _tick_batch(database, grace=grace)
        total += count
        if count < BATCH:
            return total


async def revive_overdue(database: Database, *, overdue_by_s: float) -> int:
    """Leave a new job for each run whose worker died, or whose job was lost; return how many."""
    async with database.oversight(actor=_ACTOR) as session:
        return await store.revive(session, overdue_by=timedelta(seconds=overdue_by_s), limit=BATCH)


async def enqueue(session: TenantSession, run: NewRun) -> GoalRun:
    """Add a run with its job; the run with the same client's key, if there is one, is answered with instead."""
    await store.insert_runs(session, [run])
    found = await (
        store.find_by_key(session, run.goal_id, run.client_key)
        if run.client_key
        else store.find(session, run.run_id)
    )
    assert found is not None
    return found


async def begin(
    database: Database, customer_id: CustomerId, run_id: UUID, *, lease_s: float
) -> HeldRun | None:
    """Begin an attempt; None when there is nothing to do, or another attempt is under way.

    Units: the lease is how long nobody else begins one, in seconds.
    """
    async with database.tenant(customer_id) as session:
        return await store.begin(session, run_id, lease=timedelta(seconds=lease_s))


async def end(
    session: TenantSession,
    held: HeldRun,
    *,
    state: RunState,
    error: str | None = None,
    trace: Mapping[str, JsonValue] | None = None,
) -> bool:
    """Requires: the transaction of all that the run made; False: it must roll back."""
    return await store.end(session, held, state=state, error=error, trace=trace)


async def retry(session: TenantSession, held: HeldRun, *, error: str) -> RunState:
    """Leave a job for another attempt or, after the last one, the run as dead."""
    if held.attempts >= MAX_ATTEMPTS:
        await store.end(session, held, state=RunState.DEAD, error=error, trace=None)
        return RunState.DEAD
    wait = timedelta(seconds=wait_s(held.attempts))
    at = await store.wait_for_retry(session, held, error=error, wait=wait)
    if at is not None:
        await jobs.defer_run(
            session,
            customer_id=held.customer_id,
            run_id=held.run_id,
            correlation_id=held.correlation_id,
            at=at,
        )
    return RunState.QUEUED


async def run_again(session: OversightSession, run_id: UUID, *, caller: Identity) -> GoalRun:
    """Raises: PlatformError 404, or 409 for a run that is not dead."""
    run = await store.run_again(session, run_id)
    if run is None:
        found = await store.find(session, run_id)
        if found is None:
            raise not_found("goal run")
        raise wrong_state(f"The run is {found.state}; only a dead one can be run again.")
    customer_id = CustomerId(run.customer_id)
    await jobs.defer_run(
        session, customer_id=customer_id, run_id=run_id, correlation_id=CorrelationId(run.correlation_id)
    )
    subject = Subject(customer_id, caller.correlation_id, caller.actor)
    facts = {"run_id": str(run_id), "hired_instance_id": str(run.hired_instance_id)}
    await evidence.record_event(session, subject=subject, kind="goal_run.run_again", facts=facts)
    return run


async def get_run(session: TenantSession, run_id: UUID, *, hired_instance_id: UUID) -> GoalRun:
    """Raises: PlatformError 404."""
    found = await store.find(session, run_id)
    if found is None or found.hired_instance_id != hired_instance_id:
        raise not_found("goal run")
    return found


async def list_runs(
    session: TenantSession | OversightSession, wanted: RunFilter, *, page: Page
) -> GoalRunList:
    found = await store.list_newest(
        session,
        page=page,
        customer_id=wanted.customer_id,
        hired_instance_id=wanted.hired_instance_id,
        goal_id=wanted.goal_id,
        state=wanted.state,
    )
    items, cursor = cut_page(found, page, id_of=lambda run: run.run_id)
    return GoalRunList(items=tuple(items), next_cursor=cursor)


async def read_health(session: OversightSession) -> SchedulerHealth:
    return await store.read_health(session)


async def _tick_batch(database: Database, *, grace: timedelta) -> int:
    async with database.oversight(actor=_ACTOR) as session:
        due, now = await store.claim_due(session, limit=BATCH)
        if now is not None:
            await store.write_ticked(session, [make_runs(goal, now=now, grace=grace) for goal in due])
    return len(due)
