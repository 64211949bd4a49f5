"""HTTP for entitlements: a customer sees their own, operators see and set any."""

from fastapi import APIRouter, Request

from plant.metering import actions
from shared.contracts.evidence import Entitlement, EntitlementRequest
from shared.ids import CustomerId
from shared.web.identity import CallerCustomer, OperatorIdentity
from shared.web.params import PathId

router = APIRouter(tags=["entitlements"])


@router.get("/api/v1/entitlement")
async def get_own_entitlement(request: Request, customer_id: CallerCustomer) -> Entitlement:
    return await actions.show(request.app.state.wiring.database, customer_id)


@router.get("/internal/v1/entitlements/{customer_id}")
async def get_entitlement(request: Request, customer_id: PathId, _caller: OperatorIdentity) -> Entitlement:
    return await actions.show(request.app.state.wiring.database, CustomerId(customer_id))


@router.put("/internal/v1/entitlements/{customer_id}")
async def put_entitlement(
    request: Request, customer_id: PathId, wanted: EntitlementRequest, caller: OperatorIdentity
) -> Entitlement:
    database = request.app.state.wiring.database
    return await actions.put_on_plan(database, CustomerId(customer_id), wanted=wanted, caller=caller)
