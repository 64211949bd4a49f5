"""Approving exactly one action, revoking it, and looking it up, in the portal where a person decided.

The record and the message to Plant are one commit; the vault and Plant each check the result themselves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.approvals import store
from shared.approvals.action import Action
from shared.approvals.desk import ApprovalDesk
from shared.approvals.mint import make_claims, mint_approval
from shared.approvals.model import Record
from shared.approvals.register import get_approval, show_minted
from shared.contracts.approvals import (
    Approval,
    ApprovalStatus,
    Approver,
    ApproveRequest,
    AssistedApproveRequest,
    Consent,
    DeliverApproval,
    DeliverRevocation,
    Preconditions,
)
from shared.contracts.evidence import DeliverDenial
from shared.contracts.trading import Deliverable, DeliverableState
from shared.db import Session
from shared.denials import CATALOGUE, DenialReason
from shared.errors import (
    FieldError,
    denied,
    invalid_fields,
    not_found,
    unavailable,
    wrong_state,
)
from shared.ids import ApprovalId, CustomerId, DeliverableId, uuid7
from shared.keys import Issuer
from shared.logs import get_logger
from shared.outbox.actions import deliver, deliver_now, post
from shared.outbox.model import Message, MessageKind
from shared.sign_in.model import SessionKind
from shared.sign_in.party import Party

DEFAULT_DRIFT_BPS = 100
_CLOCK_LEEWAY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Target:
    """What is to be approved: its action, and for a deliverable the state and price that came with it."""

    action: Action
    deliverable_id: DeliverableId | None
    state: DeliverableState | None
    preconditions: Preconditions | None


async def approve(
    desk: ApprovalDesk,
    request: ApproveRequest | AssistedApproveRequest,
    *,
    customer_id: CustomerId,
    by: Party,
) -> Approval:
    """Mint the approval of what was shown, record it, and deliver it if Plant is there.

    Raises: PlatformError 404 for a deliverable that is not the customer's; 409 `already_approved`,
        `wrong_state` or `action_changed`; 403 `approval_wrong_customer`; or what Plant refused it with.
    """
    consent = request.consent if isinstance(request, AssistedApproveRequest) else None
    _check_consent_is_past(consent)
    target = await _find_target(desk, request, customer_id=customer_id, by=by)
    approval_id = ApprovalId(uuid7())
    async with by.session(desk.database) as session:
        await _check_not_approved(session, target)
        _check_is_under_review(target)
        refusal = _find_refusal(target, request, customer_id=customer_id, by=by)
        if refusal is None:
            approver = _approver(by, consent)
            outcome = await _record(
                session, desk, target, approval_id=approval_id, approver=approver, notes=request.notes
            )
        else:
            outcome = refusal
            await _post_denial(session, refusal, customer_id=customer_id)
    if isinstance(outcome, DeliverDenial):
        await deliver_now(desk.outbox, outcome.decision_id)
        raise denied(outcome.reason, detail=outcome.detail, decision_id=outcome.decision_id)
    get_logger().info("approval.minted", approval_id=approval_id, action_hash=request.action_hash)
    record, message = outcome
    return show_minted(record, await deliver(desk.outbox, message))


async def revoke(desk: ApprovalDesk, approval_id: UUID, *, by: Party) -> Approval:
    """Revoke here first, so that the vault refuses at once, then tell Plant. Repeating it changes nothing.

    Raises: PlatformError 404; 409 `approval_already_used`.
    """
    _check_not_used(await get_approval(desk, approval_id, by=by))
    async with by.session(desk.database) as session:
        record = await store.lock_approval(session, approval_id=approval_id)
        if record is not None and record.is_open:
            await store.mark_revoked(
                session, approval_id=approval_id, reason=f"revoked_by_{by.person.account.kind}"
            )
            await _post_revocation(session, record)
    told = await deliver_now(desk.outbox, approval_id)
    approval = await get_approval(desk, approval_id, by=by)
    _check_not_used(approval)
    get_logger().info("approval.revoked", approval_id=approval_id, told=bool(told))
    if record is not None and record.is_open and not told:
        _check_in_force_here(desk)
    return approval


def _check_in_force_here(desk: ApprovalDesk) -> None:
    """Only in the customers' vault does a revocation hold before Plant knows. Raises: PlatformError 503."""
    if desk.issuer is not Issuer.CP:
        raise unavailable(
            "The revocation is recorded but Plant cannot be told yet, so it is not in force; it is sent again"
            " until it is. To stop the customer's orders now, engage their kill switch.",
            reason="revocation_pending",
        )


