"""What is to be approved, as it is now, and whether anything speaks against approving it.

Asked when an approval is minted, when one is proposed to a second operator, and again when that one confirms.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.approvals import store
from shared.approvals.action import Action
from shared.approvals.desk import ApprovalDesk
from shared.contracts.approvals import ApproveRequest, AssistedApproveRequest, Consent, Preconditions
from shared.contracts.evidence import DeliverDenial
from shared.contracts.trading import Deliverable, DeliverableState
from shared.db import Session
from shared.denials import CATALOGUE, DenialReason
from shared.errors import FieldError, invalid_fields, not_found, wrong_state
from shared.ids import CustomerId, DeliverableId, uuid7
from shared.sign_in.party import Party

DEFAULT_DRIFT_BPS = 100
_CLOCK_LEEWAY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be approved: its action, and for a deliverable the state and price that came with it."""

    action: Action
    deliverable_id: DeliverableId | None
    state: DeliverableState | None
    preconditions: Preconditions | None


async def find_target(
    desk: ApprovalDesk,
    request: ApproveRequest | AssistedApproveRequest,
    *,
    customer_id: CustomerId,
    by: Party,
) -> Target:
    """Raises: PlatformError 404 for a deliverable that is not the customer's; 409 `no_action`; 422 for a consent
    that lies in the future.
    """
    if isinstance(request, AssistedApproveRequest):
        _check_is_past(request.consent)
    if request.deliverable_id is not None:
        return await _fetch_deliverable(desk, request.deliverable_id, customer_id=customer_id, by=by)
    assert request.action is not None  # one of the two, says the model
    if request.price_shown is None:
        return Target(request.action, None, None, None)
    preconditions = Preconditions(price_shown=request.price_shown, allowed_drift_bps=DEFAULT_DRIFT_BPS)
    return Target(request.action, None, None, preconditions)


async def check_can_be_approved(session: Session, target: Target) -> None:
    """Nobody else approves or proposes the deliverable until the transaction ends.

    Raises: PlatformError 409 `already_approved` or `wrong_state`.
    """
    await _check_not_approved(session, target)
    if target.state not in (None, DeliverableState.PENDING_REVIEW):
        raise wrong_state(
            f"Only a deliverable that is pending_review can be approved; this one is {target.state}."
        )
    if target.action.is_order and target.preconditions is None:
        raise wrong_state(
            "The deliverable shows no price, so there is nothing to bind an approval to; run it again."
        )


def find_refusal(
    target: Target, *, shown: Collection[str], customer_id: CustomerId, by: Party
) -> DeliverDenial | None:
    """Is it this customer's action, and the very one that everybody who approves it was shown?"""
    action_hash = target.action.action_hash()
    if target.action.customer_id != customer_id:
        reason, detail = DenialReason.APPROVAL_WRONG_CUSTOMER, "The action is another customer's."
    elif any(one != action_hash for one in shown):
        reason, detail = DenialReason.ACTION_CHANGED, CATALOGUE[DenialReason.ACTION_CHANGED].meaning
    else:
        return None
    return DeliverDenial(
        decision_id=uuid7(),
        reason=reason,
        stage="approve",
        detail=detail,
        actor=by.name,
        action_kind=target.action.kind,
        action_hash=action_hash,
    )


async def _fetch_deliverable(
    desk: ApprovalDesk, deliverable_id: UUID, *, customer_id: CustomerId, by: Party
) -> Target:
    deliverable = await desk.plant.fetch(
        "GET",
        f"/api/v1/deliverables/{deliverable_id}",
        caller=by.caller(customer_id=customer_id),
        model=Deliverable,
    )
    if deliverable.customer_id != customer_id or deliverable.deliverable_id != deliverable_id:
        raise not_found("deliverable")
    if deliverable.draft is None:
        raise wrong_state("The deliverable holds no action; there is nothing to approve.", reason="no_action")
    plan = deliverable.draft.plan
    preconditions = plan and Preconditions(
        price_shown=plan.price_shown, allowed_drift_bps=plan.allowed_drift_bps
    )
    return Target(deliverable.draft.action, DeliverableId(deliverable_id), deliverable.state, preconditions)


async def _check_not_approved(session: Session, target: Target) -> None:
    if target.deliverable_id is None:
        return
    await store.lock_deliverable(session, deliverable_id=target.deliverable_id)
    live = await store.find_live_approval(session, deliverable_id=target.deliverable_id)
    if live is not None:
        raise wrong_state(
            f"The deliverable has the approval {live.approval_id}; revoke it before approving again.",
            reason="already_approved",
        )


def _check_is_past(consent: Consent) -> None:
    if consent.obtained_at > datetime.now(tz=consent.obtained_at.tzinfo) + _CLOCK_LEEWAY:
        raise invalid_fields(FieldError("consent.obtained_at", "must not lie in the future"))
