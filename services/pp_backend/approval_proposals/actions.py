"""Two operators for one approval: the first proposes, a second confirms or declines, and only then is it signed.

Everything that must hold for an approval is checked when it is proposed, and again when it is confirmed.
"""

from collections.abc import Sequence
from uuid import UUID

from pp_backend.approval_proposals import store
from pp_backend.approval_proposals.model import Proposal, ProposalFilter, waits_for
from shared.approvals.decided import (
    Minted,
    deliver_denial,
    deliver_minted,
    record_approval,
    record_denial,
)
from shared.approvals.desk import ApprovalDesk
from shared.approvals.target import Target, check_can_be_approved, find_refusal, find_target
from shared.contracts.approvals import Approval, Approver, AssistedApproveRequest, ProposalState
from shared.contracts.evidence import DeliverDenial
from shared.contracts.sign_in import Role
from shared.db import OversightSession
from shared.errors import PlatformError, not_allowed, not_found, wrong_state
from shared.ids import CustomerId, OperatorId
from shared.logs import get_logger
from shared.paging import Page, cut_page
from shared.sign_in.actions import find_who_lacks
from shared.sign_in.party import Party

_OVER = {
    ProposalState.CONFIRMED: "proposal_decided",
    ProposalState.DECLINED: "proposal_decided",
    ProposalState.EXPIRED: "proposal_expired",
}


async def propose(desk: ApprovalDesk, request: AssistedApproveRequest, *, by: Party) -> Proposal:
    """Keep what an operator wants to approve until a second one has looked; nothing is signed.

    Raises: PlatformError as `approve` does; 409 `already_proposed`.
    """
    customer_id = CustomerId(request.customer_id)
    target = await find_target(desk, request, customer_id=customer_id, by=by)
    async with desk.database.oversight(actor=by.name) as session:
        await check_can_be_approved(session, target)
        await _check_not_proposed(session, target)
        refusal = find_refusal(target, shown=(request.action_hash,), customer_id=customer_id, by=by)
        if refusal is None:
            outcome = await _insert(session, request, target, by=by)
        else:
            outcome = refusal
            await record_denial(session, refusal, customer_id=customer_id)
    if isinstance(outcome, DeliverDenial):
        raise await deliver_denial(desk, outcome)
    get_logger().info("approval.proposed", proposal_id=outcome.proposal_id, action_hash=request.action_hash)
    return outcome


async def confirm(desk: ApprovalDesk, proposal_id: UUID, *, shown_hash: str, by: Party) -> Approval:
    """Mint what was proposed, under both names, and deliver it if Plant is there.

    Raises: PlatformError 404; 403 `second_operator_required` for one's own, `not_allowed` for who is no operator
        any more; 409 `proposal_decided`, `proposal_expired`, `proposer_not_allowed`; and as `approve` does.
    """
    proposal = await get_proposal(desk, proposal_id, by=by)
    _check_is_anothers(proposal, by=by)
    _check_waits(proposal)
    customer_id = CustomerId(proposal.request.customer_id)
    target = await find_target(desk, proposal.request, customer_id=customer_id, by=by)
    async with desk.database.oversight(actor=by.name) as session:
        proposal = await _lock_waiting(session, proposal_id)
        await _check_are_operators(session, proposal, by=by)
        await check_can_be_approved(session, target)
        shown = (proposal.request.action_hash, shown_hash)
        refusal = find_refusal(target, shown=shown, customer_id=customer_id, by=by)
        if refusal is None:
            outcome = await _mint(session, desk, target, proposal, by=by)
        else:
            outcome = refusal
            await record_denial(session, refusal, customer_id=customer_id)
    if isinstance(outcome, DeliverDenial):
        raise await deliver_denial(desk, outcome)
    get_logger().info("approval.confirmed", proposal_id=proposal_id, approval_id=outcome.record.approval_id)
    return await deliver_minted(desk, outcome)


async def decline(desk: ApprovalDesk, proposal_id: UUID, *, notes: str | None, by: Party) -> Proposal:
    """Turn it down, or withdraw one's own. Raises: PlatformError 404; 409 `proposal_decided`, `proposal_expired`."""
    async with desk.database.oversight(actor=by.name) as session:
        await _lock_waiting(session, proposal_id)
        declined = await store.mark_declined(
            session, proposal_id=proposal_id, decided_by=OperatorId(by.account_id), notes=notes
        )
    get_logger().info("approval.declined", proposal_id=proposal_id)
    return declined


