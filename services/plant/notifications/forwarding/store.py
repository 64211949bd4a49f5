"""Table notifications, as the customer portal takes from it what goes to channels outside."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.contracts.notification_channels import ClaimedNotification
from shared.db import TenantSession

_CLAIM = """
WITH due AS (
    SELECT notification_id FROM notifications
    WHERE customer_id = $1 AND created_at >= $2 AND forwarded_at IS NULL AND read_at IS NULL
      AND (forward_leased_until IS NULL OR forward_leased_until < clock_timestamp())
    ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE notifications n SET forward_leased_until = clock_timestamp() + make_interval(secs => $4)
FROM due WHERE n.notification_id = due.notification_id
RETURNING n.notification_id, n.summary, n.link
"""


async def claim(
    session: TenantSession, *, since: datetime, limit: int, lease_s: float
) -> list[ClaimedNotification]:
    rows = await session.connection.fetch(_CLAIM, session.customer_id, since, limit, lease_s)
    return [ClaimedNotification.model_validate(dict(row)) for row in rows]


async def mark_forwarded(session: TenantSession, notification_ids: Sequence[UUID]) -> int:
    """Return how many were not marked before."""
    tag = await session.connection.execute(
        "UPDATE notifications SET forwarded_at = clock_timestamp()"
        " WHERE customer_id = $1 AND notification_id = ANY($2::uuid[]) AND forwarded_at IS NULL",
        session.customer_id,
        notification_ids,
    )
    return int(tag.removeprefix("UPDATE "))
