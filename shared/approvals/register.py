"""A portal's own register of the approvals that it minted, merged with what Plant knows of their use."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from shared.approvals import store
from shared.approvals.desk import ApprovalDesk
from shared.approvals.model import ApprovalFilter, Record
from shared.contracts.approvals import Approval, ApprovalStatus, DeliveredApproval
from shared.db import OversightSession, Session
from shared.denials import DenialReason
from shared.errors import PlatformError, not_found
from shared.logs import get_logger
from shared.outbox.model import Settled
from shared.paging import Page, cut_page
from shared.sign_in.party import Party

_LOOK_UP_TIMEOUT_S = 2.0
_MAX_LOOK_UPS = 20


async def get_approval(desk: ApprovalDesk, approval_id: UUID, *, by: Party) -> Approval:
    """Raises: PlatformError 404."""
    async with by.session(desk.database) as session:
        record = await store.find_approval(session, approval_id=approval_id)
    if record is None:
        raise not_found("approval")
    return (await _shown(desk, [record], by=by))[0]


def show_minted(record: Record, settled: Settled | None) -> Approval:
    """What was just recorded, with the answer that Plant gave to it. Raises: PlatformError as Plant refused it."""
    if settled is None:
        return _to_wire(record, plant_view=None)
    if not settled.is_delivered:
        raise PlatformError(
            settled.status,
            str(settled.answer.get("reason", "plant_refused")),
            str(settled.answer.get("detail", "The execution backend refused the approval; it is void.")),
        )
    view = DeliveredApproval.model_validate(settled.answer)
    return _to_wire(record, plant_view=view.status).model_copy(update={"delivered": True})


async def list_approvals(
    desk: ApprovalDesk, *, wanted: ApprovalFilter, page: Page, by: Party
) -> tuple[Sequence[Approval], str | None]:
    async with by.session(desk.database) as session:
        found = await store.list_approvals(session, wanted=wanted, page=page)
    records, next_cursor = cut_page(found, page, id_of=lambda record: record.approval_id)
    return await _shown(desk, records, by=by), next_cursor


async def find_withdrawal(session: Session, *, approval_id: UUID) -> DenialReason | None:
    """Say why this portal would not stand by an approval it is said to have minted; None when it would."""
    record = await store.find_approval(session, approval_id=approval_id)
    if record is None:
        return DenialReason.APPROVAL_UNKNOWN
    return DenialReason.APPROVAL_REVOKED if record.revoked_at is not None else None


async def note_delivery(session: OversightSession, settled: Settled) -> None:
    """Plant's answer to an approval: taken, or refused, which ends it."""
    approval_id = settled.message.subject
    reason = str(settled.answer.get("reason", "refused"))
    if settled.is_delivered:
        await store.mark_delivered(session, approval_id=approval_id)
    elif reason == DenialReason.APPROVAL_EXPIRED:
        await store.mark_settled(session, approval_id=approval_id, settled_as=ApprovalStatus.EXPIRED)
    else:
        await store.mark_revoked(session, approval_id=approval_id, reason=f"refused_by_plant: {reason}")


async def note_revocation(session: OversightSession, settled: Settled) -> None:
    """Plant's answer to a revocation: if the approval had been used by then, it was used."""
    if settled.is_delivered:
        answer = DeliveredApproval.model_validate(settled.answer)
        if answer.status is ApprovalStatus.CONSUMED:
            await store.mark_settled(session, approval_id=settled.message.subject, settled_as=answer.status)


async def _shown(desk: ApprovalDesk, records: Sequence[Record], *, by: Party) -> list[Approval]:
    """Merge this portal's records with Plant's view of those that it may have used meanwhile."""
    asked = [record for record in records if record.is_open and record.delivered_at][:_MAX_LOOK_UPS]
    views = await asyncio.gather(*(_plant_view(desk, record, by=by) for record in asked))
    by_id = dict(zip((record.approval_id for record in asked), views, strict=True))
    return [_to_wire(record, plant_view=by_id.get(record.approval_id)) for record in records]


async def _plant_view(desk: ApprovalDesk, record: Record, *, by: Party) -> ApprovalStatus | None:
    try:
        view = await desk.plant.fetch(
            "GET",
            f"/api/v1/approvals/{record.approval_id}",
            caller=by.caller(customer_id=record.customer_id),
            model=DeliveredApproval,
            timeout_s=_LOOK_UP_TIMEOUT_S,
        )
    except PlatformError as error:
        get_logger().info("approval.view_unavailable", approval_id=record.approval_id, reason=error.reason)
        return None
    if view.status in (ApprovalStatus.CONSUMED, ApprovalStatus.EXPIRED):
        async with by.session(desk.database) as session:
            await store.mark_settled(session, approval_id=record.approval_id, settled_as=view.status)
    return view.status


def _to_wire(record: Record, *, plant_view: ApprovalStatus | None) -> Approval:
    return Approval(
        approval_id=record.approval_id,
        customer_id=record.customer_id,
        deliverable_id=record.deliverable_id,
        action_hash=record.action_hash,
        status=_status(record, plant_view=plant_view),
        approver=record.approver,
        notes=record.notes,
        issued_at=record.issued_at,
        expires_at=record.expires_at,
        execute_by=record.execute_by,
        revoked_at=record.revoked_at,
        delivered=record.delivered_at is not None,
    )


def _status(record: Record, *, plant_view: ApprovalStatus | None) -> ApprovalStatus:
    if record.settled_as is not None:
        return ApprovalStatus(record.settled_as)
    if record.revoked_at is not None:
        return ApprovalStatus.REVOKED
    if plant_view not in (None, ApprovalStatus.ACTIVE):
        return plant_view
    return ApprovalStatus.EXPIRED if record.is_past else ApprovalStatus.ACTIVE
