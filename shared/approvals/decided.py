"""What a decision leaves behind: the signed approval with its message to Plant, or the denial on record."""

from dataclasses import dataclass

from shared.approvals import store
from shared.approvals.desk import ApprovalDesk
from shared.approvals.mint import make_claims, mint_approval
from shared.approvals.model import Record
from shared.approvals.register import show_minted
from shared.approvals.target import Target
from shared.approvals.verify import check_second_operator
from shared.contracts.approvals import Approval, Approver, DeliverApproval
from shared.contracts.evidence import DeliverDenial
from shared.db import Session
from shared.errors import PlatformError, denied
from shared.ids import ApprovalId, CustomerId, uuid7
from shared.logs import get_logger
from shared.outbox.actions import deliver, deliver_now, post
from shared.outbox.model import Message, MessageKind


@dataclass(frozen=True, slots=True)
class Minted:
    """An approval on record, and the message that takes it to Plant after the commit."""

    record: Record
    message: Message


async def record_approval(
    session: Session, desk: ApprovalDesk, target: Target, *, approver: Approver, notes: str | None
) -> Minted:
    """Sign it. Requires: the transaction of the checks, which carries the record and the message together.

    Raises: ApprovalRefusedError for one operator's approval where two are demanded: nobody should get here with it.
    """
    claims = make_claims(
        target.action,
        approval_id=ApprovalId(uuid7()),
        issuer=desk.issuer,
        approver=approver,
        deliverable_id=target.deliverable_id,
        preconditions=target.preconditions,
        lifetimes=desk.lifetimes,
        now=await store.database_now(session),
    )
    check_second_operator(claims, four_eyes=desk.four_eyes)
    signed = mint_approval(claims, key=desk.key)
    record = await store.insert_approval(session, claims, signed=signed, notes=notes)
    message = await post(
        session,
        kind=MessageKind.APPROVAL,
        subject=claims.jti,
        customer_id=CustomerId(claims.sub),
        method="PUT",
        path="/internal/v1/approvals",
        body=DeliverApproval(approval=signed).model_dump(mode="json"),
        is_claimed=True,
    )
    return Minted(record, message)


async def record_denial(session: Session, refusal: DeliverDenial, *, customer_id: CustomerId) -> None:
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


async def deliver_minted(desk: ApprovalDesk, minted: Minted) -> Approval:
    """Take it to Plant if that is there. Requires: it is committed. Raises: PlatformError as Plant refused it."""
    record = minted.record
    get_logger().info("approval.minted", approval_id=record.approval_id, action_hash=record.action_hash)
    return show_minted(record, await deliver(desk.outbox, minted.message))


async def deliver_denial(desk: ApprovalDesk, refusal: DeliverDenial) -> PlatformError:
    """Take it to Plant if that is there, and return it as the error to raise. Requires: it is committed."""
    await deliver_now(desk.outbox, refusal.decision_id)
    return denied(refusal.reason, detail=refusal.detail, decision_id=refusal.decision_id)
