"""An approval as Plant holds it: verified on arrival, used at most once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.approvals import ApprovalStatus, Preconditions
from shared.ids import ActionHash, ApprovalId, CustomerId, DeliverableId

_ISSUED_WITHIN = timedelta(seconds=1)  # the statement says the second


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
    issued_at: datetime
    received_at: datetime
    revoked_at: datetime | None
    consumed_at: datetime | None

    def is_older_than(self, change: datetime) -> bool:
        """Was it given before this change? Its delivery may have been late, so its own time counts too."""
        return change > min(self.received_at, self.issued_at + _ISSUED_WITHIN)

    def status(self, now: datetime) -> ApprovalStatus:
        if self.consumed_at is not None:
            return ApprovalStatus.CONSUMED
        if self.revoked_at is not None:
            return ApprovalStatus.REVOKED
        return ApprovalStatus.EXPIRED if now >= self.expires_at else ApprovalStatus.ACTIVE
