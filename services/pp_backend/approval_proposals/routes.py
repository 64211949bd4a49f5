"""HTTP of approving for a customer: at once, or as a proposal that a second operator confirms or declines."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from pp_backend.approval_proposals.actions import (
    confirm,
    decline,
    get_proposal,
    list_proposals,
    propose,
)
from pp_backend.approval_proposals.model import Proposal, ProposalFilter
from shared.approvals.actions import approve
from shared.contracts.approvals import (
    Approval,
    ApprovalProposal,
    ApprovalProposalList,
    AssistedApproveRequest,
    ConfirmRequest,
    DeclineRequest,
    ProposalState,
)
from shared.contracts.sign_in import Role
from shared.ids import CustomerId
from shared.sign_in.party import Party
from shared.web.paging import ThePage
from shared.web.portal import Operator, RequireOperator, ThePortal

PROPOSALS = "/api/pp/approval-proposals"
# Pages look again every few seconds. What is decided is on the operators' record, these looks are not.
Watcher = Annotated[Party, Depends(RequireOperator(Role.VIEWER, is_recorded=False))]

router = APIRouter(tags=["approvals"])


@router.post(
    "/api/pp/approvals",
    status_code=201,
    response_model=Approval,
    responses={202: {"model": ApprovalProposal, "description": "It waits for a second operator."}},
)
async def approve_assisted(
    body: AssistedApproveRequest, operator: Operator, portal: ThePortal
) -> Approval | JSONResponse:
    """Approve with the customer's consent. Where four eyes are demanded, this proposes it to a second operator."""
    if not portal.approvals.four_eyes:
        customer_id = CustomerId(body.customer_id)
        return await approve(portal.approvals, body, customer_id=customer_id, by=operator)
    proposal = await propose(portal.approvals, body, by=operator)
    return JSONResponse(_to_wire(proposal).model_dump(mode="json"), status_code=202)


@router.get(PROPOSALS)
async def list_all(
    watcher: Watcher,
    portal: ThePortal,
    page: ThePage,
    state: Annotated[ProposalState | None, Query()] = None,
    customer_id: UUID | None = None,
    deliverable_id: UUID | None = None,
) -> ApprovalProposalList:
    wanted = ProposalFilter(state, customer_id, deliverable_id)
    found, cursor = await list_proposals(portal.approvals, wanted=wanted, page=page, by=watcher)
    return ApprovalProposalList(
        items=tuple(_to_wire(one) for one in found),
        next_cursor=cursor,
        four_eyes=portal.approvals.four_eyes,
    )


@router.get(f"{PROPOSALS}/{{proposal_id}}")
async def get_one(proposal_id: UUID, watcher: Watcher, portal: ThePortal) -> ApprovalProposal:
    return _to_wire(await get_proposal(portal.approvals, proposal_id, by=watcher))


@router.post(f"{PROPOSALS}/{{proposal_id}}/confirm", status_code=201)
async def confirm_one(
    proposal_id: UUID, body: ConfirmRequest, operator: Operator, portal: ThePortal
) -> Approval:
    """Confirm what another operator proposed, having seen the very same action."""
    return await confirm(portal.approvals, proposal_id, shown_hash=body.action_hash, by=operator)


@router.post(f"{PROPOSALS}/{{proposal_id}}/decline")
async def decline_one(
    proposal_id: UUID, body: DeclineRequest, operator: Operator, portal: ThePortal
) -> ApprovalProposal:
    """Decline what another operator proposed, or withdraw one's own proposal."""
    return _to_wire(await decline(portal.approvals, proposal_id, notes=body.notes, by=operator))


def _to_wire(proposal: Proposal) -> ApprovalProposal:
    request = proposal.request
    return ApprovalProposal(
        proposal_id=proposal.proposal_id,
        customer_id=request.customer_id,
        deliverable_id=request.deliverable_id,
        action=proposal.action,
        action_hash=request.action_hash,
        price_shown=request.price_shown,
        consent=request.consent,
        notes=request.notes,
        state=proposal.state,
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
        expires_at=proposal.expires_at,
        decided_by=proposal.decided_by,
        decided_at=proposal.decided_at,
        decline_notes=proposal.decline_notes,
        approval_id=proposal.approval_id,
    )
