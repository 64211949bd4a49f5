"""The outbox table, all messages together: how many wait, since when, and which were given up."""

from typing import NamedTuple

from shared.db import OversightSession
from shared.outbox.model import MessageKind

_MEASURE = """
SELECT
    (SELECT count(*) FROM outbox WHERE delivered_at IS NULL AND NOT dead) AS waiting,
    (SELECT count(*) FROM outbox WHERE dead AND answer IS NULL) AS given_up,
    (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8
     FROM outbox WHERE delivered_at IS NULL AND NOT dead) AS oldest_s
"""
_WITHDRAW = """
UPDATE outbox SET dead = true, leased_until = NULL, last_error = $2, answer = jsonb_build_object('reason', $2::text)
WHERE kind = $1 AND delivered_at IS NULL AND NOT dead
"""


class Backlog(NamedTuple):
    """`given_up` has had no answer from Plant in a day of trying; a refusal is an answer. Units: seconds."""

    waiting: int
    given_up: int
    oldest_s: float


async def measure(session: OversightSession) -> Backlog:
    row = await session.connection.fetchrow(_MEASURE)
    assert row is not None
    return Backlog(row["waiting"], row["given_up"], row["oldest_s"])


async def withdraw(session: OversightSession, kind: MessageKind, *, reason: str) -> None:
    """Send no message of this kind that waits."""
    await session.connection.execute(_WITHDRAW, kind, reason)
