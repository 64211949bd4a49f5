"""HTTP for operators: which customers there are; that they looked is recorded."""

from fastapi import APIRouter, Request

from plant.customers import actions
from plant.evidence import actions as evidence
from shared.contracts.customers import CustomerOverviewList
from shared.web.identity import OperatorIdentity
from shared.web.paging import ThePage

router = APIRouter(prefix="/internal/v1/oversight", tags=["oversight"])


@router.get("/customers")
async def list_customers(request: Request, caller: OperatorIdentity, page: ThePage) -> CustomerOverviewList:
    database = request.app.state.wiring.database
    async with evidence.oversee(database, caller=caller, purpose=request.url.path) as session:
        return await actions.list_all(session, page=page)
