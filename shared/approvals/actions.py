"""Approving exactly one action, and revoking it, in the portal where a person decided.

The record and the message to Plant are one commit; the vault and Plant each check the result themselves. What
an operator approves where four eyes are demanded is proposed instead: see pp_backend/approval_proposals/actions.py.
"""

from uuid import UUID

from shared.approvals import store
from shared.approvals.decided import deliver_denial, deliver_minted, record_approval, record_denial
from shared.approvals.desk import ApprovalDesk
from shared.approvals.model import Record
from shared.approvals.register import get_approval
from shared.approvals.target import check_can_be_approved, find_refusal, find_target
from shared.contracts.approvals import (
    Approval,
    ApprovalStatus,
    Approver,
    ApproveRequest,
    AssistedApproveRequest,
    DeliverRevocation,
)
from shared.contracts.evidence import DeliverDenial
from shared.db import Session
from shared.denials import DenialReason
from shared.errors import unavailable, wrong_state
from shared.ids import CustomerId
from shared.keys import Issuer
from shared.logs import get_logger
from shared.outbox.actions import deliver_now, post
from shared.outbox.model import MessageKind
from shared.sign_in.model import SessionKind
from shared.sign_in.party import Party


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
    target = await find_target(desk, request, customer_id=customer_id, by=by)
    async with by.session(desk.database) as session:
        await check_can_be_approved(session, target)
        refusal = find_refusal(target, shown=(request.action_hash,), customer_id=customer_id, by=by)
        if refusal is None:
            approver = _approver(request, by)
            outcome = await record_approval(session, desk, target, approver=approver, notes=request.notes)
        else:
            outcome = refusal
            await record_denial(session, refusal, customer_id=customer_id)
    if isinstance(outcome, DeliverDenial):
        raise await deliver_denial(desk, outcome)
    return await deliver_minted(desk, outcome)


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


def _approver(request: ApproveRequest | AssistedApproveRequest, by: Party) -> Approver:
    if isinstance(request, AssistedApproveRequest):
        return Approver(type="operator", id=by.account_id, method="assisted", consent=request.consent)
    method = "session" if by.person.kind is SessionKind.COOKIE else "bearer"
    return Approver(type="customer", id=by.account_id, method=method)


def _check_not_used(approval: Approval) -> None:
    if approval.status is ApprovalStatus.CONSUMED:
        raise wrong_state(
            "The approval has been used and can no longer be revoked; look at its execution.",
            reason=DenialReason.APPROVAL_ALREADY_USED,
        )
