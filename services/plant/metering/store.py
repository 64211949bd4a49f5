"""Table entitlements: which plan a customer is on, with the limits that hold for them."""

from datetime import datetime
from decimal import Decimal

from shared.db import Row, TenantSession


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
