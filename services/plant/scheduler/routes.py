"""HTTP for operators: runs of all customers, dead letters run again, the scheduler's health."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from plant.evidence import actions as evidence
from plant.scheduler import actions
from shared.contracts.goals import GoalRun, GoalRunList, RunState, SchedulerHealth
from shared.ids import CustomerId
from shared.web.identity import OperatorIdentity
from shared.web.paging import ThePage
from shared.web.params import PathId

router = APIRouter(prefix="/internal/v1/oversight", tags=["oversight"])


@router.get("/goal-runs")
async def list_all_runs(
    request: Request,
    caller: OperatorIdentity,
    page: ThePage,
    customer_id: UUID | None = None,
    hired_instance_id: UUID | None = None,
    state: Annotated[RunState | None, Query()] = None,
) -> GoalRunList:
    of_customer = CustomerId(customer_id) if customer_id else None
    wanted = actions.RunFilter(of_customer, hired_instance_id, None, state)
    database = request.app.state.wiring.database
    async with evidence.oversee(database, caller=caller, purpose=request.url.path) as session:
        return await actions.list_runs(session, wanted, page=page)


@router.post("/goal-runs/{run_id}/run-again")
async def run_dead_run_again(request: Request, run_id: PathId, caller: OperatorIdentity) -> GoalRun:
    database = request.app.state.wiring.database
    async with evidence.oversee(database, caller=caller, purpose=request.url.path) as session:
        return await actions.run_again(session, run_id, caller=caller)


@router.get("/scheduler")
async def get_scheduler_health(request: Request, caller: OperatorIdentity) -> SchedulerHealth:
    database = request.app.state.wiring.database
    async with evidence.oversee(database, caller=caller, purpose=request.url.path) as session:
        return await actions.read_health(session)
