"""Reviewing a deliverable: approving it is minting an approval here, rejecting it is Plant's to record."""

from uuid import UUID

from fastapi import APIRouter, Response

from shared.approvals.actions import approve
from shared.contracts.approvals import Approval, ApproveRequest
from shared.contracts.trading import Deliverable, ReviewRequest
from shared.errors import FieldError, invalid_fields
from shared.ids import CustomerId
from shared.web.passages import pass_answer
from shared.web.portal import Customer, ThePortal

router = APIRouter(prefix="/api/v1/deliverables", tags=["approvals"])


@router.post("/{deliverable_id}/review", response_model=Approval | Deliverable)
async def review(
    deliverable_id: UUID, body: ReviewRequest, customer: Customer, portal: ThePortal
) -> Approval | Response:
    if body.decision == "approved":
        request = _approve_request(deliverable_id, body)
        return await approve(
            portal.approvals, request, customer_id=CustomerId(customer.account_id), by=customer
        )
    answer = await portal.plant.call(
        "POST",
        f"/api/v1/deliverables/{deliverable_id}/review",
        caller=customer.caller(customer_id=customer.customer_id),
        body=body.model_dump_json(exclude_none=True).encode(),
    )
    return pass_answer(answer)


def _approve_request(deliverable_id: UUID, body: ReviewRequest) -> ApproveRequest:
    if body.action_hash is None:
        raise invalid_fields(
            FieldError("action_hash", "is needed to approve: send the hash of the action that was shown")
        )
    return ApproveRequest(deliverable_id=deliverable_id, action_hash=body.action_hash, notes=body.notes)
