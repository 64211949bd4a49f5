"""Keeping what the customer portal says of subscriptions, and asking whether one lives."""

from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.subscriptions import store
from plant.subscriptions.model import Life, Subscription, SubscriptionId
from shared.clock import utc_now
from shared.contracts.hired_agents import SubscriptionNotice
from shared.db import Database, Session
from shared.errors import PlatformError, not_allowed, not_found, wrong_state
from shared.identity import Identity
from shared.ids import CustomerId
from shared.keys import Issuer


async def keep(database: Database, notice: SubscriptionNotice, *, caller: Identity) -> None:
    """Raises: PlatformError 403 when another portal, or one in another customer's matter, announces it."""
    if caller.issuer is not Issuer.CP or notice.customer_id != caller.customer_id:
        raise not_allowed("The customer portal announces subscriptions, for the customer of its token.")
    customer_id = CustomerId(notice.customer_id)
    async with database.tenant(customer_id) as session:
        if await store.upsert(session, notice):
            subject = Subject(customer_id, caller.correlation_id, caller.actor, notice.agent_type_id)
            facts = notice.model_dump(mode="json", exclude={"customer_id", "agent_type_id"})
            await evidence.record_event(session, subject=subject, kind="subscription.changed", facts=facts)


async def get(session: Session, subscription_id: SubscriptionId) -> Subscription:
    """Raises: PlatformError 404, 410 `subscription_gone`."""
    found = await store.find(session, subscription_id)
    if found is None:
        raise not_found("subscription")
    check_readable(found)
    return found


def check_readable(subscription: Subscription) -> None:
    """Raises: PlatformError 410 `subscription_gone`."""
    if subscription.life(utc_now()) is Life.GONE:
        detail = "The subscription has ended, and the time for which its data is kept is over."
        raise PlatformError(410, "subscription_gone", detail)


def check_live(subscription: Subscription) -> None:
    """Raises: PlatformError 409 `subscription_ended`, 410 `subscription_gone`."""
    check_readable(subscription)
    if subscription.life(utc_now()) is not Life.LIVE:
        detail = "The subscription has ended: what belongs to it can be read, not changed. Subscribe anew."
        raise wrong_state(detail, reason="subscription_ended")
