"""Handing notifications to the customer portal, which sends them on: claimed under a lease, then acknowledged.

A claim that is not acknowledged is claimable again; the portal keeps each one once for each channel.
"""

from plant.notifications.forwarding import store
from shared.contracts.notification_channels import (
    Acknowledged,
    AcknowledgeRequest,
    ClaimedNotifications,
    ClaimRequest,
)
from shared.db import Database
from shared.errors import not_allowed
from shared.identity import Identity
from shared.ids import CustomerId
from shared.keys import Issuer

LEASE_S = 30
MOST_CLAIMED = 500


async def claim(
    database: Database, customer_id: CustomerId, request: ClaimRequest, *, caller: Identity
) -> ClaimedNotifications:
    """Raises: PlatformError 403 for a portal that has no channels."""
    _check_customer_portal(caller)
    async with database.tenant(customer_id) as session:
        items = await store.claim(session, since=request.since, limit=MOST_CLAIMED, lease_s=LEASE_S)
    return ClaimedNotifications(items=tuple(items))


async def acknowledge(
    database: Database, customer_id: CustomerId, request: AcknowledgeRequest, *, caller: Identity
) -> Acknowledged:
    """Raises: PlatformError 403."""
    _check_customer_portal(caller)
    async with database.tenant(customer_id) as session:
        return Acknowledged(count=await store.mark_forwarded(session, request.notification_ids))


def _check_customer_portal(caller: Identity) -> None:
    if caller.issuer is not Issuer.CP:
        raise not_allowed("Notifications go to the customer portal.")
