"""What a customer does with goals: set, change, delete, run one now, and see what came of them."""

from uuid import UUID

from plant.deliverables import actions as deliverables
from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.goals import store
from plant.goals.model import MOST_GOALS, NewGoal, due_after, problems_of, schedule_of, shown_schedule
from plant.hired_agents import reading as hired_agents
from plant.hired_agents.model import HiredInstanceId, Instance
from plant.scheduler import actions as scheduler
from plant.scheduler.actions import RunFilter
from plant.scheduler.model import NewRun
from shared.clock import utc_now
from shared.contracts.goals import Goal, GoalList, GoalRequest, GoalRun, GoalRunList, GoalRunRequest, RunState
from shared.contracts.hired_agents import InstanceState
from shared.contracts.trading import DeliverableList, DeliverableState
from shared.db import Database, TenantSession
from shared.errors import PlatformError, invalid_fields, not_found, wrong_state
from shared.identity import Identity
from shared.ids import CorrelationId, CustomerId, uuid7
from shared.paging import Page, cut_page


async def list_goals(
    database: Database, customer_id: CustomerId, instance_id: HiredInstanceId, *, page: Page
) -> GoalList:
    """Raises: PlatformError 404, 410."""
    async with database.tenant(customer_id) as session:
        await hired_agents.open_instance(session, instance_id)
        found = await store.list_newest(session, hired_instance_id=instance_id, page=page)
    items, cursor = cut_page(found, page, id_of=lambda goal: goal.goal_id)
    return GoalList(items=tuple(items), next_cursor=cursor)


async def put_goal(
    database: Database,
    instance_id: HiredInstanceId,
    *,
    goal_id: UUID | None,
    request: GoalRequest,
    customer_id: CustomerId,
    caller: Identity,
) -> Goal:
    """Keep a goal: a new one or, of a version that is named, the change of one.

    Raises: PlatformError 404; 409 for an agent that is no more, or not yet, at work and for another version;
        422 with everything that is wrong with it.
    """
    async with database.tenant(customer_id) as session:
        instance = await hired_agents.open_live(session, instance_id)
        if instance.stored.state is InstanceState.DRAFT:
            raise wrong_state("The hired agent is a draft; finalize it first.")
        problems = problems_of(request, definition=instance.definition)
        if problems:
            raise invalid_fields(*problems)
        held = goal_id and await store.hold(session, goal_id, hired_instance_id=instance_id)
        wanted = _wanted(instance, request, goal_id=goal_id or uuid7(), before=held or None)
        goal = await (_change(session, held, wanted, request) if held else _add(session, wanted, request))
        await _record(session, goal, instance, caller, kind="goal.set")
    return goal


async def delete_goal(
    database: Database,
    instance_id: HiredInstanceId,
    goal_id: UUID,
    *,
    customer_id: CustomerId,
    caller: Identity,
) -> Goal:
    """Its runs stay to be seen. Raises: PlatformError 404, 409, 410."""
    async with database.tenant(customer_id) as session:
        instance = await hired_agents.open_live(session, instance_id)
        goal = await _get(session, goal_id, instance_id)
        await store.delete(session, goal_id, hired_instance_id=instance_id)
        await _record(session, goal, instance, caller, kind="goal.deleted")
    return goal


async def run_now(
    database: Database,
    instance_id: HiredInstanceId,
    goal_id: UUID,
    *,
    request: GoalRunRequest,
    customer_id: CustomerId,
    caller: Identity,
) -> GoalRun:
    """Run a goal now, whatever its frequency; the same key again answers with the same run.

    Raises: PlatformError 404; 409 for an agent that is not at work; 410.
    """
    async with database.tenant(customer_id) as session:
        instance = await hired_agents.open_live(session, instance_id)
        if instance.stored.state is not InstanceState.ACTIVE:
            raise wrong_state(f"The hired agent is {instance.stored.state}; only an active one runs goals.")
        goal = await _get(session, goal_id, instance_id)
        new = NewRun(
            goal_id=goal_id,
            customer_id=customer_id,
            hired_instance_id=instance_id,
            due_at=utc_now(),
            client_key=request.key,
            correlation_id=CorrelationId(caller.correlation_id),
        )
        run = await scheduler.enqueue(session, new)
        if run.run_id == new.run_id:
            await _record(session, goal, instance, caller, kind="goal.run_asked_for", run_id=str(run.run_id))
    return run


