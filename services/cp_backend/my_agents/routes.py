"""HTTP for the hub."""

from uuid import UUID

from fastapi import APIRouter

from cp_backend.my_agents import actions
from shared.contracts.hired_agents import MyAgents
from shared.web.portal import Customer, ThePortal

router = APIRouter(prefix="/api/cp/my-agents", tags=["my agents"])


@router.get("/summary")
async def summarize(customer: Customer, portal: ThePortal, selected: UUID | None = None) -> MyAgents:
    return await actions.summarize(portal, selected=selected, by=customer)
