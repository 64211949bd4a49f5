"""Tables notification_channels and notification_deliveries."""

from collections.abc import Sequence
from uuid import UUID

from cp_backend.notifications.model import LEASE_S, FollowedSince, HeldDelivery, SealedChannel, wait_s
from shared.contracts.notification_channels import ChannelDelivery, ClaimedNotification, NotificationChannel
from shared.db import OversightSession, Row, Session, TenantSession
from shared.ids import CustomerId, uuid7
from shared.paging import Page
from shared.vault.envelope import Envelope, WrappedKey

_SHOWN = "channel_id, scheme, url_last4, created_at, updated_at"
_UPSERT = f"""
INSERT INTO notification_channels
    (channel_id, customer_id, version, scheme, url_last4, key_version, wrapped_key, ciphertext)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (channel_id) DO UPDATE SET version = excluded.version, scheme = excluded.scheme,
    url_last4 = excluded.url_last4, key_version = excluded.key_version, wrapped_key = excluded.wrapped_key,
    ciphertext = excluded.ciphertext, updated_at = now()
RETURNING {_SHOWN}
"""  # noqa: S608  our own column names
_LIST = f"""
SELECT {_SHOWN} FROM notification_channels
WHERE customer_id = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR channel_id < $2)
ORDER BY channel_id DESC LIMIT $3
"""  # noqa: S608  our own column names
_DELETE = """
UPDATE notification_channels SET deleted_at = now(), key_version = NULL, wrapped_key = NULL, ciphertext = NULL
WHERE channel_id = $1 AND deleted_at IS NULL
"""
_DROP_WAITING = """
UPDATE notification_deliveries SET state = 'given_up', last_error = 'the channel was deleted', settled_at = now()
WHERE channel_id = $1 AND state = 'queued'
"""
_DELIVERIES = """
SELECT delivery_id, notification_id, state, attempts, last_error, created_at, settled_at
FROM notification_deliveries
WHERE channel_id = $1 AND ($2::uuid IS NULL OR delivery_id < $2) ORDER BY delivery_id DESC LIMIT $3
"""
_FOLLOWERS = """
SELECT customer_id, min(created_at) AS since FROM notification_channels
WHERE deleted_at IS NULL AND ($1::uuid IS NULL OR customer_id > $1)
GROUP BY customer_id ORDER BY customer_id LIMIT $2
"""
_KEEP = """
INSERT INTO notification_deliveries (delivery_id, notification_id, channel_id, customer_id, summary, link)
SELECT $1, $2, $3, $4, $5, $6 ON CONFLICT (notification_id, channel_id) DO NOTHING
"""
_CLAIM = """
WITH due AS (
    SELECT delivery_id FROM notification_deliveries WHERE state = 'queued' AND next_attempt_at <= now()
    ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE notification_deliveries d
SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $2)
FROM due, notification_channels c
WHERE d.delivery_id = due.delivery_id AND c.channel_id = d.channel_id AND c.deleted_at IS NULL
RETURNING d.delivery_id, d.attempts, d.summary, d.link, c.*
"""
_SETTLE = """
UPDATE notification_deliveries SET state = $3, last_error = $4, settled_at = CASE WHEN $3 <> 'queued' THEN now() END,
    next_attempt_at = now() + make_interval(secs => $5)
WHERE delivery_id = $1 AND attempts = $2 AND state = 'queued'
"""


async def find(session: Session, channel_id: UUID) -> SealedChannel | None:
    row = await session.connection.fetchrow(
        "SELECT * FROM notification_channels WHERE channel_id = $1 AND deleted_at IS NULL FOR UPDATE",
        channel_id,
    )
    return _to_channel(row) if row else None


async def count(session: Session, customer_id: CustomerId) -> int:
    """Requires: the transaction that adds one; others of the customer's wait for it."""
    await session.connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", str(customer_id)
    )
    return await session.connection.fetchval(
        "SELECT count(*) FROM notification_channels WHERE customer_id = $1 AND deleted_at IS NULL",
        customer_id,
    )


