"""Passes one request on to Plant and streams the answer back; only headers on a list travel, either way.

Nothing is sent twice: a lost answer is told as such (502), and the caller looks up what became of it.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from shared.correlation import HEADER
from shared.errors import PlatformError, unavailable
from shared.http_client import AnswerLostError, HttpClient, NotSentError, StreamedAnswer
from shared.identity import IDENTITY_HEADER, PROOF_HEADER, Identity, mint_proof
from shared.keys import SigningKey
from shared.web.in_flight import InFlight

REQUEST_HEADERS = frozenset(
    {
        "accept",
        "content-type",
        "idempotency-key",
        "if-none-match",
        "last-event-id",
        "traceparent",
        "tracestate",
    }
)
# Whatever may stand in a query as it is; any other byte goes on percent-encoded.
_PLAIN_IN_QUERY = "!$%&'()*+,-./:;=?@[]^_`{|}~"
SHORT_ANSWER_BYTES = 256 * 1024
RESPONSE_HEADERS = frozenset(
    {
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-length",
        "content-type",
        "etag",
        "retry-after",
        "www-authenticate",
    }
)


async def read_body(request: Request, *, limit: int) -> bytes:
    """Read the whole body before Plant sees a byte of it; the row's limit keeps that small.

    Raises: PlatformError 413.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise PlatformError(
                413, "too_large", f"This path takes at most {limit} bytes; nothing was changed."
            )
        parts.append(part)
    return b"".join(parts)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The request as Plant will see it."""

    method: str
    target: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def build_request(
    request: Request, *, body: bytes, token: str, identity: Identity, key: SigningKey
) -> Outgoing:
    """Write the request anew: the path as it came, the listed headers, the token, and our proof."""
    path = request.scope["raw_path"].decode()
    headers = {name: value for name, value in request.headers.items() if name in REQUEST_HEADERS}
    headers |= {
        IDENTITY_HEADER: f"Bearer {token}",
        PROOF_HEADER: mint_proof(token, method=request.method, path=path, key=key),
        HEADER: str(identity.correlation_id),
        "User-Agent": "countersign-gateway",
    }
    query = quote_from_bytes(request.scope["query_string"], safe=_PLAIN_IN_QUERY)
    return Outgoing(request.method, f"{path}?{query}" if query else path, headers, body)


class Forwarding(Response):
    """An answer that is fetched from Plant while it is being sent, and counts as in flight until then."""

    def __init__(self, outgoing: Outgoing, *, client: HttpClient, in_flight: InFlight) -> None:
        super().__init__()
        self._outgoing = outgoing
        self._client = client
        self._in_flight = in_flight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._in_flight.one_more():
            async with AsyncExitStack() as stack:
                response = await _passed_on(await self._ask(stack))
                await response(scope, receive, send)

    async def _ask(self, stack: AsyncExitStack) -> StreamedAnswer:
        """Raises: PlatformError 503 when nothing was sent; 502 when it was, and the answer is lost."""
        outgoing = self._outgoing
        answer = self._client.stream(
            outgoing.method, outgoing.target, headers=outgoing.headers, content=outgoing.body
        )
        try:
            return await stack.enter_async_context(answer)
        except NotSentError as error:
            detail = "Plant cannot be reached; nothing was sent."
            raise unavailable(detail, reason="plant_unavailable") from error
        except AnswerLostError as error:
            raise _answer_lost() from error


async def _passed_on(answer: StreamedAnswer) -> Response:
    """Read a short answer whole, so that a break is told as 502; stream any other, a break stays a break."""
    found = answer.headers
    headers = {name: ", ".join(found.getall(name)) for name in RESPONSE_HEADERS if name in found}
    if not _is_short(headers):
        return StreamingResponse(answer.parts(), answer.status, headers)
    try:
        return Response(await answer.read(), answer.status, headers)
    except AnswerLostError as error:
        raise _answer_lost() from error


def _is_short(headers: Mapping[str, str]) -> bool:
    length = headers.get("content-length", "")
    return length.isdigit() and int(length) <= SHORT_ANSWER_BYTES


def _answer_lost() -> PlatformError:
    detail = "Plant's answer was lost; look up what became of the request before repeating it."
    return PlatformError(502, "plant_answer_lost", detail)
