"""HTTP for deliverables: list, read, reject. Approving is the delivery of a signed approval."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from plant.deliverables import actions
from plant.evidence import actions as evidence
from shared.contracts.trading import Deliverable, DeliverableList, DeliverableState, ReviewRequest
from shared.ids import CustomerId, DeliverableId
from shared.web.identity import CallerCustomer, CallerIdentity, OperatorIdentity
from shared.web.paging import ThePage
from shared.web.params import PathId

router = APIRouter(prefix="/api/v1/deliverables", tags=["deliverables"])
oversight = APIRouter(prefix="/internal/v1/oversight", tags=["oversight"])


@router.get("")
async def list_deliverables(
    request: Request,
    customer_id: CallerCustomer,
    page: ThePage,
    state: Annotated[DeliverableState | None, Query()] = None,
) -> DeliverableList:
    return await actions.list_own(request.app.state.wiring.database, customer_id, state=state, page=page)


@router.get("/{deliverable_id}")
async def get_deliverable(
    request: Request, deliverable_id: PathId, customer_id: CallerCustomer
) -> Deliverable:
    async with request.app.state.wiring.database.tenant(customer_id) as session:
        return await actions.get(session, DeliverableId(deliverable_id))


@router.post("/{deliverable_id}/review")
async def review_deliverable(
    request: Request,
    deliverable_id: PathId,
    review: ReviewRequest,
    _customer_id: CallerCustomer,
    caller: CallerIdentity,
) -> Deliverable:
    database = request.app.state.wiring.database
    return await actions.review(database, DeliverableId(deliverable_id), review=review, caller=caller)


@oversight.get("/deliverables")
async def list_all_deliverables(
    request: Request,
    caller: OperatorIdentity,
    page: ThePage,
    customer_id: UUID | None = None,
    state: Annotated[DeliverableState | None, Query()] = None,
) -> DeliverableList:
    of_customer = CustomerId(customer_id) if customer_id else None
    database = request.app.state.wiring.database
    async with evidence.oversee(database, caller=caller, purpose=request.url.path) as session:
        return await actions.list_all(session, customer_id=of_customer, state=state, page=page)
