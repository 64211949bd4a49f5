"""The answer that is a stream of events, as the portals' routes give it, and how their documents tell of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared.portal import Portal
from shared.sign_in.party import Party
from shared.web.events import EVENT_STREAM, Stream, send_stream
from shared.web.events_live import Ask, LiveUpdates
from shared.web.portal import check_origin

_EXAMPLE = 'event: changed\ndata: {"topics":["deliverables"]}\n\n'
DOCUMENTED: Mapping[int | str, dict[str, Any]] = {
    200: {
        "description": "`changed` names topics of which something moved; `signed_out` is the last event of a session.",
        "content": {EVENT_STREAM: {"schema": {"type": "string"}, "example": _EXAMPLE}},
    }
}


async def follow_changes(
    request: Request, portal: Portal, party: Party, *, subject: UUID | None, ask: Ask
) -> Response:
    """A page of this party is told of the subject's changes from now on; see `LiveUpdates.attend`.

    Raises: PlatformError 403 for a page of another site.
    """
    check_origin(request, portal)
    await request.body()
    stream = Stream(party.account_id, party.person.session_id)
    return _EventAnswer(stream, live=request.app.state.live, portal=portal, subject=subject, ask=ask)


class _EventAnswer(Response):
    """It takes its place when it begins to be sent, and gives it back however it ends."""

    def __init__(
        self, stream: Stream, *, live: LiveUpdates, portal: Portal, subject: UUID | None, ask: Ask
    ) -> None:
        super().__init__(media_type=EVENT_STREAM)
        self._stream = stream
        self._attending = live.attend(stream, portal=portal, subject=subject, ask=ask)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._attending:
            await send_stream(self._stream, receive, send)
