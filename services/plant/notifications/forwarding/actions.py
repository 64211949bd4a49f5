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

LEASE_S = 30
MOST_CLAIMED = 500
_ACTOR = "service:notifications"


async def claim(database: Database, request: ClaimRequest) -> ClaimedNotifications:
    async with database.oversight(actor=_ACTOR) as session:
        items = await store.claim(
            session,
            customer_ids=[one.customer_id for one in request.followers],
            since=[one.since for one in request.followers],
            limit=MOST_CLAIMED,
            lease_s=LEASE_S,
        )
    return ClaimedNotifications(items=tuple(items))


async def acknowledge(database: Database, request: AcknowledgeRequest) -> Acknowledged:
    async with database.oversight(actor=_ACTOR) as session:
        return Acknowledged(count=await store.mark_forwarded(session, request.notification_ids))
