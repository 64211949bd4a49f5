"""HTTP for approvals: portals deliver and revoke them, customers see what Plant holds."""

from fastapi import APIRouter, Request

from plant.approvals import actions
from shared.contracts.approvals import (
    DeliverApproval,
    DeliveredApproval,
    DeliveredApprovalList,
    DeliverRevocation,
)
from shared.web.identity import CallerCustomer, PortalIdentity
from shared.web.paging import ThePage
from shared.web.params import PathId

router = APIRouter(tags=["approvals"])


@router.put("/internal/v1/approvals")
async def deliver_approval(
    request: Request, delivery: DeliverApproval, caller: PortalIdentity
) -> DeliveredApproval:
    wiring = request.app.state.wiring
    return await actions.take_in(
        wiring.database,
        delivery.approval,
        caller=caller,
        trust=wiring.trust,
        four_eyes=wiring.settings.four_eyes,
    )


@router.post("/internal/v1/approval-revocations")
async def deliver_revocation(
    request: Request, revocation: DeliverRevocation, caller: PortalIdentity
) -> DeliveredApproval:
    return await actions.revoke(request.app.state.wiring.database, revocation.approval_id, caller=caller)


@router.get("/api/v1/approvals")
async def list_approvals(
    request: Request, customer_id: CallerCustomer, page: ThePage
) -> DeliveredApprovalList:
    return await actions.list_own(request.app.state.wiring.database, customer_id, page=page)


@router.get("/api/v1/approvals/{approval_id}")
async def get_approval(
    request: Request, approval_id: PathId, customer_id: CallerCustomer
) -> DeliveredApproval:
    return await actions.get_own(request.app.state.wiring.database, customer_id, approval_id)
