"""The outbox table: messages wait here in the transaction that caused them, until Plant has answered."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.correlation import current_correlation_id
from shared.db import OversightSession, Row, Session
from shared.ids import CorrelationId, CustomerId, uuid7
from shared.outbox.model import LEASE_S, Message, MessageKind, Settled

_CLAIM = """
WITH due AS (
    SELECT o.message_id FROM outbox o
    WHERE o.delivered_at IS NULL AND NOT o.dead
      AND (o.leased_until IS NULL OR o.leased_until < now())
      AND CASE WHEN $1::uuid IS NULL THEN o.next_attempt_at <= now() ELSE o.subject = $1 END
      AND NOT EXISTS (
          SELECT 1 FROM outbox older
          WHERE older.subject = o.subject AND older.seq < o.seq
            AND older.delivered_at IS NULL AND NOT older.dead)
    ORDER BY o.seq LIMIT $2
    FOR UPDATE OF o SKIP LOCKED
)
UPDATE outbox o SET leased_until = now() + make_interval(secs => $3), attempts = attempts + 1
FROM due WHERE o.message_id = due.message_id
RETURNING o.message_id, o.kind, o.subject, o.customer_id, o.correlation_id, o.method, o.path, o.body, o.attempts
"""


async def insert_message(
    session: Session,
    *,
    kind: MessageKind,
    subject: UUID,
    customer_id: CustomerId,
    method: str,
    path: str,
    body: Mapping[str, Any],
    head_start_s: float,
    is_claimed: bool,
) -> Message:
    """The background loop leaves a new message alone for `head_start_s`, so that the caller delivers first.

    One that is claimed already is as if taken by `claim_messages`, with the head start for its lease.
    """
    row = await session.connection.fetchrow(
        """
        INSERT INTO outbox (message_id, customer_id, correlation_id, kind, subject, method, path, body,
                            next_attempt_at, leased_until, attempts)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, later, CASE WHEN $10 THEN later END, $10::boolean::int
        FROM (SELECT now() + make_interval(secs => $9)) AS head_start (later)
        RETURNING message_id, kind, subject, customer_id, correlation_id, method, path, body, attempts
        """,
        uuid7(),
        customer_id,
        current_correlation_id(),
        kind,
        subject,
        method,
        path,
        dict(body),
        head_start_s,
        is_claimed,
    )
    assert row is not None
    return _message(row)


async def claim_messages(
    session: OversightSession, *, limit: int, subject: UUID | None = None
) -> list[Message]:
    """Lease the oldest waiting message of each subject: of those that are due, or of one subject at once."""
    rows = await session.connection.fetch(_CLAIM, subject, limit, LEASE_S)
    return [_message(row) for row in rows]


async def has_waiting(session: OversightSession, *, subject: UUID) -> bool:
    return await session.connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE subject = $1 AND delivered_at IS NULL AND NOT dead)",
        subject,
    )


async def settle_message(session: OversightSession, settled: Settled) -> bool:
    """Return whether this call settled it; another process may have been faster."""
    result = await session.connection.execute(
        """
        UPDATE outbox
        SET delivered_at = CASE WHEN $2 THEN now() END, dead = NOT $2, answer = $3, leased_until = NULL, last_error = $4
        WHERE message_id = $1 AND delivered_at IS NULL AND NOT dead
        """,
        settled.message.message_id,
        settled.is_delivered,
        dict(settled.answer),
        None if settled.is_delivered else f"refused with {settled.status}",
    )
    return result == "UPDATE 1"


async def postpone_message(
    session: OversightSession, message: Message, *, error: str, wait_s: float, is_dead: bool
) -> None:
    await session.connection.execute(
        """
        UPDATE outbox
        SET leased_until = NULL, last_error = $2, next_attempt_at = now() + make_interval(secs => $3), dead = $4
        WHERE message_id = $1 AND delivered_at IS NULL AND NOT dead
        """,
        message.message_id,
        error,
        wait_s,
        is_dead,
    )


def _message(row: Row) -> Message:
    return Message(
        message_id=row["message_id"],
        kind=MessageKind(row["kind"]),
        subject=row["subject"],
        customer_id=CustomerId(row["customer_id"]),
        correlation_id=CorrelationId(row["correlation_id"]),
        method=row["method"],
        path=row["path"],
        body=row["body"],
        attempts=row["attempts"],
    )
