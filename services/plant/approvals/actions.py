"""Taking in signed approvals and revocations from the portals, and using an approval once."""

from uuid import UUID

from plant.approvals import store
from plant.approvals.model import HeldApproval
from plant.deliverables import actions as deliverables
from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from shared.approvals.claims import ApprovalClaims
from shared.approvals.verify import ApprovalRefusedError, verify_approval
from shared.clock import from_epoch_ms, utc_now
from shared.contracts.approvals import ApprovalStatus, DeliveredApproval, DeliveredApprovalList
from shared.correlation import current_correlation_id
from shared.db import Database, Lookup, OversightSession, TenantSession
from shared.denials import DenialReason
from shared.errors import not_found, wrong_state
from shared.identity import Identity
from shared.ids import ActionHash, ApprovalId, CustomerId, DeliverableId
from shared.keys import TrustStore
from shared.paging import Page, cut_page


async def take_in(
    database: Database, statement: str, *, caller: Identity, trust: TrustStore, four_eyes: bool
) -> DeliveredApproval:
    """Verify and store an approval, and move its deliverable to approved. The same one twice is fine.

    Raises: PlatformError 403 with a denial reason (stored), 409 when the deliverable is already decided.
    """
    assert caller.customer_id is not None
    try:
        claims = verify_approval(statement, trust=trust, four_eyes=four_eyes)
        _check_caller(claims, caller)
        async with database.tenant(caller.customer_id) as session:
            return await _store(session, claims, statement=statement)
    except ApprovalRefusedError as error:
        subject = Subject(caller.customer_id, caller.correlation_id, caller.actor)
        raise await evidence.deny(
            database, error.reason, stage="approval_delivery", detail=error.detail, subject=subject
        ) from error


async def revoke(database: Database, approval_id: UUID, *, caller: Identity) -> DeliveredApproval:
    """Revoke an approval unless it has been used; the answer's status says which."""
    assert caller.customer_id is not None
    async with database.tenant(caller.customer_id) as session:
        before = await store.find(session, approval_id)
        await store.revoke(session, approval_id)
        held = await store.find(session, approval_id)
        if held is None:
            return DeliveredApproval(approval_id=approval_id, status=ApprovalStatus.REVOKED)
        if held.deliverable_id and held.revoked_at and before and not before.revoked_at:
            await deliverables.expire(
                session, held.deliverable_id, actor=caller.actor, notes="the approval was revoked"
            )
        return DeliveredApproval(approval_id=approval_id, status=held.status(utc_now()))


async def find(session: TenantSession, approval_id: UUID) -> HeldApproval | None:
    return await store.find(session, approval_id)


def lookup(approval_id: UUID) -> Lookup[HeldApproval | None]:
    return store.lookup(approval_id)


async def consume(session: TenantSession, approval_id: ApprovalId, *, action_hash: ActionHash) -> bool:
    """Requires: the release transaction, after the gates have passed."""
    return await store.consume(session, approval_id, action_hash=action_hash)


async def revoke_unused(session: OversightSession, *, because: str) -> int:
    """Revoke every approval that could still be used, each on record; return how many."""
    revoked = await store.revoke_unused(session)
    for customer_id, approval_id in revoked:
        subject = Subject(customer_id, current_correlation_id(), session.actor)
        facts = {"approval_id": str(approval_id), "because": because}
        await evidence.record_event(session, subject=subject, kind="approval.revoked", facts=facts)
    return len(revoked)


async def get_own(database: Database, customer_id: CustomerId, approval_id: UUID) -> DeliveredApproval:
    """Raises: PlatformError 404."""
    async with database.tenant(customer_id) as session:
        held = await store.find(session, approval_id)
    if held is None:
        raise not_found("approval")
    return DeliveredApproval(approval_id=held.approval_id, status=held.status(utc_now()))


async def list_own(database: Database, customer_id: CustomerId, *, page: Page) -> DeliveredApprovalList:
    async with database.tenant(customer_id) as session:
        found = await store.list_newest(session, page=page)
    held, cursor = cut_page(found, page, id_of=lambda approval: approval.approval_id)
    now = utc_now()
    items = tuple(DeliveredApproval(approval_id=one.approval_id, status=one.status(now)) for one in held)
    return DeliveredApprovalList(items=items, next_cursor=cursor)


def _check_caller(claims: ApprovalClaims, caller: Identity) -> None:
    if claims.iss != caller.issuer:
        raise ApprovalRefusedError(
            DenialReason.APPROVAL_ISSUER_UNTRUSTED, "A portal delivers its own approvals only."
        )
    if claims.sub != caller.customer_id:
        raise ApprovalRefusedError(
            DenialReason.APPROVAL_WRONG_CUSTOMER, "The approval is another customer's than the call."
        )


async def _store(session: TenantSession, claims: ApprovalClaims, *, statement: str) -> DeliveredApproval:
    new = await store.insert(session, claims, statement=statement, kid=claims.iss)
    held = new or await store.find(session, claims.jti)
    if held is None:
        raise wrong_state("The deliverable has another live approval already.", reason="already_approved")
    if held.statement != statement:
        raise wrong_state("Another approval of this id is stored already.", reason="approval_conflict")
    if new and claims.is_expired(utc_now()):
        raise ApprovalRefusedError(DenialReason.APPROVAL_EXPIRED, "It had expired before it was delivered.")
    if new and new.revoked_at is None and new.deliverable_id is not None:
        await _approve_deliverable(session, new.deliverable_id, claims)
    if new:
        facts = {"approval_id": str(claims.jti), "approver": claims.approver.model_dump(mode="json")}
        await evidence.record_event(session, subject=_subject(claims), kind="approval.stored", facts=facts)
    return DeliveredApproval(approval_id=held.approval_id, status=held.status(utc_now()))


async def _approve_deliverable(
    session: TenantSession, deliverable_id: DeliverableId, claims: ApprovalClaims
) -> None:
    deliverable = await deliverables.get(session, deliverable_id)
    if deliverable.draft is None or deliverable.draft.action_hash != claims.action_hash:
        raise ApprovalRefusedError(
            DenialReason.APPROVAL_ACTION_MISMATCH, "The deliverable holds another action than was approved."
        )
    approver = claims.approver
    actor = f"{approver.type}:{approver.id}"
    notes = f"confirmed by operator:{approver.confirmed_by}" if approver.confirmed_by else None
    until = from_epoch_ms(claims.exp * 1000)
    if not await deliverables.approve(session, deliverable_id, actor=actor, until=until, notes=notes):
        raise wrong_state(f"The deliverable is {deliverable.state}; only one under review can be approved.")


def _subject(claims: ApprovalClaims) -> Subject:
    return Subject(
        customer_id=CustomerId(claims.sub),
        correlation_id=current_correlation_id(),
        actor=f"{claims.approver.type}:{claims.approver.id}",
        action_kind=claims.action.kind,
        action_hash=claims.action_hash,
    )
