"""A portal's own record of an approval that it minted, and what a list of them can be asked for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.approvals import Approver
from shared.ids import ApprovalId, CustomerId, DeliverableId


@dataclass(frozen=True, slots=True)
class Record:
    """`settled_as` is Plant's final word (consumed or expired); `is_past` is by the database's clock."""

    approval_id: ApprovalId
    customer_id: CustomerId
    deliverable_id: DeliverableId | None
    action_hash: str
    approver: Approver
    notes: str | None
    issued_at: datetime
    expires_at: datetime
    execute_by: datetime
    delivered_at: datetime | None
    revoked_at: datetime | None
    revoked_reason: str | None
    settled_as: str | None
    is_past: bool

    @property
    def is_open(self) -> bool:
        """Neither revoked here nor settled by Plant, as far as this portal knows."""
        return self.revoked_at is None and self.settled_as is None


@dataclass(frozen=True, slots=True)
class ApprovalFilter:
    customer_id: UUID | None = None
    deliverable_id: UUID | None = None
