"""Running a goal: look up, run the pattern, make deliverables of what it drafted, all of it or nothing of it.

What a run makes is written in one transaction with the run's end, which goes on only from the version that this
attempt began with: however often a run is begun, it ends once.
"""

from collections.abc import Mapping
from uuid import UUID

from pydantic import JsonValue, TypeAdapter, ValidationError

from plant.agents.drafts import DraftDeliverable
from plant.enforcement.hooks import Stage, run_hooks
from plant.enforcement.model import Deny, GateInputs
from plant.evidence import actions as evidence
from plant.evidence.model import Usage
from plant.evidence.usage import actions as usage
from plant.exchange_accounts import actions as exchange_accounts
from plant.goals import store
from plant.goals.making import Made, keep, make
from plant.goals.readers import read_facts
from plant.goals.work import Bench, Work
from plant.hired_agents import reading as hired_agents
from plant.hired_agents.limits import tightened
from plant.hired_agents.model import HiredInstanceId
from plant.metering import actions as metering
from plant.notifications import actions as notifications
from plant.notifications.model import NewNotification
from plant.patterns.capabilities import RunContext
from plant.patterns.errors import PatternInvalid, RunErrorCode
from plant.patterns.orchestrator import PatternRunError, RunResult
from plant.scheduler import actions as scheduler
from plant.scheduler.model import MAX_ATTEMPTS, HeldRun
from shared.clock import utc_now
from shared.contracts.goals import RunState
from shared.contracts.hired_agents import InstanceState
from shared.contracts.notifications import NotificationKind
from shared.contracts.trading import DeliverableState
from shared.db import TenantSession
from shared.denials import DenialReason
from shared.errors import PlatformError, not_found, wrong_state
from shared.ids import CustomerId
from shared.logs import get_logger

_MAY_DO_BETTER = frozenset(
    {
        RunErrorCode.STEP_TIMEOUT,
        RunErrorCode.DEADLINE_EXCEEDED,
        RunErrorCode.AGENT_UNAVAILABLE,
        RunErrorCode.CAPABILITY_FAILED,
    }
)
_FIRST_RETRIED_STATUS = 500
_DRAFTS = TypeAdapter(tuple[DraftDeliverable, ...])


class OvertakenError(Exception):
    """Another attempt has gone on with the run; nothing of this one is kept."""


async def run_goal(bench: Bench, *, customer_id: CustomerId, run_id: UUID) -> None:
    """Make one attempt at a run, if it waits for one."""
    database = bench.desk.database
    held = await scheduler.begin(database, customer_id, run_id, lease_s=bench.lease_s)
    if held is None:
        return
    try:
        await _attempt(bench, held)
    except PatternRunError as error:
        await _settle(bench, held, str(error), again=error.code in _MAY_DO_BETTER, trace=error.trace.record())
    except PlatformError as error:
        await _settle(bench, held, _told(error), again=error.status >= _FIRST_RETRIED_STATUS)
    except (PatternInvalid, ValidationError) as error:
        await _settle(bench, held, f"The skill does not fit this agent: {_first_line(error)}", again=False)
    except OvertakenError:
        get_logger().info("goal_run.overtaken", run_id=str(run_id))


async def _attempt(bench: Bench, held: HeldRun) -> None:
    if held.attempts > MAX_ATTEMPTS:
        raise PlatformError(503, "attempts_used_up", f"{MAX_ATTEMPTS} attempts began and none ended.")
    work = await _load(bench, held)
    pattern = bench.skills.find(work.instance.definition, work.template.skill_binding)
    if pattern is None:
        raise not_found("pattern")
    facts = await read_facts(bench, work)
    context = RunContext(scope=str(held.customer_id), asof=work.started_at)
    result = await bench.orchestrator.run(pattern, inputs=work.inputs(facts), context=context)
    drafts = _DRAFTS.validate_python(result.outputs.get("deliverables"))
    made = [await make(bench, work, draft) for draft in drafts]
    await _finish(bench, work, result, made)


async def _load(bench: Bench, held: HeldRun) -> Work:
    """Raises: PlatformError 403 when the plan has no room, 404, 409 when the goal or its agent are not at work."""
    instance_id = HiredInstanceId(held.hired_instance_id)
    async with bench.desk.database.tenant(held.customer_id) as session:
        instance = await hired_agents.open_live(session, instance_id)
        goal = await store.find(session, held.goal_id, hired_instance_id=instance_id)
        template = instance.definition.template(goal.template_id) if goal else None
        ref = instance.exchange_account
        account = await exchange_accounts.find(session, ref) if ref else None
        denial = await _plan_denial(session, bench, held)
    if goal is None or template is None:
        raise not_found("goal")
    if instance.stored.state is not InstanceState.ACTIVE:
        raise wrong_state(f"The hired agent is {instance.stored.state}; only an active one runs goals.")
    limited = tightened(account, instance) if account else None
    work = Work(held, goal, template, instance, limited, utc_now())
    if denial is not None:
        raise await _deny(bench, work, denial)
    return work


