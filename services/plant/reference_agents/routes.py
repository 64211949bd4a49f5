"""HTTP for the reference agents: list them, run one."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request, Response

from plant.enforcement import actions as enforcement
from plant.execution import actions as executions
from plant.reference_agents import actions
from plant.reference_agents.actions import Run
from plant.reference_agents.model import CATALOGUE
from shared.contracts.trading import (
    DraftRunResponse,
    ExecutedRunResponse,
    ReferenceAgentList,
    RunRequest,
)
from shared.web.body import submitted_json
from shared.web.identity import CallerCustomer, CallerIdentity

router = APIRouter(prefix="/api/v1/reference-agents", tags=["reference agents"])


async def _submitted(request: Request, agent_id: str, caller: CallerIdentity) -> dict[str, Any]:
    """The body as it came, after the refs-only hook has looked at it; before it is parsed into fields."""
    body = await submitted_json(request)
    wiring = request.app.state.wiring
    await enforcement.refuse_raw_secrets(
        wiring.database, submitted=body, caller=caller, trust=wiring.trust, agent_id=agent_id
    )
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


@router.get("")
async def list_reference_agents() -> ReferenceAgentList:
    return ReferenceAgentList(items=tuple(CATALOGUE.values()))


@router.post("/{agent_id}/run", responses={202: {"model": ExecutedRunResponse}})
async def run_reference_agent(
    request: Request,
    response: Response,
    agent_id: str,
    wanted: RunRequest,
    submitted: Annotated[dict[str, Any], Depends(_submitted)],
    customer_id: CallerCustomer,
    caller: CallerIdentity,
) -> DraftRunResponse | ExecutedRunResponse:
    wiring = request.app.state.wiring
    agent = actions.get_agent(agent_id)
    run = Run(agent, wanted, submitted, caller, customer_id)
    outcome = await actions.start_run(wiring.desk, run)
    if isinstance(outcome, DraftRunResponse):
        return outcome
    execution = await executions.get(wiring.database, customer_id, outcome.execution_id)
    status = executions.run_status(execution)
    response.status_code = 202 if status == "executing" else 200
    return ExecutedRunResponse(
        agent_id=agent.agent_id,
        agent_type=agent.agent_type,
        status=status,
        deliverable_id=outcome.deliverable_id,
        execution=execution,
        replayed=outcome.replayed,
    )
