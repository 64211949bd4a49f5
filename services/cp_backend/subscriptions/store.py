"""Table subscriptions of the customer portal, which owns them; Plant is told of each change."""

from datetime import datetime

from cp_backend.subscriptions.model import Subscription, SubscriptionId
from shared.db import Row, Session
from shared.ids import CustomerId
from shared.paging import Page

_INSERT = """
INSERT INTO subscriptions (subscription_id, customer_id, agent_type_id, plan, task_limit, budget_limit,
    started_at, trial_ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_LIST = """
SELECT * FROM subscriptions
WHERE customer_id = $1 AND ($2::uuid IS NULL OR subscription_id < $2)
  AND (retained_until IS NULL OR retained_until > now())
ORDER BY subscription_id DESC LIMIT $3
"""
_CANCEL = """
UPDATE subscriptions SET cancelled_at = $2, ends_at = $3, retained_until = $4, version = version + 1
WHERE subscription_id = $1 RETURNING *
"""


async def insert(session: Session, new: Subscription) -> None:
    await session.connection.execute(
        _INSERT,
        new.subscription_id,
        new.customer_id,
        new.agent_type_id,
        new.plan,
        new.task_limit,
        new.budget_limit,
        new.started_at,
        new.trial_ends_at,
    )


async def hold(session: Session, subscription_id: SubscriptionId) -> Subscription | None:
    """Find it and hold its row until the transaction ends."""
    row = await session.connection.fetchrow(
        "SELECT * FROM subscriptions WHERE subscription_id = $1 FOR UPDATE", subscription_id
    )
    return _to_subscription(row) if row else None


async def list_newest(session: Session, *, customer_id: CustomerId, page: Page) -> list[Subscription]:
    rows = await session.connection.fetch(_LIST, customer_id, page.before, page.fetch_limit)
    return [_to_subscription(row) for row in rows]


async def cancel(
    session: Session,
    subscription_id: SubscriptionId,
    *,
    at: datetime,
    ends_at: datetime,
    retained_until: datetime,
) -> Subscription:
    """Requires: the row, held."""
    row = await session.connection.fetchrow(_CANCEL, subscription_id, at, ends_at, retained_until)
    assert row is not None
    return _to_subscription(row)


def _to_subscription(row: Row) -> Subscription:
    return Subscription(**{name: row[name] for name in Subscription.__dataclass_fields__})
