"""Hiring an agent, cancelling at the end of the period; Plant is told by the outbox, in the same transaction."""

from collections.abc import Sequence
from datetime import timedelta

from cp_backend.subscriptions import store
from cp_backend.subscriptions.model import Subscription, SubscriptionId, trial_end
from shared.clock import utc_now
from shared.contracts.agent_types import AgentType, HirePlan
from shared.contracts.hired_agents import HireRequest, SubscriptionNotice
from shared.contracts.hired_agents import Subscription as Shown
from shared.db import Session
from shared.errors import FieldError, PlatformError, invalid_fields, not_found
from shared.ids import CustomerId, uuid7
from shared.logs import get_logger
from shared.outbox.actions import deliver_now, post
from shared.outbox.model import MessageKind
from shared.paging import Page
from shared.portal import Portal
from shared.sign_in.party import Party


async def hire(portal: Portal, request: HireRequest, *, by: Party) -> Shown:
    """Raises: PlatformError 422 for a type that is not offered, or a plan that it does not have; 503."""
    plan = await _plan(portal, request, by=by)
    started_at = utc_now()
    new = Subscription(
        subscription_id=SubscriptionId(uuid7()),
        customer_id=CustomerId(by.account_id),
        agent_type_id=request.agent_type_id,
        plan=request.plan,
        task_limit=plan.task_limit,
        budget_limit=plan.budget_limit,
        started_at=started_at,
        trial_ends_at=trial_end(plan, started_at=started_at),
        cancelled_at=None,
        ends_at=None,
        retained_until=None,
        version=1,
    )
    async with by.session(portal.database) as session:
        await store.insert(session, new)
        await _announce(session, new)
    get_logger().info("subscription.started", subscription_id=new.subscription_id, plan=new.plan)
    await deliver_now(portal.outbox, new.subscription_id)
    return show(new)


async def cancel(
    portal: Portal, subscription_id: SubscriptionId, *, retention: timedelta, by: Party
) -> Shown:
    """End it with the period that runs; done twice, it changes nothing. Raises: PlatformError 404, 410."""
    now = utc_now()
    async with by.session(portal.database) as session:
        found = await store.hold(session, subscription_id)
        if found is None:
            raise not_found("subscription")
        if found.is_gone(now):
            raise PlatformError(410, "subscription_gone", "The subscription's data is not kept any more.")
        if found.ends_at is not None:
            return show(found)
        ends_at = found.period_end(now)
        cancelled = await store.cancel(
            session, subscription_id, at=now, ends_at=ends_at, retained_until=ends_at + retention
        )
        await _announce(session, cancelled)
    get_logger().info("subscription.cancelled", subscription_id=subscription_id)
    await deliver_now(portal.outbox, subscription_id)
    return show(cancelled)


async def list_own(portal: Portal, *, page: Page, by: Party) -> Sequence[Subscription]:
    """Up to one more than the page, newest first; those whose retention is over are not shown."""
    async with by.session(portal.database) as session:
        return await store.list_newest(session, customer_id=CustomerId(by.account_id), page=page)


def show(subscription: Subscription) -> Shown:
    return Shown(
        subscription_id=subscription.subscription_id,
        agent_type_id=subscription.agent_type_id,
        plan=subscription.plan,
        task_limit=subscription.task_limit,
        budget_limit=subscription.budget_limit,
        trial_ends_at=subscription.trial_ends_at,
        ends_at=subscription.ends_at,
        retained_until=subscription.retained_until,
        status=subscription.status(utc_now()),
        started_at=subscription.started_at,
        cancelled_at=subscription.cancelled_at,
    )


async def _plan(portal: Portal, request: HireRequest, *, by: Party) -> HirePlan:
    """The plan's limits as the newest published version of the type has them."""
    caller = by.caller(customer_id=by.customer_id)
    try:
        path = f"/api/v1/agent-types/{request.agent_type_id}"
        found = await portal.plant.fetch("GET", path, caller=caller, model=AgentType)
    except PlatformError as error:
        if error.status == 404:
            raise invalid_fields(FieldError("agent_type_id", "is not offered")) from error
        raise
    plans = found.definition.enforcement.plans
    if request.plan not in plans:
        raise invalid_fields(FieldError("plan", f"must be one of {', '.join(plans)}"))
    return plans[request.plan]


async def _announce(session: Session, subscription: Subscription) -> None:
    notice = SubscriptionNotice(
        subscription_id=subscription.subscription_id,
        customer_id=subscription.customer_id,
        agent_type_id=subscription.agent_type_id,
        plan=subscription.plan,
        task_limit=subscription.task_limit,
        budget_limit=subscription.budget_limit,
        trial_ends_at=subscription.trial_ends_at,
        ends_at=subscription.ends_at,
        retained_until=subscription.retained_until,
        version=subscription.version,
    )
    await post(
        session,
        kind=MessageKind.SUBSCRIPTION,
        subject=subscription.subscription_id,
        customer_id=subscription.customer_id,
        method="PUT",
        path=f"/internal/v1/subscriptions/{subscription.subscription_id}",
        body=notice.model_dump(mode="json"),
    )
