"""What surrounds every request: correlation id, size limit, metrics, access log, the last error net."""

import asyncio
import time
from collections.abc import MutableMapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.correlation import HEADER, accept_or_make, bind_correlation_id
from shared.errors import PlatformError
from shared.logs import get_logger
from shared.web.events import EVENT_STREAM
from shared.web.in_flight import InFlight
from shared.web.problems import problem_response

REQUESTS = Counter("countersign_http_requests", "Requests answered", ["service", "method", "route", "status"])
DURATION = Histogram("countersign_http_request_seconds", "Time to answer", ["service", "method", "route"])
_QUIET_PATHS = ("/health/", "/metrics")
# Asked for every second for each customer who has a page open.
_QUIET_IF_WELL = ("/api/v1/changes", "/internal/v1/changes")
_API = "/api/"
_NOT_COUNTED = ("/api/pp/kill-switches", "/api/cp/events", "/api/pp/events")
BODY_PATIENCE_S = 10.0


class Envelope:
    """ASGI middleware, outermost. `max_body_bytes` bounds what a client can make us read.

    Beyond `max_in_flight` clients of the API are told to come again; not so the other services, which work for
    those that are in flight already, and never who stops everything. A page loads at any time: its parts are in
    memory. Streams of events have a limit of their own. A body must be here within `BODY_PATIENCE_S`.
    """

    def __init__(self, app: ASGIApp, *, service: str, max_body_bytes: int, max_in_flight: int | None) -> None:
        self._app = app
        self._service = service
        self._max_body_bytes = max_body_bytes
        self._in_flight = InFlight(max_in_flight) if max_in_flight else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation_id = accept_or_make(Headers(scope=scope).get(HEADER))
        bind_correlation_id(correlation_id)
        started = time.perf_counter()
        answer = _Answer()

        async def stamp(message: Message) -> None:
            if message["type"] == "http.response.start":
                _stamp_headers(message, correlation_id=str(correlation_id))
                answer.note(message)
            await send(message)

        try:
            await self._answer(scope, receive, stamp)
        except Exception:  # noqa: BLE001  the outermost net: logged, answered, nothing swallowed silently
            get_logger().exception("request.crashed", method=scope["method"], path=scope["path"])
            if not answer.has_begun:
                await problem_response(_crashed())(scope, receive, stamp)
        finally:
            self._record(scope, answer, seconds=time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        in_flight = self._in_flight if _counts(scope["path"]) else None
        if _declared_length(scope) > self._max_body_bytes:
            await problem_response(_too_large(self._max_body_bytes))(scope, receive, send)
        elif in_flight is not None and in_flight.is_full:
            await problem_response(in_flight.refusal())(scope, receive, send)
        else:
            with in_flight.one_more() if in_flight else nullcontext():
                await self._app(scope, _bounded(receive, limit=self._max_body_bytes), send)

    def _record(self, scope: Scope, answer: "_Answer", *, seconds: float) -> None:
        method, path, route = scope["method"], scope["path"], _route_pattern(scope)
        REQUESTS.labels(self._service, method, route, str(answer.status)).inc()
        if not answer.is_stream:
            DURATION.labels(self._service, method, route).observe(seconds)
        if not path.startswith(_QUIET_PATHS if answer.status >= 400 else (*_QUIET_PATHS, *_QUIET_IF_WELL)):
            milliseconds = round(seconds * 1000, 1)
            get_logger().info(
                "request.answered", method=method, path=path, status=answer.status, ms=milliseconds
            )


@dataclass(slots=True)
class _Answer:
    """What has been said so far; 499: nothing, and the client has gone. A stream lasts as long as its page."""

    status: int = 499
    has_begun: bool = False
    is_stream: bool = False

    def note(self, start: Message) -> None:
        self.status, self.has_begun = start["status"], True
        self.is_stream = Headers(raw=start["headers"]).get("content-type", "") == EVENT_STREAM


def _counts(path: str) -> bool:
    return path.startswith(_API) and not path.startswith(_NOT_COUNTED)


def _declared_length(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared) if declared.isdigit() else 0


def _bounded(receive: Receive, *, limit: int) -> Receive:
    seen, is_whole = 0, False
    deadline = asyncio.get_running_loop().time() + BODY_PATIENCE_S

    async def bounded() -> Message:
        nonlocal seen, is_whole
        try:
            async with asyncio.timeout_at(None if is_whole else deadline):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "The body did not arrive in time; nothing was done.") from None
        seen += len(message.get("body", b""))
        is_whole = is_whole or not message.get("more_body", False)
        if seen > limit:
            raise HTTPException(413, _too_large(limit).detail)
        return message

    return bounded


def _too_large(limit: int) -> PlatformError:
    return PlatformError(
        413, "too_large", f"The body is larger than {limit} bytes; nothing was read or changed."
    )


def _crashed() -> PlatformError:
    return PlatformError(
        500, "unexpected", "Something unexpected happened; quote the correlation id to support."
    )


def _stamp_headers(message: MutableMapping[str, Any], *, correlation_id: str) -> None:
    headers = MutableHeaders(scope=message)
    headers[HEADER] = correlation_id
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Referrer-Policy", "same-origin")


def _route_pattern(scope: Scope) -> str:
    route = scope.get("route")
    return str(getattr(route, "path", "unmatched"))
