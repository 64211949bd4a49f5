"""Where a customer stands with their plan; the gate asks before anything costs."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.metering import store
from plant.metering.model import DEFAULT_PLAN, PLANS, InstanceStanding, Standing
from shared.clock import utc_now
from shared.contracts.evidence import Entitlement, EntitlementRequest
from shared.db import Database, Lookup, TenantSession, look_up
from shared.errors import FieldError, invalid_fields
from shared.identity import Identity
from shared.ids import CustomerId

Limits = tuple[str, datetime | None, int | None, Decimal | None]


async def hold_standing(session: TenantSession, hired_instance_id: UUID | None = None) -> Lookup[Standing]:
    """From now on the next to ask waits until the transaction ends; the lookup reads where the customer stands.

    A customer without an entitlement starts the default plan now. With a hired agent named, its own plan is read too.
    """
    row = await store.lock(session)
    if row is None:
        await _start_default_plan(session)
        row = await store.lock(session)
        assert row is not None
    limits = row["plan"], row["trial_ends_at"], row["task_limit"], row["budget_limit"]
    used = evidence.usage_this_month(session.customer_id)
    if hired_instance_id is None:
        return Lookup(used.sql, used.args, lambda row: Standing(*limits, *used.parse(row)))
    both = store.beside_instance(used, hired_instance_id)
    return Lookup(both.sql, both.args, lambda row: _standing(limits, *both.parse(row)))


async def standing(session: TenantSession, hired_instance_id: UUID | None = None) -> Standing:
    """Where the customer stands, until the transaction ends: the next to ask waits for it."""
    held = await hold_standing(session, hired_instance_id)
    return (await look_up(session, held))[held]


async def count_for_instance(
    session: TenantSession, hired_instance_id: UUID, *, cost: Decimal, tasks: int = 1
) -> None:
    """Count what a hired agent used, beside its customer's usage event. Requires: the transaction of that event."""
    await store.count(session, hired_instance_id, tasks=tasks, cost=cost)


async def show(database: Database, customer_id: CustomerId) -> Entitlement:
    async with database.tenant(customer_id) as session:
        now = await standing(session)
    return Entitlement(
        customer_id=customer_id,
        plan=now.plan,
        trial_ends_at=now.trial_ends_at,
        tasks_used=now.tasks_used,
        task_limit=now.task_limit,
        budget_used=now.cost_used,
        budget_limit=now.budget_limit,
    )


async def put_on_plan(
    database: Database, customer_id: CustomerId, *, wanted: EntitlementRequest, caller: Identity
) -> Entitlement:
    """Raises: PlatformError 422 for a plan that does not exist."""
    plan = PLANS.get(wanted.plan)
    if plan is None:
        raise invalid_fields(FieldError("plan", f"must be one of {', '.join(PLANS)}"))
    async with database.tenant(customer_id) as session:
        await store.put(
            session,
            plan=wanted.plan,
            trial_ends_at=wanted.trial_ends_at or _trial_end(plan.trial_days),
            task_limit=plan.task_limit if wanted.task_limit is None else wanted.task_limit,
            budget_limit=plan.budget_limit_usd if wanted.budget_limit is None else wanted.budget_limit,
        )
        subject = Subject(customer_id, caller.correlation_id, caller.actor)
        facts = wanted.model_dump(mode="json")
        await evidence.record_event(session, subject=subject, kind="entitlement.changed", facts=facts)
    return await show(database, customer_id)


def _standing(limits: Limits, used: tuple[int, Decimal], instance: InstanceStanding | None) -> Standing:
    return Standing(*limits, *used, instance)


async def _start_default_plan(session: TenantSession) -> None:
    plan = PLANS[DEFAULT_PLAN]
    await store.insert_if_new(
        session,
        plan=DEFAULT_PLAN,
        trial_ends_at=_trial_end(plan.trial_days),
        task_limit=plan.task_limit,
        budget_limit=plan.budget_limit_usd,
    )


def _trial_end(trial_days: int | None) -> datetime | None:
    return None if trial_days is None else utc_now() + timedelta(days=trial_days)
