"""Table subscriptions: what the customer portal has announced."""

from plant.subscriptions.model import Subscription, SubscriptionId, subscription_of
from shared.contracts.hired_agents import SubscriptionNotice
from shared.db import Session, TenantSession

_UPSERT = """
INSERT INTO subscriptions
    (subscription_id, customer_id, agent_type_id, plan, task_limit, budget_limit, trial_ends_at, ends_at,
     retained_until, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (subscription_id) DO UPDATE SET
    plan = excluded.plan, task_limit = excluded.task_limit, budget_limit = excluded.budget_limit,
    trial_ends_at = excluded.trial_ends_at, ends_at = excluded.ends_at,
    retained_until = excluded.retained_until, version = excluded.version, updated_at = now()
WHERE subscriptions.version < excluded.version
  AND subscriptions.customer_id = excluded.customer_id
  AND subscriptions.agent_type_id = excluded.agent_type_id
"""


async def upsert(session: TenantSession, notice: SubscriptionNotice) -> bool:
    """Keep the newest version; False when it changed nothing, as an older or repeated announcement does."""
    tag = await session.connection.execute(
        _UPSERT,
        notice.subscription_id,
        notice.customer_id,
        notice.agent_type_id,
        notice.plan,
        notice.task_limit,
        notice.budget_limit,
        notice.trial_ends_at,
        notice.ends_at,
        notice.retained_until,
        notice.version,
    )
    return tag == "INSERT 0 1"


async def find(session: Session, subscription_id: SubscriptionId) -> Subscription | None:
    row = await session.connection.fetchrow(
        "SELECT * FROM subscriptions WHERE subscription_id = $1", subscription_id
    )
    return subscription_of(row) if row else None
