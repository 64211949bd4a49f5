"""HTTP for changes: the portals ask every second for those who have a page open."""

from fastapi import APIRouter, Request

from plant.changes import actions
from shared.contracts.changes import Changes
from shared.web.identity import CallerCustomer, OperatorIdentity

router = APIRouter(tags=["changes"])


@router.get("/api/v1/changes")
async def list_changes(request: Request, customer_id: CallerCustomer) -> Changes:
    return await actions.of_customer(request.app.state.wiring.database, customer_id)


@router.get("/internal/v1/changes")
async def list_all_changes(request: Request, caller: OperatorIdentity) -> Changes:
    return await actions.of_all(request.app.state.wiring.database, caller=caller)
