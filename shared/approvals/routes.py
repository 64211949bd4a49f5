"""HTTP of approvals: a customer's own (CP), and those that operators gave with a customer's consent (PP).

How an operator gives one is in pp_backend/approval_proposals/routes.py.
"""

from uuid import UUID

from fastapi import APIRouter

from shared.approvals.actions import approve, revoke
from shared.approvals.batch import approve_batch
from shared.approvals.model import ApprovalFilter
from shared.approvals.register import get_approval, list_approvals
from shared.contracts.approvals import (
    Approval,
    ApprovalList,
    ApproveRequest,
    BatchApproval,
    BatchApproveRequest,
)
from shared.ids import CustomerId
from shared.web.paging import ThePage
from shared.web.portal import Customer, Operator, ThePortal, Viewer

customer_router = APIRouter(prefix="/api/cp/approvals", tags=["approvals"])
operator_router = APIRouter(prefix="/api/pp/approvals", tags=["approvals"])


@customer_router.post("", status_code=201)
async def approve_own(body: ApproveRequest, customer: Customer, portal: ThePortal) -> Approval:
    customer_id = CustomerId(customer.account_id)
    return await approve(portal.approvals, body, customer_id=customer_id, by=customer)


@customer_router.post("/batch")
async def approve_several(body: BatchApproveRequest, customer: Customer, portal: ThePortal) -> BatchApproval:
    customer_id = CustomerId(customer.account_id)
    return await approve_batch(portal.approvals, body, customer_id=customer_id, by=customer)


@customer_router.get("")
async def list_own(
    customer: Customer, portal: ThePortal, page: ThePage, deliverable_id: UUID | None = None
) -> ApprovalList:
    wanted = ApprovalFilter(customer.customer_id, deliverable_id)
    items, cursor = await list_approvals(portal.approvals, wanted=wanted, page=page, by=customer)
    return ApprovalList(items=tuple(items), next_cursor=cursor)


@customer_router.get("/{approval_id}")
async def get_own(approval_id: UUID, customer: Customer, portal: ThePortal) -> Approval:
    return await get_approval(portal.approvals, approval_id, by=customer)


@customer_router.post("/{approval_id}/revoke")
async def revoke_own(approval_id: UUID, customer: Customer, portal: ThePortal) -> Approval:
    return await revoke(portal.approvals, approval_id, by=customer)


@operator_router.get("")
async def list_assisted(
    viewer: Viewer,
    portal: ThePortal,
    page: ThePage,
    customer_id: UUID | None = None,
    deliverable_id: UUID | None = None,
) -> ApprovalList:
    wanted = ApprovalFilter(customer_id, deliverable_id)
    items, cursor = await list_approvals(portal.approvals, wanted=wanted, page=page, by=viewer)
    return ApprovalList(items=tuple(items), next_cursor=cursor)


@operator_router.get("/{approval_id}")
async def get_assisted(approval_id: UUID, viewer: Viewer, portal: ThePortal) -> Approval:
    return await get_approval(portal.approvals, approval_id, by=viewer)


@operator_router.post("/{approval_id}/revoke")
async def revoke_assisted(approval_id: UUID, operator: Operator, portal: ThePortal) -> Approval:
    return await revoke(portal.approvals, approval_id, by=operator)
