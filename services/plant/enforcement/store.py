"""Tables kill_switches and kill_switch_changes. They are the platform's, not a customer's."""

from shared.contracts.evidence import KillSwitch
from shared.db import Lookup, OversightSession, Session
from shared.ids import CorrelationId

_PUT = """
WITH change AS (
    INSERT INTO kill_switch_changes (scope, engaged, reason, actor, correlation_id) VALUES ($1, $2, $3, $4, $5)
)
INSERT INTO kill_switches (scope, engaged, reason, actor) VALUES ($1, $2, $3, $4)
ON CONFLICT (scope) DO UPDATE SET engaged = $2, reason = $3, actor = $4, changed_at = now()
RETURNING scope, engaged, reason, actor, changed_at
"""

_LOCK = 0x6B696C6C  # an advisory lock, since switches that have never been engaged have no row to lock


async def hold_switches(session: Session) -> None:
    """Make whoever changes a switch wait for this transaction. A statement of its own: the next one sees all."""
    await session.connection.execute(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")


async def wait_for_readers(session: OversightSession, *, patience_ms: int) -> None:
    """Wait until every transaction that has read the switches has ended.

    Raises: (at the session's end) PlatformError 503 when one has not ended in time.
    """
    await session.connection.execute(f"SET LOCAL lock_timeout = {patience_ms:d}")
    await session.connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")


async def orders_in_flight(session: OversightSession) -> int:
    """How many orders have their permit and a signature that is still good, and no answer yet."""
    return await session.connection.fetchval(
        "SELECT count(*) FROM executions WHERE state = 'sending' AND attempt_deadline > clock_timestamp()"
    )


def engaged_scopes(scopes: list[str]) -> Lookup[tuple[str, ...]]:
    return Lookup(
        "SELECT array_agg(scope ORDER BY scope) FROM kill_switches WHERE engaged AND scope = ANY($1)",
        (scopes,),
        lambda found: tuple(found or ()),
    )


async def put(
    session: OversightSession, *, scope: str, engaged: bool, reason: str, correlation_id: CorrelationId
) -> KillSwitch:
    row = await session.connection.fetchrow(_PUT, scope, engaged, reason, session.actor, correlation_id)
    assert row is not None
    return KillSwitch.model_validate(dict(row))


async def list_all(session: OversightSession) -> list[KillSwitch]:
    rows = await session.connection.fetch("SELECT * FROM kill_switches ORDER BY scope")
    return [KillSwitch.model_validate(dict(row)) for row in rows]
