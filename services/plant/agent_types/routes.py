"""HTTP for agent types: everybody reads the published ones, operators author them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from plant.agent_types import actions
from shared.contracts.agent_types import (
    AgentType,
    AgentTypeDefinition,
    AgentTypeId,
    AgentTypeList,
    DefinitionReport,
    JsonObject,
)
from shared.paging import DEFAULT_LIMIT, MAX_LIMIT
from shared.web.identity import CallerIdentity, OperatorIdentity

router = APIRouter(prefix="/api/v1/agent-types", tags=["agent types"])
authoring = APIRouter(prefix="/internal/v1/agent-types", tags=["agent type authoring"])

PathType = Annotated[AgentTypeId, Path(description="An agent type, like trading.delta_futures.v1.")]
Version = Annotated[int, Path(ge=1, le=2_000_000_000)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str | None, Query(max_length=200, pattern=r"^[a-z0-9_.:]+$")]


@router.get("")
async def list_agent_types(
    request: Request, caller: CallerIdentity, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> AgentTypeList:
    database = request.app.state.wiring.database
    return await actions.list_published(database, caller=caller, after=cursor, limit=limit)


@router.get("/{agent_type_id}")
async def get_agent_type(
    request: Request,
    agent_type_id: PathType,
    caller: CallerIdentity,
    version: Annotated[int | None, Query(ge=1, le=2_000_000_000)] = None,
) -> AgentType:
    database = request.app.state.wiring.database
    return await actions.get(database, agent_type_id, version=version, caller=caller)


@authoring.get("")
async def list_versions(
    request: Request,
    caller: OperatorIdentity,
    agent_type_id: Annotated[AgentTypeId | None, Query()] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> AgentTypeList:
    return await actions.list_versions(
        request.app.state.wiring.database,
        agent_type_id=agent_type_id,
        cursor=cursor,
        limit=limit,
        caller=caller,
        purpose=request.url.path,
    )


@authoring.post("/validate")
async def validate_definition(
    request: Request, definition: JsonObject, _caller: OperatorIdentity
) -> DefinitionReport:
    return actions.validate(definition, skills=request.app.state.wiring.skills)


@authoring.put("/{agent_type_id}/draft")
async def put_draft(
    request: Request, agent_type_id: PathType, definition: AgentTypeDefinition, caller: OperatorIdentity
) -> AgentType:
    return await actions.put_draft(
        request.app.state.wiring.database,
        agent_type_id,
        definition=definition,
        caller=caller,
        purpose=request.url.path,
    )


@authoring.post("/{agent_type_id}/publish")
async def publish(request: Request, agent_type_id: PathType, caller: OperatorIdentity) -> AgentType:
    wiring = request.app.state.wiring
    return await actions.publish(
        wiring.database, agent_type_id, skills=wiring.skills, caller=caller, purpose=request.url.path
    )


@authoring.post("/{agent_type_id}/versions/{version}/retire")
async def retire(
    request: Request, agent_type_id: PathType, version: Version, caller: OperatorIdentity
) -> AgentType:
    return await actions.retire(
        request.app.state.wiring.database,
        agent_type_id,
        version=version,
        caller=caller,
        purpose=request.url.path,
    )
