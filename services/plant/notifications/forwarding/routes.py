"""HTTP for the customer portal itself: claim what is new, say what it keeps."""

from fastapi import APIRouter, Depends, Request

from plant.notifications.forwarding import actions
from shared.contracts.notification_channels import (
    Acknowledged,
    AcknowledgeRequest,
    ClaimedNotifications,
    ClaimRequest,
)
from shared.errors import not_allowed
from shared.identity import ActorType
from shared.keys import Issuer
from shared.web.identity import CallerIdentity


async def only_the_customer_portal(caller: CallerIdentity) -> None:
    """Raises: PlatformError 403."""
    if caller.actor_type is not ActorType.SERVICE or caller.issuer is not Issuer.CP:
        raise not_allowed("This is for the customer portal itself.")


router = APIRouter(
    prefix="/internal/v1/notification-deliveries",
    tags=["notifications"],
    dependencies=[Depends(only_the_customer_portal)],
)


@router.post("/claim")
async def claim(request: Request, body: ClaimRequest) -> ClaimedNotifications:
    return await actions.claim(request.app.state.wiring.database, body)


@router.post("/acknowledge")
async def acknowledge(request: Request, body: AcknowledgeRequest) -> Acknowledged:
    return await actions.acknowledge(request.app.state.wiring.database, body)
