"""An approval as Plant holds it: verified on arrival, used at most once."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.approvals import ApprovalStatus, Preconditions
from shared.ids import ActionHash, ApprovalId, CustomerId, DeliverableId


@dataclass(frozen=True, slots=True)
class HeldApproval:
    approval_id: ApprovalId
    customer_id: CustomerId
    action_hash: ActionHash
    deliverable_id: DeliverableId | None
    statement: str
    preconditions: Preconditions | None
    expires_at: datetime
    execute_by: datetime
    revoked_at: datetime | None
    consumed_at: datetime | None

    def status(self, now: datetime) -> ApprovalStatus:
        if self.consumed_at is not None:
            return ApprovalStatus.CONSUMED
        if self.revoked_at is not None:
            return ApprovalStatus.REVOKED
        return ApprovalStatus.EXPIRED if now >= self.expires_at else ApprovalStatus.ACTIVE