async def get_proposal(desk: ApprovalDesk, proposal_id: UUID, *, by: Party) -> Proposal:
    """Raises: PlatformError 404."""
    async with desk.database.oversight(actor=by.name) as session:
        found = await store.find_proposal(session, proposal_id=proposal_id)
    if found is None:
        raise not_found("proposal")
    return found


async def list_proposals(
    desk: ApprovalDesk, *, wanted: ProposalFilter, page: Page, by: Party
) -> tuple[Sequence[Proposal], str | None]:
    async with desk.database.oversight(actor=by.name) as session:
        found = await store.list_proposals(session, wanted=wanted, page=page)
    return cut_page(found, page, id_of=lambda proposal: proposal.proposal_id)


async def end_waiting(session: OversightSession) -> str:
    """After a restore: what waits in a backup may have been confirmed, and used, since it was taken."""
    return f"{await store.end_waiting(session)} proposals ended"


async def _insert(
    session: OversightSession, request: AssistedApproveRequest, target: Target, *, by: Party
) -> Proposal:
    return await store.insert_proposal(
        session,
        request,
        action=target.action,
        proposed_by=OperatorId(by.account_id),
        waits=waits_for(target.action),
    )


async def _mint(
    session: OversightSession, desk: ApprovalDesk, target: Target, proposal: Proposal, *, by: Party
) -> Minted:
    """Requires: the transaction that holds the proposal, so that it is minted once."""
    confirmed_by = OperatorId(by.account_id)
    approver = Approver(
        type="operator",
        id=proposal.proposed_by,
        method="assisted",
        consent=proposal.request.consent,
        confirmed_by=confirmed_by,
    )
    minted = await record_approval(session, desk, target, approver=approver, notes=proposal.request.notes)
    await store.mark_confirmed(
        session,
        proposal_id=proposal.proposal_id,
        decided_by=confirmed_by,
        approval_id=minted.record.approval_id,
    )
    return minted


async def _lock_waiting(session: OversightSession, proposal_id: UUID) -> Proposal:
    proposal = await store.lock_proposal(session, proposal_id=proposal_id)
    if proposal is None:
        raise not_found("proposal")
    _check_waits(proposal)
    return proposal


async def _check_not_proposed(session: OversightSession, target: Target) -> None:
    """Requires: the deliverable is held, see `check_can_be_approved`; an action without one is held here."""
    if target.deliverable_id is None:
        await store.lock_action(session, action_hash=target.action.action_hash())
        waiting = await store.find_waiting_action(session, target.action)
    else:
        waiting = await store.find_waiting(session, deliverable_id=target.deliverable_id)
    if waiting is not None:
        raise wrong_state(
            f"The proposal {waiting.proposal_id} waits for a second operator; confirm or decline that one.",
            reason="already_proposed",
        )


async def _check_are_operators(session: OversightSession, proposal: Proposal, *, by: Party) -> None:
    """Roles may have changed since: both must be operators at the moment of signing."""
    people = (by.account_id, proposal.proposed_by)
    lacking = await find_who_lacks(session, Role.OPERATOR, account_ids=people)
    if by.account_id in lacking:
        raise not_allowed(f"Only an operator with the role {Role.OPERATOR} can do this.")
    if proposal.proposed_by in lacking:
        raise wrong_state(
            "Whoever proposed it is no operator any more; decline it, and propose it anew if it is still wanted.",
            reason="proposer_not_allowed",
        )


def _check_is_anothers(proposal: Proposal, *, by: Party) -> None:
    if proposal.proposed_by == by.account_id:
        raise PlatformError(
            403,
            "second_operator_required",
            "You proposed it yourself; another operator must confirm it. You can withdraw it.",
        )


def _check_waits(proposal: Proposal) -> None:
    if proposal.state is not ProposalState.WAITING:
        raise wrong_state(
            f"Only a proposal that waits can be decided; this one is {proposal.state}.",
            reason=_OVER[proposal.state],
        )
