"""Table executions, over all customers: what is unsettled, and how late it is."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from shared.db import OversightSession

_MEASURE = """
SELECT state, count(*) AS open, max(extract(epoch FROM greatest(
    clock_timestamp() - wake_at,
    CASE WHEN state IN ('released', 'sending') THEN clock_timestamp() - created_at END
)))::float8 AS late_s
FROM executions WHERE NOT settled GROUP BY state
"""
_DOUBT = """
WITH before AS (
    SELECT execution_id, state FROM executions
    WHERE NOT settled AND state IN ('released', 'sending', 'unknown') FOR UPDATE
), doubted AS (
    UPDATE executions e SET
        state = 'unknown', version = version + 1, negative_reads = 0,
        attempt_deadline = greatest(attempt_deadline, clock_timestamp() + $1::interval),
        updated_at = clock_timestamp()
    FROM before WHERE e.execution_id = before.execution_id
    RETURNING e.customer_id, e.execution_id, e.correlation_id, e.agent_id, e.kind, e.action_hash, before.state AS was
), events AS (
    INSERT INTO execution_events (customer_id, execution_id, state, detail)
    SELECT customer_id, execution_id, 'unknown', $2 FROM doubted
)
SELECT * FROM doubted
"""
_WAKE = "UPDATE executions SET wake_at = clock_timestamp() WHERE NOT settled"


class Backlog(NamedTuple):
    """Shape: open maps a state to the number of unsettled executions in it. Units: seconds."""

    open: Mapping[str, int]
    late_s: float


class Doubted(NamedTuple):
    """An execution whose outcome is not known any more, and the state that it was in."""

    customer_id: UUID
    execution_id: UUID
    correlation_id: UUID
    agent_id: str
    kind: str
    action_hash: str
    was: str


async def measure(session: OversightSession) -> Backlog:
    rows = await session.connection.fetch(_MEASURE)
    open_by_state = {row["state"]: row["open"] for row in rows}
    return Backlog(open_by_state, max((row["late_s"] for row in rows), default=0.0))


async def put_in_doubt(session: OversightSession, *, signature_life: timedelta, detail: str) -> list[Doubted]:
    """Make unknown whatever may have been sent unseen; absence counts anew, once every signature has run out."""
    rows = await session.connection.fetch(_DOUBT, signature_life, detail)
    return [Doubted(*row) for row in rows]


async def wake_all(session: OversightSession) -> None:
    """Let every unsettled execution be due now, so that it is given a job."""
    await session.connection.execute(_WAKE)
