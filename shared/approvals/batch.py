"""Approving several deliverables at once: one approval each, and what is refused does not hold up the others."""

from shared.approvals.actions import approve
from shared.approvals.desk import ApprovalDesk
from shared.contracts.approvals import (
    ApproveRequest,
    BatchApproval,
    BatchApproveRequest,
    BatchItem,
    Refusal,
    ShownDeliverable,
)
from shared.errors import PlatformError
from shared.ids import CustomerId
from shared.sign_in.party import Party


async def approve_batch(
    desk: ApprovalDesk, request: BatchApproveRequest, *, customer_id: CustomerId, by: Party
) -> BatchApproval:
    items = [
        await _approve_one(desk, shown, notes=request.notes, customer_id=customer_id, by=by)
        for shown in request.items
    ]
    return BatchApproval(items=tuple(items))


async def _approve_one(
    desk: ApprovalDesk, shown: ShownDeliverable, *, notes: str | None, customer_id: CustomerId, by: Party
) -> BatchItem:
    wanted = ApproveRequest(deliverable_id=shown.deliverable_id, action_hash=shown.action_hash, notes=notes)
    try:
        approval = await approve(desk, wanted, customer_id=customer_id, by=by)
    except PlatformError as error:
        refusal = Refusal(
            status=error.status, reason=error.reason, detail=error.detail, decision_id=error.decision_id
        )
        return BatchItem(deliverable_id=shown.deliverable_id, refusal=refusal)
    return BatchItem(deliverable_id=shown.deliverable_id, approval=approval)
