"""HTTP for the customer portal itself, in one customer's matter: claim what is new, say what it keeps."""

from fastapi import APIRouter, Request

from plant.notifications.forwarding import actions
from shared.contracts.notification_channels import (
    Acknowledged,
    AcknowledgeRequest,
    ClaimedNotifications,
    ClaimRequest,
)
from shared.web.identity import CallerCustomer, PortalIdentity

router = APIRouter(prefix="/internal/v1/notification-deliveries", tags=["notifications"])


@router.post("/claim")
async def claim(
    request: Request, body: ClaimRequest, customer_id: CallerCustomer, caller: PortalIdentity
) -> ClaimedNotifications:
    return await actions.claim(request.app.state.wiring.database, customer_id, body, caller=caller)


@router.post("/acknowledge")
async def acknowledge(
    request: Request, body: AcknowledgeRequest, customer_id: CallerCustomer, caller: PortalIdentity
) -> Acknowledged:
    return await actions.acknowledge(request.app.state.wiring.database, customer_id, body, caller=caller)
