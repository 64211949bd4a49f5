"""A proposal as the platform portal keeps it, how long it waits, and what a list of them can be asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.approvals.action import Action
from shared.contracts.approvals import AssistedApproveRequest, ProposalState
from shared.ids import ApprovalId, OperatorId, ProposalId

ORDER_WAITS = timedelta(minutes=30)
POST_WAITS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`request` is what the first operator sent, `action` what it was for; the state is by the database's clock."""

    proposal_id: ProposalId
    request: AssistedApproveRequest
    action: Action
    state: ProposalState
    proposed_by: OperatorId
    proposed_at: datetime
    expires_at: datetime
    decided_by: OperatorId | None
    decided_at: datetime | None
    decline_notes: str | None
    approval_id: ApprovalId | None


@dataclass(frozen=True, slots=True)
class ProposalFilter:
    state: ProposalState | None = None
    customer_id: UUID | None = None
    deliverable_id: UUID | None = None


def waits_for(action: Action) -> timedelta:
    """A price grows old faster than a text."""
    return ORDER_WAITS if action.is_order else POST_WAITS
