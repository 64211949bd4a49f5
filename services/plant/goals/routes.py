"""HTTP for goals: customers set and delete them, run them now, and see their runs and what those delivered."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from plant.goals import actions
from plant.hired_agents.model import HiredInstanceId
from shared.contracts.goals import (
    Goal,
    GoalList,
    GoalRequest,
    GoalRun,
    GoalRunList,
    GoalRunRequest,
    NewGoalRequest,
    RunState,
)
from shared.contracts.trading import DeliverableList, DeliverableState
from shared.web.identity import CallerCustomer, CallerIdentity
from shared.web.paging import ThePage
from shared.web.params import PathId

_PREFIX = "/api/v1/hired-agents/{hired_instance_id}"
written = APIRouter(prefix=_PREFIX, tags=["goals"])
router = APIRouter(prefix=_PREFIX, tags=["goals"])


@written.put("/goals")
async def put_any_goal(
    request: Request,
    hired_instance_id: PathId,
    body: NewGoalRequest,
    customer_id: CallerCustomer,
    caller: CallerIdentity,
) -> Goal:
    return await actions.put_goal(
        request.app.state.wiring.database,
        HiredInstanceId(hired_instance_id),
        goal_id=body.goal_id,
        request=body,
        customer_id=customer_id,
        caller=caller,
    )


@written.put("/goals/{goal_id}")
async def put_goal(
    request: Request,
    hired_instance_id: PathId,
    goal_id: PathId,
    body: GoalRequest,
    customer_id: CallerCustomer,
    caller: CallerIdentity,
) -> Goal:
    return await actions.put_goal(
        request.app.state.wiring.database,
        HiredInstanceId(hired_instance_id),
        goal_id=goal_id,
        request=body,
        customer_id=customer_id,
        caller=caller,
    )


@written.post("/goals/{goal_id}/run")
async def run_goal(
    request: Request,
    hired_instance_id: PathId,
    goal_id: PathId,
    body: GoalRunRequest,
    customer_id: CallerCustomer,
    caller: CallerIdentity,
) -> GoalRun:
    return await actions.run_now(
        request.app.state.wiring.database,
        HiredInstanceId(hired_instance_id),
        goal_id,
        request=body,
        customer_id=customer_id,
        caller=caller,
    )


@router.get("/goals")
async def list_goals(
    request: Request, hired_instance_id: PathId, customer_id: CallerCustomer, page: ThePage
) -> GoalList:
    instance_id = HiredInstanceId(hired_instance_id)
    return await actions.list_goals(request.app.state.wiring.database, customer_id, instance_id, page=page)


@router.delete("/goals/{goal_id}")
async def delete_goal(
    request: Request,
    hired_instance_id: PathId,
    goal_id: PathId,
    customer_id: CallerCustomer,
    caller: CallerIdentity,
) -> Goal:
    return await actions.delete_goal(
        request.app.state.wiring.database,
        HiredInstanceId(hired_instance_id),
        goal_id,
        customer_id=customer_id,
        caller=caller,
    )


@router.get("/goals/{goal_id}/runs")
async def list_runs_of_goal(
    request: Request,
    hired_instance_id: PathId,
    goal_id: PathId,
    customer_id: CallerCustomer,
    page: ThePage,
    state: Annotated[RunState | None, Query()] = None,
) -> GoalRunList:
    return await actions.list_runs(
        request.app.state.wiring.database,
        customer_id,
        HiredInstanceId(hired_instance_id),
        goal_id=goal_id,
        state=state,
        page=page,
    )


@router.get("/runs")
async def list_runs(
    request: Request,
    hired_instance_id: PathId,
    customer_id: CallerCustomer,
    page: ThePage,
    state: Annotated[RunState | None, Query()] = None,
) -> GoalRunList:
    return await actions.list_runs(
        request.app.state.wiring.database,
        customer_id,
        HiredInstanceId(hired_instance_id),
        goal_id=None,
        state=state,
        page=page,
    )


@router.get("/runs/{run_id}")
async def get_run(
    request: Request, hired_instance_id: PathId, run_id: PathId, customer_id: CallerCustomer
) -> GoalRun:
    database = request.app.state.wiring.database
    return await actions.get_run(database, customer_id, HiredInstanceId(hired_instance_id), run_id)


@router.get("/deliverables")
async def list_deliverables(
    request: Request,
    hired_instance_id: PathId,
    customer_id: CallerCustomer,
    page: ThePage,
    state: Annotated[DeliverableState | None, Query()] = None,
) -> DeliverableList:
    return await actions.list_deliverables(
        request.app.state.wiring.database,
        customer_id,
        HiredInstanceId(hired_instance_id),
        state=state,
        page=page,
    )
