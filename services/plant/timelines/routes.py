"""HTTP for timelines, for operators only; that they looked is recorded."""

from fastapi import APIRouter, Request

from plant.evidence import actions as evidence
from plant.timelines import actions
from shared.contracts.timelines import Timeline
from shared.web.identity import OperatorIdentity
from shared.web.params import PathId

router = APIRouter(prefix="/internal/v1/oversight", tags=["oversight"])


@router.get("/correlations/{correlation_id}")
async def read_correlation(request: Request, correlation_id: PathId, caller: OperatorIdentity) -> Timeline:
    database = request.app.state.wiring.database
    async with evidence.oversee(database, caller=caller, purpose=request.url.path) as session:
        return await actions.of_correlation(session, correlation_id)


@router.get("/hired-agents/{hired_instance_id}/timeline")
async def read_agent(request: Request, hired_instance_id: PathId, caller: OperatorIdentity) -> Timeline:
    database = request.app.state.wiring.database
    async with evidence.oversee(database, caller=caller, purpose=request.url.path) as session:
        return await actions.of_agent(session, hired_instance_id)
