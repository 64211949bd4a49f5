"""HTTP of live updates for customers: one stream of events for each open page."""

from fastapi import APIRouter, Request, Response

from shared.contracts.changes import Changes
from shared.portal import Portal
from shared.web.events_answer import DOCUMENTED, follow_changes
from shared.web.portal import Customer, ThePortal

_ANSWER_TIMEOUT_S = 5

router = APIRouter(prefix="/api/cp/events", tags=["events"])


@router.get("", response_class=Response, responses={**DOCUMENTED})
async def follow(request: Request, customer: Customer, portal: ThePortal) -> Response:
    """Tell a page, until it is closed, of which topics something is not as it was."""
    caller = customer.caller(customer_id=customer.customer_id)

    async def ask(portal: Portal) -> Changes:
        return await portal.plant.fetch(
            "GET", "/api/v1/changes", caller=caller, model=Changes, timeout_s=_ANSWER_TIMEOUT_S
        )

    return await follow_changes(request, portal, customer, subject=customer.customer_id, ask=ask)
