"""Passes one request on to Plant and streams the answer back; only headers on a list travel, either way.

Nothing is sent twice: a lost answer is told as such (502), and the caller looks up what became of it.
"""

import httpx
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from gateway.limits import InFlight
from shared.correlation import HEADER
from shared.errors import PlatformError, unavailable
from shared.identity import IDENTITY_HEADER, PROOF_HEADER, Identity, mint_proof
from shared.keys import SigningKey

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


def build_request(
    request: Request,
    *,
    client: httpx.AsyncClient,
    body: bytes,
    token: str,
    identity: Identity,
    key: SigningKey,
) -> httpx.Request:
    """Write the request anew: the path as it came, the listed headers, the token, and our proof."""
    path: bytes = request.scope["raw_path"]
    headers = {name: value for name, value in request.headers.items() if name in REQUEST_HEADERS}
    headers |= {
        IDENTITY_HEADER: f"Bearer {token}",
        PROOF_HEADER: mint_proof(token, method=request.method, path=path.decode(), key=key),
        HEADER: str(identity.correlation_id),
        "Accept-Encoding": "identity",
    }
    query = request.scope["query_string"]
    target = path + (b"?" + query if query else b"")
    url = client.base_url.copy_with(raw_path=target)
    return client.build_request(request.method, url, headers=headers, content=body)


class Forwarding(Response):
    """An answer that is fetched from Plant while it is being sent, and counts as in flight until then."""

    def __init__(self, outgoing: httpx.Request, *, client: httpx.AsyncClient, in_flight: InFlight) -> None:
        super().__init__()
        self._outgoing = outgoing
        self._client = client
        self._in_flight = in_flight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._in_flight.one_more():
            answer = await _send(self._outgoing, client=self._client)
            try:
                response = await _passed_on(answer)
                await response(scope, receive, send)
            finally:
                await answer.aclose()


async def _send(outgoing: httpx.Request, *, client: httpx.AsyncClient) -> httpx.Response:
    """Raises: PlatformError 503 when nothing was sent; 502 when it was, and the answer is lost."""
    try:
        return await client.send(outgoing, stream=True)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise unavailable("Plant cannot be reached; nothing was sent.", reason="plant_unavailable") from error
    except httpx.TransportError as error:
        raise _answer_lost() from error


async def _passed_on(answer: httpx.Response) -> Response:
    """Read a short answer whole, so that a break is told as 502; stream any other, a break stays a break."""
    headers = {name: value for name, value in answer.headers.items() if name in RESPONSE_HEADERS}
    if not _is_short(answer):
        return StreamingResponse(answer.aiter_raw(), answer.status_code, headers)
    try:
        body = b"".join([part async for part in answer.aiter_raw()])
    except httpx.TransportError as error:
        raise _answer_lost() from error
    return Response(body, answer.status_code, headers)


def _is_short(answer: httpx.Response) -> bool:
    length = answer.headers.get("content-length", "")
    return length.isdigit() and int(length) <= SHORT_ANSWER_BYTES


def _answer_lost() -> PlatformError:
    detail = "Plant's answer was lost; look up what became of the request before repeating it."
    return PlatformError(502, "plant_answer_lost", detail)
