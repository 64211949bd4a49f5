"""Tables usage_events and usage_totals: use that no decision about an action stands behind."""

from plant.evidence.model import Subject, Usage
from shared.db import TenantSession
from shared.ids import uuid7

_INSERT = """
WITH event AS (
    INSERT INTO usage_events
        (event_id, correlation_id, customer_id, agent_id, kind, action_kind, quantity, cost, details)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)
INSERT INTO usage_totals VALUES ($3, date_trunc('month', now() AT TIME ZONE 'UTC')::date, $7, $8)
ON CONFLICT (customer_id, month)
DO UPDATE SET tasks = usage_totals.tasks + excluded.tasks, cost = usage_totals.cost + excluded.cost
"""


async def insert(session: TenantSession, usage: Usage, *, subject: Subject) -> None:
    await session.connection.execute(
        _INSERT,
        uuid7(),
        subject.correlation_id,
        subject.customer_id,
        subject.agent_id,
        usage.kind,
        subject.action_kind,
        usage.quantity,
        usage.cost,
        dict(usage.details),
    )
