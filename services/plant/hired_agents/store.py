"""Table hired_agents, and what the hub shows of an instance's work."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from plant.hired_agents.model import HiredInstanceId, InstanceFilter, SetGoal, Stored
from plant.subscriptions.model import FIELDS, Subscription, SubscriptionId, subscription_of
from shared.contracts.agent_types import JsonObject
from shared.contracts.hired_agents import InstanceState
from shared.db import Row, Session, TenantSession
from shared.ids import CustomerId, uuid7
from shared.paging import Page

_OF_SUBSCRIPTION = ", ".join(f"s.{name} AS s_{name}" for name in FIELDS)
_SELECT = f"SELECT h.*, {_OF_SUBSCRIPTION} FROM hired_agents h JOIN subscriptions s USING (subscription_id)"  # noqa: S608  constants
_FIND = f"{_SELECT} WHERE h.hired_instance_id = $1"
_FIND_BY_SUBSCRIPTION = f"{_SELECT} WHERE h.subscription_id = $1"
_LIST = f"""
{_SELECT}
WHERE ($1::uuid IS NULL OR h.customer_id = $1) AND ($2::uuid IS NULL OR h.hired_instance_id < $2)
  AND (s.retained_until IS NULL OR s.retained_until > now())
  AND ($4::text IS NULL OR h.agent_type_id = $4) AND ($5::text IS NULL OR h.state = $5)
ORDER BY h.hired_instance_id DESC LIMIT $3
"""
_INSERT = """
INSERT INTO hired_agents
    (hired_instance_id, customer_id, subscription_id, agent_type_id, agent_type_version, config, state)
VALUES ($1, $2, $3, $4, $5, $6, 'draft') ON CONFLICT (subscription_id) DO NOTHING
RETURNING hired_instance_id
"""
_CHANGE = """
UPDATE hired_agents SET config = $3, agent_type_version = $4, state = $5, version = version + 1, updated_at = now()
WHERE hired_instance_id = $1 AND version = $2
"""
_WORK = """
SELECT h.hired_instance_id,
    (SELECT count(*) FROM goal_runs r WHERE r.hired_instance_id = h.hired_instance_id AND r.state = 'done') AS done,
    (SELECT count(*) FROM deliverables d WHERE d.hired_instance_id = h.hired_instance_id
        AND d.state = 'pending_review' AND d.expires_at > now()) AS waiting,
    u.tasks, u.cost
FROM unnest($1::uuid[]) AS h (hired_instance_id)
LEFT JOIN instance_usage u ON u.hired_instance_id = h.hired_instance_id
    AND u.month = date_trunc('month', now() AT TIME ZONE 'UTC')::date
"""
_GOALS = "SELECT goal_id, template_id, settings FROM goals WHERE hired_instance_id = $1 AND NOT deleted"


@dataclass(frozen=True, slots=True)
class New:
    subscription: Subscription
    agent_type_version: int
    config: JsonObject


async def find(session: Session, hired_instance_id: HiredInstanceId) -> Stored | None:
    row = await session.connection.fetchrow(_FIND, hired_instance_id)
    return _to_stored(row) if row else None


async def find_by_subscription(session: TenantSession, subscription_id: SubscriptionId) -> Stored | None:
    row = await session.connection.fetchrow(_FIND_BY_SUBSCRIPTION, subscription_id)
    return _to_stored(row) if row else None


async def list_newest(session: Session, wanted: InstanceFilter, *, page: Page) -> list[Stored]:
    rows = await session.connection.fetch(
        _LIST, wanted.customer_id, page.before, page.fetch_limit, wanted.agent_type_id, wanted.state
    )
    return [_to_stored(row) for row in rows]


async def insert(session: TenantSession, new: New) -> HiredInstanceId | None:
    """None when the subscription has its hired agent already."""
    return await session.connection.fetchval(
        _INSERT,
        uuid7(),
        session.customer_id,
        new.subscription.subscription_id,
        new.subscription.agent_type_id,
        new.agent_type_version,
        new.config,
    )


async def change(session: TenantSession, wanted: Stored, *, version: int) -> bool:
    """Write configuration, type version and state; False when it is not at this version any more."""
    tag = await session.connection.execute(
        _CHANGE, wanted.hired_instance_id, version, wanted.config, wanted.agent_type_version, wanted.state
    )
    return tag == "UPDATE 1"


async def load_work(session: Session, instances: list[HiredInstanceId]) -> Mapping[UUID, Row]:
    """Shape: done, waiting, tasks, cost of this month (None: nothing yet), by instance."""
    rows = await session.connection.fetch(_WORK, instances)
    return {row["hired_instance_id"]: row for row in rows}


async def list_goals(session: TenantSession, hired_instance_id: HiredInstanceId) -> list[SetGoal]:
    rows = await session.connection.fetch(_GOALS, hired_instance_id)
    return [SetGoal(row["goal_id"], row["template_id"], row["settings"]) for row in rows]


def _to_stored(row: Row) -> Stored:
    return Stored(
        hired_instance_id=HiredInstanceId(row["hired_instance_id"]),
        customer_id=CustomerId(row["customer_id"]),
        subscription=subscription_of({name: row[f"s_{name}"] for name in FIELDS}),
        agent_type_id=row["agent_type_id"],
        agent_type_version=row["agent_type_version"],
        config=row["config"],
        state=InstanceState(row["state"]),
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
