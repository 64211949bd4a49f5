"""Wire models of approvals: what a person sends to approve, and what the portals answer."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from shared.approvals.action import Action
from shared.contracts.base import Moment, ShortText, Text, WireDecimal, WireModel

ActionHashText = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


Price = Annotated[WireDecimal, Field(gt=0, max_digits=24, decimal_places=10)]


class ApprovalStatus(StrEnum):
    ACTIVE = "active"
    CONSUMED = "consumed"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Scope(StrEnum):
    PER_TRADE_ACTION = "per_trade_action"
    PER_POST = "per_post"


class Consent(WireModel):
    """How the customer told an operator to go ahead."""

    channel: ShortText
    reference: ShortText
    obtained_at: Moment
    note: Text | None = None


class Approver(WireModel):
    """`confirmed_by` is the second operator, where an installation demands four eyes."""

    type: Literal["customer", "operator"]
    id: UUID
    method: Literal["session", "bearer", "assisted"]
    consent: Consent | None = None
    confirmed_by: UUID | None = None

    @model_validator(mode="after")
    def _second_is_another_operator(self) -> Self:
        if self.confirmed_by is None:
            return self
        if self.type != "operator" or self.method != "assisted":
            raise ValueError("only what an operator approves for a customer is confirmed by a second one")
        if self.confirmed_by == self.id:
            raise ValueError("nobody confirms what they approved themselves")
        return self


class Preconditions(WireModel):
    """The price the approver saw, and how far it may move before the approval is void."""

    price_shown: Price
    allowed_drift_bps: Annotated[int, Field(gt=0, le=5_000)]


class _Target(WireModel):
    """Either a deliverable or an exact action; the hash is that of what the approver was shown."""

    deliverable_id: UUID | None = None
    action: Action | None = None
    action_hash: ActionHashText
    price_shown: Price | None = None
    notes: Text | None = None

    @model_validator(mode="after")
    def _exactly_one_target(self) -> Self:
        if (self.deliverable_id is None) == (self.action is None):
            raise ValueError("name either a deliverable_id or an exact action")
        is_order = self.action is not None and self.action.is_order
        if is_order != (self.price_shown is not None):
            raise ValueError(
                "price_shown goes with the exact action of an order; a deliverable knows its own"
            )
        return self


class ApproveRequest(_Target):
    pass


class ShownDeliverable(WireModel):
    """A deliverable with the hash of the action that was shown of it."""

    deliverable_id: UUID
    action_hash: ActionHashText


class BatchApproveRequest(WireModel):
    items: Annotated[tuple[ShownDeliverable, ...], Field(min_length=1, max_length=50)]
    notes: Text | None = None


class AssistedApproveRequest(_Target):
    customer_id: UUID
    consent: Consent


class Approval(WireModel):
    approval_id: UUID
    customer_id: UUID
    deliverable_id: UUID | None
    action_hash: ActionHashText
    status: ApprovalStatus
    approver: Approver
    notes: Text | None
    issued_at: datetime
    expires_at: datetime
    execute_by: datetime
    revoked_at: datetime | None
    delivered: bool


class ApprovalList(WireModel):
    items: tuple[Approval, ...]
    next_cursor: str | None = None


class ProposalState(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"


class ApprovalProposal(WireModel):
    """What an operator wants to approve for a customer, and what a second one decided about it.

    `action` is as the first operator was shown it; `decline_notes` are the second one's.
    """

    proposal_id: UUID
    customer_id: UUID
    deliverable_id: UUID | None
    action: Action
    action_hash: ActionHashText
    price_shown: Price | None
    consent: Consent
    notes: Text | None
    state: ProposalState
    proposed_by: UUID
    proposed_at: datetime
    expires_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    decline_notes: Text | None
    approval_id: UUID | None


class ApprovalProposalList(WireModel):
    """`four_eyes`: does this installation demand a second operator?"""

    items: tuple[ApprovalProposal, ...]
    next_cursor: str | None = None
    four_eyes: bool


class ConfirmRequest(WireModel):
    """The hash of what the second operator was shown."""

    action_hash: ActionHashText


class DeclineRequest(WireModel):
    notes: Text | None = None


class Refusal(WireModel):
    """As the problem document says it when one is approved alone."""

    status: int
    reason: str
    detail: str
    decision_id: UUID | None


class BatchItem(WireModel):
    """What became of one deliverable of a batch: its approval, or why there is none."""

    deliverable_id: UUID
    approval: Approval | None = None
    refusal: Refusal | None = None


class BatchApproval(WireModel):
    items: tuple[BatchItem, ...]


class DeliverApproval(WireModel):
    """Portal to Plant: the signed approval."""

    approval: Annotated[str, StringConstraints(max_length=500_000)]


class DeliverRevocation(WireModel):
    approval_id: UUID


class DeliveredApproval(WireModel):
    approval_id: UUID
    status: ApprovalStatus


class DeliveredApprovalList(WireModel):
    items: tuple[DeliveredApproval, ...]
    next_cursor: str | None = None
