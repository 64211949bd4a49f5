"""What can be done with a deliverable. Approving is not here: that is the delivery of a signed approval."""

from datetime import datetime
from uuid import UUID

from plant.deliverables import store
from plant.deliverables.model import NewDeliverable
from shared.contracts.trading import Deliverable, DeliverableList, DeliverableState, ReviewRequest
from shared.db import Database, OversightSession, TenantSession
from shared.errors import FieldError, invalid_fields, not_found, wrong_state
from shared.identity import Identity
from shared.ids import CustomerId, DeliverableId, ExecutionId
from shared.paging import Page, cut_page

_CLOCK = "service:clock"
_EXPIRED_AT_ONCE = 1_000


async def add(session: TenantSession, new: NewDeliverable, *, actor: str) -> None:
    await store.insert(session, new, actor=actor)


async def get(session: TenantSession, deliverable_id: DeliverableId) -> Deliverable:
    """Whose time is over is written down as expired, once.

    Raises: PlatformError 404 when there is none, or it is another customer's.
    """
    deliverable = await store.find(session, deliverable_id)
    if deliverable is None or deliverable.customer_id != session.customer_id:
        raise not_found("deliverable")
    if deliverable.state is DeliverableState.EXPIRED:
        await store.expire_overdue(session, actor=_CLOCK, only=deliverable_id)
    return deliverable


async def review(
    database: Database, deliverable_id: DeliverableId, *, review: ReviewRequest, caller: Identity
) -> Deliverable:
    """Reject it or, where there is no action to approve, acknowledge it.

    Raises: PlatformError 404, 409, or 422 for the approval of an action: those are signed by a portal.
    """
    assert caller.customer_id is not None
    async with database.tenant(caller.customer_id) as session:
        deliverable = await get(session, deliverable_id)
        to = _decided(deliverable, review)
        if not await store.move(session, deliverable_id, to=to, actor=caller.actor, notes=review.notes):
            raise wrong_state(f"The deliverable is {deliverable.state}; only one under review can be {to}.")
        return await get(session, deliverable_id)


async def approve(
    session: TenantSession,
    deliverable_id: DeliverableId,
    *,
    actor: str,
    until: datetime,
    notes: str | None = None,
) -> bool:
    """From now on the deliverable lasts as long as its approval.

    Requires: a verified approval for exactly this deliverable's action, stored in this transaction.
    """
    return await store.move(
        session, deliverable_id, to=DeliverableState.APPROVED, actor=actor, notes=notes, expires_at=until
    )


async def expire(session: TenantSession, deliverable_id: DeliverableId, *, actor: str, notes: str) -> None:
    await store.move(session, deliverable_id, to=DeliverableState.EXPIRED, actor=actor, notes=notes)


async def expire_waiting(session: OversightSession, *, actor: str, notes: str) -> int:
    """Expire every draft that was neither executed nor turned down, of all customers; return how many."""
    return await store.expire_waiting(session, actor=actor, notes=notes)


async def expire_overdue(database: Database) -> int:
    """Write down as expired what nobody decided or used in its time, of all customers; return how many."""
    async with database.oversight(actor=_CLOCK) as session:
        return await store.expire_overdue(session, actor=_CLOCK, limit=_EXPIRED_AT_ONCE)


async def start_executing(
    session: TenantSession, deliverable_id: DeliverableId, *, execution_id: ExecutionId, actor: str
) -> bool:
    """Requires: the release transaction."""
    return await store.move(
        session, deliverable_id, to=DeliverableState.EXECUTING, actor=actor, execution_id=execution_id
    )


async def finish(
    session: TenantSession, deliverable_id: DeliverableId, *, succeeded: bool, notes: str
) -> None:
    to = DeliverableState.EXECUTED if succeeded else DeliverableState.FAILED
    await store.move(session, deliverable_id, to=to, actor="service:worker", notes=notes)


async def list_own(
    database: Database,
    customer_id: CustomerId,
    *,
    state: str | None,
    page: Page,
    hired_instance_id: UUID | None = None,
) -> DeliverableList:
    async with database.tenant(customer_id) as session:
        found = await store.list_newest(
            session, customer_id=customer_id, state=state, page=page, hired_instance_id=hired_instance_id
        )
    return _cut(found, page)


async def list_all(
    session: OversightSession, *, customer_id: CustomerId | None, state: str | None, page: Page
) -> DeliverableList:
    return _cut(await store.list_newest(session, customer_id=customer_id, state=state, page=page), page)


def _cut(found: list[Deliverable], page: Page) -> DeliverableList:
    items, cursor = cut_page(found, page, id_of=lambda deliverable: deliverable.deliverable_id)
    return DeliverableList(items=tuple(items), next_cursor=cursor)


def _decided(deliverable: Deliverable, review: ReviewRequest) -> DeliverableState:
    match review.decision:
        case "rejected":
            return DeliverableState.REJECTED
        case "acknowledged" if deliverable.draft is None:
            return DeliverableState.APPROVED
        case "acknowledged":
            raise invalid_fields(FieldError("decision", "it holds an action: approve it, or reject it"))
        case "approved":
            raise invalid_fields(
                FieldError("decision", "an approval is signed by a portal, not said to Plant")
            )
