"""Table entitlements: which plan a customer is on, with the limits that hold for them."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from plant.metering.model import InstanceStanding
from shared.db import Lookup, Row, TenantSession, ValueT

_INSTANCE = """
SELECT ROW(s.plan, s.task_limit, s.budget_limit, s.trial_ends_at, s.ends_at, coalesce(u.tasks, 0), coalesce(u.cost, 0))
FROM hired_agents h JOIN subscriptions s USING (subscription_id)
LEFT JOIN instance_usage u ON u.hired_instance_id = h.hired_instance_id
    AND u.month = date_trunc('month', now() AT TIME ZONE 'UTC')::date
WHERE h.hired_instance_id = {instance}
"""
_COUNT = """
INSERT INTO instance_usage (hired_instance_id, customer_id, month, tasks, cost)
VALUES ($1, $2, date_trunc('month', now() AT TIME ZONE 'UTC')::date, $3, $4)
ON CONFLICT (hired_instance_id, month)
DO UPDATE SET tasks = instance_usage.tasks + excluded.tasks, cost = instance_usage.cost + excluded.cost
"""


async def lock(session: TenantSession) -> Row | None:
    """Find the entitlement and hold it: what is counted against it is counted one after another."""
    return await session.connection.fetchrow(
        "SELECT plan, trial_ends_at, task_limit, budget_limit FROM entitlements WHERE customer_id = $1 FOR UPDATE",
        session.customer_id,
    )


async def insert_if_new(
    session: TenantSession,
    *,
    plan: str,
    trial_ends_at: datetime | None,
    task_limit: int | None,
    budget_limit: Decimal | None,
) -> None:
    await session.connection.execute(
        "INSERT INTO entitlements (customer_id, plan, trial_ends_at, task_limit, budget_limit)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        session.customer_id,
        plan,
        trial_ends_at,
        task_limit,
        budget_limit,
    )


async def put(
    session: TenantSession,
    *,
    plan: str,
    trial_ends_at: datetime | None,
    task_limit: int | None,
    budget_limit: Decimal | None,
) -> None:
    await session.connection.execute(
        "INSERT INTO entitlements (customer_id, plan, trial_ends_at, task_limit, budget_limit)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (customer_id) DO UPDATE SET plan = $2, trial_ends_at = $3,"
        " task_limit = $4, budget_limit = $5, updated_at = now()",
        session.customer_id,
        plan,
        trial_ends_at,
        task_limit,
        budget_limit,
    )


def beside_instance(
    used: Lookup[ValueT], hired_instance_id: UUID
) -> Lookup[tuple[ValueT, InstanceStanding | None]]:
    """What was used, and where a hired agent stands; None: the customer has no such hired agent."""
    instance = _INSTANCE.format(instance=f"${len(used.args) + 1}")
    return Lookup(
        f"SELECT ROW(({used.sql}), ({instance}))",
        (*used.args, hired_instance_id),
        lambda row: (used.parse(row[0]), InstanceStanding(*row[1]) if row[1] else None),
    )


async def count(session: TenantSession, hired_instance_id: UUID, *, tasks: int, cost: Decimal) -> None:
    await session.connection.execute(_COUNT, hired_instance_id, session.customer_id, tasks, cost)