async def _find_target(
    desk: ApprovalDesk,
    request: ApproveRequest | AssistedApproveRequest,
    *,
    customer_id: CustomerId,
    by: Party,
) -> _Target:
    if request.deliverable_id is not None:
        return await _fetch_deliverable(desk, request.deliverable_id, customer_id=customer_id, by=by)
    assert request.action is not None  # one of the two, says the model
    if request.price_shown is None:
        return _Target(request.action, None, None, None)
    preconditions = Preconditions(price_shown=request.price_shown, allowed_drift_bps=DEFAULT_DRIFT_BPS)
    return _Target(request.action, None, None, preconditions)


async def _fetch_deliverable(
    desk: ApprovalDesk, deliverable_id: UUID, *, customer_id: CustomerId, by: Party
) -> _Target:
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
    return _Target(deliverable.draft.action, DeliverableId(deliverable_id), deliverable.state, preconditions)


async def _check_not_approved(session: Session, target: _Target) -> None:
    if target.deliverable_id is None:
        return
    await store.lock_deliverable(session, deliverable_id=target.deliverable_id)
    live = await store.find_live_approval(session, deliverable_id=target.deliverable_id)
    if live is not None:
        raise wrong_state(
            f"The deliverable has the approval {live.approval_id}; revoke it before approving again.",
            reason="already_approved",
        )


def _check_is_under_review(target: _Target) -> None:
    if target.state not in (None, DeliverableState.PENDING_REVIEW):
        raise wrong_state(
            f"Only a deliverable that is pending_review can be approved; this one is {target.state}."
        )
    if target.action.is_order and target.preconditions is None:
        raise wrong_state(
            "The deliverable shows no price, so there is nothing to bind an approval to; run it again."
        )


def _find_refusal(
    target: _Target,
    request: ApproveRequest | AssistedApproveRequest,
    *,
    customer_id: CustomerId,
    by: Party,
) -> DeliverDenial | None:
    """Is it this customer's action, and the very one that the approver was shown?"""
    if target.action.customer_id != customer_id:
        reason, detail = DenialReason.APPROVAL_WRONG_CUSTOMER, "The action is another customer's."
    elif target.action.action_hash() != request.action_hash:
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
        action_hash=target.action.action_hash(),
    )


async def _record(
    session: Session,
    desk: ApprovalDesk,
    target: _Target,
    *,
    approval_id: ApprovalId,
    approver: Approver,
    notes: str | None,
) -> tuple[Record, Message]:
    """Requires: an open transaction, which carries the record and the message to Plant together."""
    claims = make_claims(
        target.action,
        approval_id=approval_id,
        issuer=desk.issuer,
        approver=approver,
        deliverable_id=target.deliverable_id,
        preconditions=target.preconditions,
        lifetimes=desk.lifetimes,
        now=await store.database_now(session),
    )
    signed = mint_approval(claims, key=desk.key)
    record = await store.insert_approval(session, claims, signed=signed, notes=notes)
    message = await post(
        session,
        kind=MessageKind.APPROVAL,
        subject=approval_id,
        customer_id=CustomerId(claims.sub),
        method="PUT",
        path="/internal/v1/approvals",
        body=DeliverApproval(approval=signed).model_dump(mode="json"),
        is_claimed=True,
    )
    return record, message


async def _post_denial(session: Session, refusal: DeliverDenial, *, customer_id: CustomerId) -> None:
    """A portal's own denial goes on the same record as all others. Requires: an open transaction."""
    await post(
        session,
        kind=MessageKind.DENIAL,
        subject=refusal.decision_id,
        customer_id=customer_id,
        method="PUT",
        path="/internal/v1/policy-denials",
        body=refusal.model_dump(mode="json"),
    )


async def _post_revocation(session: Session, record: Record) -> None:
    await post(
        session,
        kind=MessageKind.REVOCATION,
        subject=record.approval_id,
        customer_id=record.customer_id,
        method="POST",
        path="/internal/v1/approval-revocations",
        body=DeliverRevocation(approval_id=record.approval_id).model_dump(mode="json"),
    )


def _approver(by: Party, consent: Consent | None) -> Approver:
    if consent is not None:
        return Approver(type="operator", id=by.account_id, method="assisted", consent=consent)
    method = "session" if by.person.kind is SessionKind.COOKIE else "bearer"
    return Approver(type="customer", id=by.account_id, method=method)


def _check_consent_is_past(consent: Consent | None) -> None:
    if (
        consent is not None
        and consent.obtained_at > datetime.now(tz=consent.obtained_at.tzinfo) + _CLOCK_LEEWAY
    ):
        raise invalid_fields(FieldError("consent.obtained_at", "must not lie in the future"))


def _check_not_used(approval: Approval) -> None:
    if approval.status is ApprovalStatus.CONSUMED:
        raise wrong_state(
            "The approval has been used and can no longer be revoked; look at its execution.",
            reason=DenialReason.APPROVAL_ALREADY_USED,
        )