async def _finish(bench: Bench, work: Work, result: RunResult, made: list[Made]) -> None:
    """Everything that the run made, and its end, or nothing of it. Raises: OvertakenError, PlatformError 403."""
    held = work.held
    async with bench.desk.database.tenant(held.customer_id) as session:
        denial = await _plan_denial(session, bench, held)
        if denial is None:
            ended = await scheduler.end(session, held, state=RunState.DONE, trace=result.trace.record())
            if not ended:
                raise OvertakenError
            kept = [await keep(session, work, one, index=index) for index, one in enumerate(made)]
            await _count(session, work, orders=sum(one.order is not None for one in made))
            if kept:
                failed = sum(one.state is DeliverableState.FAILED for one in kept)
                await notifications.notify(session, _news(work, count=len(kept), failed=failed))
    if denial is not None:
        raise await _deny(bench, work, denial)


async def _count(session: TenantSession, work: Work, *, orders: int) -> None:
    """Each order drafted is a task, as with any agent, and was counted with its decision; a run without one is one."""
    standing = await metering.standing(session)
    if not orders:
        details = {"goal_run_id": str(work.held.run_id)}
        task = Usage("goal_run", 1, standing.task_cost, details)
        await usage.record(session, task, subject=work.subject)
    tasks = max(1, orders)
    await metering.count_for_instance(
        session, work.held.hired_instance_id, cost=standing.task_cost * tasks, tasks=tasks
    )


async def _plan_denial(session: TenantSession, bench: Bench, held: HeldRun) -> tuple[str, Deny] | None:
    """Is there room for one more task in the customer's plan, and in the agent's own?"""
    standing = await metering.standing(session, held.hired_instance_id)
    inputs = GateInputs(session.customer_id, utc_now(), bench.desk.trust, standing=standing)
    if standing.instance is None:
        return "before_skill", Deny(
            DenialReason.GATE_UNAVAILABLE, "The hired agent's plan could not be read."
        )
    return run_hooks(Stage.BEFORE_SKILL, inputs)


async def _deny(bench: Bench, work: Work, found: tuple[str, Deny]) -> PlatformError:
    stage, denial = found
    return await evidence.deny(
        bench.desk.database, denial.reason, stage=stage, detail=denial.detail, subject=work.subject
    )


async def _settle(
    bench: Bench, held: HeldRun, error: str, *, again: bool, trace: Mapping[str, JsonValue] | None = None
) -> None:
    """Leave the run for another attempt, or end it as failed; dead, when attempts are used up."""
    async with bench.desk.database.tenant(held.customer_id) as session:
        if again and await scheduler.retry(session, held, error=error) is RunState.QUEUED:
            return
        if not again and not await scheduler.end(
            session, held, state=RunState.FAILED, error=error, trace=trace
        ):
            return
        await notifications.notify(session, _bad_news(held))


def _news(work: Work, *, count: int, failed: int) -> NewNotification:
    name = work.instance.title or work.instance.definition.display_name
    what = (
        f"{count} {'draft waits' if count == 1 else 'drafts wait'} for you"
        if not failed
        else (
            f"{count - failed} of {count} drafts could be made"
            if failed < count
            else "no draft could be made"
        )
    )
    return NewNotification(
        kind=NotificationKind.DRAFT_WAITS if failed < count else NotificationKind.RUN_FAILED,
        subject_id=work.held.run_id,
        summary=f"{name}: {what}",
        link=_link(work.held),
        hired_instance_id=work.held.hired_instance_id,
    )


def _bad_news(held: HeldRun) -> NewNotification:
    return NewNotification(
        kind=NotificationKind.RUN_FAILED,
        subject_id=held.run_id,
        summary="A goal of your agent could not be carried out",
        link=_link(held),
        hired_instance_id=held.hired_instance_id,
    )


def _link(held: HeldRun) -> str:
    return f"/agents/{held.hired_instance_id}/runs/{held.run_id}"


def _told(error: PlatformError) -> str:
    fields = "; ".join(f"{one.field}: {one.message}" for one in error.errors)
    return f"{error.reason}: {fields or error.detail}"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:500]
