"""HTTP for subscriptions: the customer portal announces them."""

from fastapi import APIRouter, Request

from plant.subscriptions import actions
from shared.contracts.hired_agents import SubscriptionNotice
from shared.errors import FieldError, invalid_fields
from shared.web.identity import PortalIdentity
from shared.web.params import PathId

router = APIRouter(tags=["subscriptions"])


@router.put("/internal/v1/subscriptions/{subscription_id}", status_code=204)
async def put_subscription(
    request: Request, subscription_id: PathId, notice: SubscriptionNotice, caller: PortalIdentity
) -> None:
    if notice.subscription_id != subscription_id:
        raise invalid_fields(FieldError("subscription_id", "must be the one in the path"))
    await actions.keep(request.app.state.wiring.database, notice, caller=caller)