async def list_runs(
    database: Database,
    customer_id: CustomerId,
    instance_id: HiredInstanceId,
    *,
    goal_id: UUID | None,
    state: RunState | None,
    page: Page,
) -> GoalRunList:
    """Raises: PlatformError 404, 410."""
    async with database.tenant(customer_id) as session:
        await hired_agents.open_instance(session, instance_id)
        wanted = RunFilter(hired_instance_id=instance_id, goal_id=goal_id, state=state)
        return await scheduler.list_runs(session, wanted, page=page)


async def get_run(
    database: Database, customer_id: CustomerId, instance_id: HiredInstanceId, run_id: UUID
) -> GoalRun:
    """The run with its trace. Raises: PlatformError 404, 410."""
    async with database.tenant(customer_id) as session:
        await hired_agents.open_instance(session, instance_id)
        return await scheduler.get_run(session, run_id, hired_instance_id=instance_id)


async def list_deliverables(
    database: Database,
    customer_id: CustomerId,
    instance_id: HiredInstanceId,
    *,
    state: DeliverableState | None,
    page: Page,
) -> DeliverableList:
    """Raises: PlatformError 404, 410."""
    async with database.tenant(customer_id) as session:
        await hired_agents.open_instance(session, instance_id)
    return await deliverables.list_own(
        database, customer_id, state=state, page=page, hired_instance_id=instance_id
    )


def _wanted(instance: Instance, request: GoalRequest, *, goal_id: UUID, before: Goal | None) -> NewGoal:
    """A change that leaves the times as they are leaves the next run as it is too."""
    schedule = schedule_of(request, timezone=instance.timezone)
    due_at = due_after(schedule, paused=request.paused, now=utc_now())
    if before is not None and due_at is not None and shown_schedule(before) == schedule:
        due_at = before.next_due_at or due_at
    return NewGoal(
        goal_id=goal_id,
        hired_instance_id=instance.hired_instance_id,
        template_id=request.template_id,
        schedule=schedule,
        settings=request.settings,
        paused=request.paused,
        next_due_at=due_at,
    )


async def _add(session: TenantSession, wanted: NewGoal, request: GoalRequest) -> Goal:
    if request.version is not None:
        raise not_found("goal")
    if await store.count(session, hired_instance_id=wanted.hired_instance_id) >= MOST_GOALS:
        raise wrong_state(f"A hired agent has at most {MOST_GOALS} goals; delete one first.")
    added = await store.insert(session, wanted)
    if added is None:
        raise not_found("goal")
    return added


async def _change(session: TenantSession, held: Goal, wanted: NewGoal, request: GoalRequest) -> Goal:
    if request.version != held.version:
        raise _version_conflict()
    return await store.change(session, wanted)


async def _get(session: TenantSession, goal_id: UUID, instance_id: HiredInstanceId) -> Goal:
    found = await store.hold(session, goal_id, hired_instance_id=instance_id)
    if found is None:
        raise not_found("goal")
    return found


async def _record(
    session: TenantSession, goal: Goal, instance: Instance, caller: Identity, *, kind: str, **facts: str
) -> None:
    subject = Subject(session.customer_id, caller.correlation_id, caller.actor, instance.stored.agent_type_id)
    named = {
        "goal_id": str(goal.goal_id),
        "hired_instance_id": str(goal.hired_instance_id),
        "template_id": goal.template_id,
        "version": goal.version,
    }
    await evidence.record_event(session, subject=subject, kind=kind, facts={**named, **facts})


def _version_conflict() -> PlatformError:
    detail = "The goal was changed meanwhile, or its version was not sent; reload it and try again."
    return wrong_state(detail, reason="version_conflict")
