"""HTTP of live updates for operators: one stream of events for each open page, told of all customers' changes."""

from fastapi import APIRouter, Request, Response

from shared.contracts.changes import Changes
from shared.portal import Portal
from shared.web.events_answer import DOCUMENTED, follow_changes
from shared.web.portal import ThePortal, Viewer

_ANSWER_TIMEOUT_S = 5

router = APIRouter(prefix="/api/pp/events", tags=["events"])


@router.get("", response_class=Response, responses={**DOCUMENTED})
async def follow(request: Request, viewer: Viewer, portal: ThePortal) -> Response:
    """Tell a page, until it is closed, of which topics something is not as it was."""
    caller = viewer.caller(customer_id=None)

    async def ask(portal: Portal) -> Changes:
        return await portal.plant.fetch(
            "GET", "/internal/v1/changes", caller=caller, model=Changes, timeout_s=_ANSWER_TIMEOUT_S
        )

    return await follow_changes(request, portal, viewer, subject=None, ask=ask)
