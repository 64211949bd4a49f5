"""HTTP for hired agents. What customers write goes through the router that keeps secrets out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from plant.evidence import actions as evidence
from plant.hired_agents import actions, reading
from plant.hired_agents.model import HiredInstanceId, InstanceFilter
from plant.subscriptions.model import SubscriptionId
from shared.contracts.agent_types import AgentTypeId
from shared.contracts.hired_agents import (
    DraftInstanceRequest,
    FinalizeRequest,
    HiredAgent,
    HiredAgentList,
    HiredAgentSummaryList,
    InstanceState,
    UpgradeReport,
    UpgradeRequest,
)
from shared.ids import CustomerId
from shared.web.identity import CallerCustomer, CallerIdentity, OperatorIdentity
from shared.web.paging import ThePage
from shared.web.params import PathId

written = APIRouter(prefix="/api/v1/hired-agents", tags=["hired agents"])
router = APIRouter(prefix="/api/v1", tags=["hired agents"])
oversight = APIRouter(prefix="/internal/v1/oversight", tags=["oversight"])


@written.put("/draft")
async def put_draft(
    request: Request, body: DraftInstanceRequest, customer_id: CallerCustomer, caller: CallerIdentity
) -> HiredAgent:
    database = request.app.state.wiring.database
    return await actions.put_draft(database, body, customer_id=customer_id, caller=caller)


@written.post("/{hired_instance_id}/finalize")
async def finalize(
    request: Request,
    hired_instance_id: PathId,
    body: FinalizeRequest,
    customer_id: CallerCustomer,
    caller: CallerIdentity,
) -> HiredAgent:
    return await actions.finalize(
        request.app.state.wiring.database,
        HiredInstanceId(hired_instance_id),
        version=body.version,
        customer_id=customer_id,
        caller=caller,
    )


@written.post("/{hired_instance_id}/upgrade")
async def upgrade(
    request: Request,
    hired_instance_id: PathId,
    body: UpgradeRequest,
    customer_id: CallerCustomer,
    caller: CallerIdentity,
) -> HiredAgent:
    return await actions.upgrade(
        request.app.state.wiring.database,
        HiredInstanceId(hired_instance_id),
        request=body,
        customer_id=customer_id,
        caller=caller,
    )


@router.get("/hired-agents")
async def list_hired_agents(request: Request, customer_id: CallerCustomer, page: ThePage) -> HiredAgentList:
    return await reading.list_own(request.app.state.wiring.database, customer_id, page=page)


@router.get("/hired-agents-summary")
async def summarize(request: Request, customer_id: CallerCustomer) -> HiredAgentSummaryList:
    return await reading.summarize(request.app.state.wiring.database, customer_id)


@router.get("/hired-agents/by-subscription/{subscription_id}")
async def get_by_subscription(
    request: Request, subscription_id: PathId, customer_id: CallerCustomer
) -> HiredAgent:
    return await reading.get_by_subscription(
        request.app.state.wiring.database, SubscriptionId(subscription_id), customer_id=customer_id
    )


@router.get("/hired-agents/{hired_instance_id}")
async def get_hired_agent(
    request: Request, hired_instance_id: PathId, customer_id: CallerCustomer
) -> HiredAgent:
    return await reading.get(
        request.app.state.wiring.database, HiredInstanceId(hired_instance_id), customer_id=customer_id
    )


@router.post("/hired-agents/{hired_instance_id}/pause")
async def pause(
    request: Request, hired_instance_id: PathId, customer_id: CallerCustomer, caller: CallerIdentity
) -> HiredAgent:
    return await actions.set_paused(
        request.app.state.wiring.database,
        HiredInstanceId(hired_instance_id),
        paused=True,
        customer_id=customer_id,
        caller=caller,
    )


@router.post("/hired-agents/{hired_instance_id}/resume")
async def resume(
    request: Request, hired_instance_id: PathId, customer_id: CallerCustomer, caller: CallerIdentity
) -> HiredAgent:
    return await actions.set_paused(
        request.app.state.wiring.database,
        HiredInstanceId(hired_instance_id),
        paused=False,
        customer_id=customer_id,
        caller=caller,
    )


@router.get("/hired-agents/{hired_instance_id}/upgrade")
async def report_upgrade(
    request: Request,
    hired_instance_id: PathId,
    customer_id: CallerCustomer,
    version: Annotated[int | None, Query(ge=1, le=2_000_000_000)] = None,
) -> UpgradeReport:
    return await actions.report_upgrade(
        request.app.state.wiring.database,
        HiredInstanceId(hired_instance_id),
        version=version,
        customer_id=customer_id,
    )


@oversight.get("/hired-agents")
async def list_all_hired_agents(
    request: Request,
    caller: OperatorIdentity,
    page: ThePage,
    customer_id: UUID | None = None,
    agent_type_id: Annotated[AgentTypeId | None, Query()] = None,
    state: Annotated[InstanceState | None, Query()] = None,
) -> HiredAgentList:
    of_customer = CustomerId(customer_id) if customer_id else None
    wanted = InstanceFilter(of_customer, agent_type_id, state)
    database = request.app.state.wiring.database
    async with evidence.oversee(database, caller=caller, purpose=request.url.path) as session:
        return await reading.list_all(session, wanted, page=page)
