"""Table notifications, as the customer portal takes from it what goes to channels outside."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.contracts.notification_channels import ClaimedNotification
from shared.db import OversightSession

_CLAIM = """
WITH due AS (
    SELECT n.notification_id
    FROM notifications n JOIN unnest($1::uuid[], $2::timestamptz[]) AS f (customer_id, since) USING (customer_id)
    WHERE n.forwarded_at IS NULL AND n.read_at IS NULL AND n.created_at >= f.since
      AND (n.forward_leased_until IS NULL OR n.forward_leased_until < clock_timestamp())
    ORDER BY n.notification_id LIMIT $3 FOR UPDATE OF n SKIP LOCKED
)
UPDATE notifications n SET forward_leased_until = clock_timestamp() + make_interval(secs => $4)
FROM due WHERE n.notification_id = due.notification_id
RETURNING n.notification_id, n.customer_id, n.summary, n.link
"""


async def claim(
    session: OversightSession,
    *,
    customer_ids: Sequence[UUID],
    since: Sequence[datetime],
    limit: int,
    lease_s: float,
) -> list[ClaimedNotification]:
    rows = await session.connection.fetch(_CLAIM, customer_ids, since, limit, lease_s)
    return [ClaimedNotification.model_validate(dict(row)) for row in rows]


async def mark_forwarded(session: OversightSession, notification_ids: Sequence[UUID]) -> int:
    """Return how many were not marked before."""
    tag = await session.connection.execute(
        "UPDATE notifications SET forwarded_at = clock_timestamp()"
        " WHERE notification_id = ANY($1::uuid[]) AND forwarded_at IS NULL",
        notification_ids,
    )
    return int(tag.removeprefix("UPDATE "))
