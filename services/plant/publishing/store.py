"""Approved posts whose time has come, taken from the table deliverables with a lease."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from shared.db import OversightSession
from shared.ids import ApprovalId, CorrelationId, CustomerId, DeliverableId

_CLAIM = """
WITH due AS (
    SELECT deliverable_id FROM deliverables
    WHERE state = 'approved' AND coalesce(publish_after, scheduled_for) <= now()
    ORDER BY coalesce(publish_after, scheduled_for) LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE deliverables d SET publish_after = clock_timestamp() + $2::interval
FROM due WHERE d.deliverable_id = due.deliverable_id
RETURNING d.deliverable_id, d.customer_id, d.correlation_id, d.hired_instance_id, (
    SELECT a.approval_id FROM approvals a
    WHERE a.deliverable_id = d.deliverable_id AND a.revoked_at IS NULL
) AS approval_id
"""


@dataclass(frozen=True, slots=True)
class DuePost:
    deliverable_id: DeliverableId
    customer_id: CustomerId
    correlation_id: CorrelationId
    hired_instance_id: UUID | None
    approval_id: ApprovalId | None


async def claim_due(session: OversightSession, *, lease: timedelta, limit: int) -> list[DuePost]:
    """Take due posts for the time of the lease; whoever holds one dies, and another takes it after that."""
    rows = await session.connection.fetch(_CLAIM, limit, lease)
    return [
        DuePost(
            DeliverableId(row["deliverable_id"]),
            CustomerId(row["customer_id"]),
            CorrelationId(row["correlation_id"]),
            row["hired_instance_id"],
            _approval_id(row["approval_id"]),
        )
        for row in rows
    ]


def _approval_id(found: UUID | None) -> ApprovalId | None:
    return ApprovalId(found) if found else None
