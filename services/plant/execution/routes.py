"""HTTP for executions: execute an approved deliverable, list, read."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from plant.evidence import actions as evidence
from plant.execution import actions
from shared.contracts.trading import ExecuteRequest, ExecuteResponse, Execution, ExecutionList
from shared.ids import CustomerId, DeliverableId
from shared.web.identity import CallerCustomer, CallerIdentity, OperatorIdentity
from shared.web.paging import ThePage
from shared.web.params import PathId

router = APIRouter(tags=["executions"])
oversight = APIRouter(prefix="/internal/v1/oversight", tags=["oversight"])


@router.post("/api/v1/deliverables/{deliverable_id}/execute", responses={202: {"model": ExecuteResponse}})
async def execute_deliverable(
    request: Request,
    response: Response,
    deliverable_id: PathId,
    wanted: ExecuteRequest,
    customer_id: CallerCustomer,
    caller: CallerIdentity,
) -> ExecuteResponse:
    wiring = request.app.state.wiring
    released = await actions.execute_deliverable(
        wiring.desk, DeliverableId(deliverable_id), request=wanted, caller=caller
    )
    execution = await actions.get(wiring.database, customer_id, released.execution_id)
    response.status_code = 202 if actions.run_status(execution) == "executing" else 200
    return ExecuteResponse(execution=execution, replayed=released.replayed)


@router.get("/api/v1/executions")
async def list_executions(request: Request, customer_id: CallerCustomer, page: ThePage) -> ExecutionList:
    return await actions.list_own(request.app.state.wiring.database, customer_id, page=page)


@router.get("/api/v1/executions/{execution_id}")
async def get_execution(request: Request, execution_id: PathId, customer_id: CallerCustomer) -> Execution:
    return await actions.get(request.app.state.wiring.database, customer_id, execution_id)


@oversight.get("/executions")
async def list_all_executions(
    request: Request, caller: OperatorIdentity, page: ThePage, customer_id: UUID | None = None
) -> ExecutionList:
    of_customer = CustomerId(customer_id) if customer_id else None
    database = request.app.state.wiring.database
    async with evidence.oversee(database, caller=caller, purpose=request.url.path) as session:
        return await actions.list_all(session, customer_id=of_customer, page=page)