async def keep_channel(session: Session, channel: SealedChannel) -> NotificationChannel:
    row = await session.connection.fetchrow(
        _UPSERT,
        channel.channel_id,
        channel.customer_id,
        channel.version,
        channel.scheme,
        channel.last4,
        channel.envelope.key.key_version,
        channel.envelope.key.wrapped,
        channel.envelope.ciphertext,
    )
    assert row is not None
    return NotificationChannel.model_validate(dict(row))


async def list_channels(
    session: Session, customer_id: CustomerId, *, page: Page
) -> list[NotificationChannel]:
    rows = await session.connection.fetch(_LIST, customer_id, page.before, page.fetch_limit)
    return [NotificationChannel.model_validate(dict(row)) for row in rows]


async def delete(session: Session, channel_id: UUID) -> bool:
    tag = await session.connection.execute(_DELETE, channel_id)
    await session.connection.execute(_DROP_WAITING, channel_id)
    return tag == "UPDATE 1"


async def list_deliveries(session: Session, channel_id: UUID, *, page: Page) -> list[ChannelDelivery]:
    rows = await session.connection.fetch(_DELIVERIES, channel_id, page.before, page.fetch_limit)
    return [ChannelDelivery.model_validate(dict(row)) for row in rows]


async def list_followers(
    session: OversightSession, *, after: CustomerId | None, limit: int
) -> list[FollowedSince]:
    rows = await session.connection.fetch(_FOLLOWERS, after, limit)
    return [FollowedSince(CustomerId(row["customer_id"]), row["since"]) for row in rows]


async def keep_deliveries(session: TenantSession, news: Sequence[ClaimedNotification]) -> None:
    """One for each channel that the customer has now; one that is kept already stays as it is."""
    rows = await session.connection.fetch(
        "SELECT channel_id FROM notification_channels WHERE deleted_at IS NULL AND customer_id = $1",
        session.customer_id,
    )
    await session.connection.executemany(
        _KEEP,
        [
            (uuid7(), one.notification_id, row["channel_id"], session.customer_id, one.summary, one.link)
            for one in news
            for row in rows
        ],
    )


async def claim(session: OversightSession, *, limit: int) -> list[HeldDelivery]:
    rows = await session.connection.fetch(_CLAIM, limit, LEASE_S)
    return [
        HeldDelivery(row["delivery_id"], row["attempts"], row["summary"], row["link"], _to_channel(row))
        for row in rows
    ]


async def settle(session: OversightSession, held: HeldDelivery, *, error: str | None) -> None:
    """Delivered without an error; with one it waits, or is given up after the last attempt."""
    state = "delivered" if error is None else "given_up" if held.is_last_attempt else "queued"
    await session.connection.execute(
        _SETTLE, held.delivery_id, held.attempts, state, error, wait_s(held.attempts)
    )


async def list_wrapped_otherwise(
    session: OversightSession, *, key_version: str, limit: int
) -> list[SealedChannel]:
    rows = await session.connection.fetch(
        "SELECT * FROM notification_channels WHERE key_version <> $1 ORDER BY channel_id LIMIT $2",
        key_version,
        limit,
    )
    return [_to_channel(row) for row in rows]


async def replace_wrapping(session: OversightSession, channel: SealedChannel, *, key: WrappedKey) -> None:
    await session.connection.execute(
        "UPDATE notification_channels SET key_version = $3, wrapped_key = $4"
        " WHERE channel_id = $1 AND version = $2 AND ciphertext IS NOT NULL",
        channel.channel_id,
        channel.version,
        key.key_version,
        key.wrapped,
    )


def _to_channel(row: Row) -> SealedChannel:
    return SealedChannel(
        channel_id=row["channel_id"],
        customer_id=CustomerId(row["customer_id"]),
        version=row["version"],
        scheme=row["scheme"],
        last4=row["url_last4"],
        envelope=Envelope(WrappedKey(row["key_version"], row["wrapped_key"]), row["ciphertext"]),
    )
