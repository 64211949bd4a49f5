"""Tables audit_heads and audit_checkpoints, over all customers."""

from shared.db import OversightSession
from shared.ids import CustomerId

_UNCHECKPOINTED = """
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(first.at)), 0)::float8
FROM audit_heads h
CROSS JOIN LATERAL (
    SELECT coalesce(max(c.seq), 0) AS seq FROM audit_checkpoints c WHERE c.customer_id = h.customer_id
) mark
JOIN audit_log first ON first.customer_id = h.customer_id AND first.seq = mark.seq + 1
WHERE h.seq > mark.seq
"""


async def customers(session: OversightSession) -> list[CustomerId]:
    """Whoever has an audit chain."""
    rows = await session.connection.fetch("SELECT customer_id FROM audit_heads ORDER BY customer_id")
    return [CustomerId(row["customer_id"]) for row in rows]


async def uncheckpointed_s(session: OversightSession) -> float:
    """How long the oldest audit row that no checkpoint covers has been there. Units: seconds."""
    return await session.connection.fetchval(_UNCHECKPOINTED)
