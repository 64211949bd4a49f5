"""Builds a hired agent of the small agent type."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from plant.hired_agents.model import HiredInstanceId, Instance, KnownRefs, Stored
from plant.subscriptions.model import Subscription, SubscriptionId
from shared.contracts.hired_agents import InstanceState
from shared.ids import CustomerId
from tests.unit.plant.agent_types.create import create_definition

NOW = datetime(2026, 11, 20, tzinfo=UTC)
EXCHANGE_REF, PLATFORM_REF = UUID(int=1), UUID(int=2)
REFS = KnownRefs({EXCHANGE_REF: "delta_exchange_india"}, {PLATFORM_REF: "mastodon"})
CONFIG: dict[str, Any] = {
    "name": "Mina",
    "zone": "Asia/Kolkata",
    "account": str(EXCHANGE_REF),
    "accounts": {"mastodon": str(PLATFORM_REF)},
}


def create_instance(**changes: Any) -> Instance:
    subscription = Subscription(
        SubscriptionId(uuid4()), CustomerId(uuid4()), "office.reminder.v1", "trial", 1, None, None, None, None
    )
    stored = Stored(
        hired_instance_id=HiredInstanceId(uuid4()),
        customer_id=subscription.customer_id,
        subscription=subscription,
        agent_type_id=subscription.agent_type_id,
        agent_type_version=1,
        config=CONFIG | changes,
        state=InstanceState.ACTIVE,
        version=1,
        created_at=NOW,
        updated_at=NOW,
    )
    return Instance(stored, create_definition())
