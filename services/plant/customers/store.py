"""Who is a customer: whoever hired, connected something, or has an audit chain. A page is read by indexes."""

from shared.contracts.customers import CustomerOverview
from shared.db import OversightSession
from shared.paging import Page

_SOURCES = ("subscriptions", "exchange_accounts", "platform_accounts", "audit_heads")
_KNOWN = "\nUNION ".join(
    f"(SELECT DISTINCT customer_id FROM {table} WHERE $1::uuid IS NULL OR customer_id < $1"  # noqa: S608  constants
    " ORDER BY customer_id DESC LIMIT $2)"
    for table in _SOURCES
)
_LIST = f"""
WITH found AS (SELECT customer_id FROM ({_KNOWN}) known ORDER BY customer_id DESC LIMIT $2)
SELECT customer_id,
    (SELECT count(*) FROM hired_agents h WHERE h.customer_id = found.customer_id) AS hired_agents,
    (SELECT count(*) FROM (
        SELECT state, expires_at FROM deliverables d WHERE d.customer_id = found.customer_id
        ORDER BY deliverable_id DESC LIMIT 200
    ) newest WHERE state = 'pending_review' AND expires_at > now()) AS drafts_waiting
FROM found ORDER BY customer_id DESC
"""  # noqa: S608  constants


async def list_newest(session: OversightSession, *, page: Page) -> list[CustomerOverview]:
    """Those who signed up last come first, as their ids tell."""
    rows = await session.connection.fetch(_LIST, page.before, page.fetch_limit)
    return [CustomerOverview.model_validate(dict(row)) for row in rows]
