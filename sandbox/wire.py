"""The door of a venue: records each request, plays the planted faults, and sends what the venue answers."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.types import Receive, Scope, Send

from sandbox.connection import hang_up
from sandbox.faults import ANSWER_FAULTS, UNPROCESSED_FAULTS, Fault, FaultName
from sandbox.ledger import LedgerEntry
from sandbox.venue import Venue, VenueAnswer, VenueRequest, World

MAX_BODY_BYTES = 1_048_576


class VenueApp:
    """ASGI app of one venue; everything under its prefix comes here."""

    def __init__(self, world: World, *, venue: Venue) -> None:
        self._world = world
        self._venue = venue
        self._prefix = f"/{venue.name}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await self._read(scope, receive)
        api_key = self._venue.find_api_key(request)
        entry = self._record(request, api_key)
        fault = self._world.faults.take(
            self._venue.name,
            names=ANSWER_FAULTS,
            method=request.method,
            path=request.path,
            api_key=api_key,
        )
        answer = self._play(request, entry, fault)
        if answer is None:
            await hang_up(scope, receive=receive)
            return
        if fault is not None and fault.name is FaultName.SLOW:
            await asyncio.sleep(fault.params.seconds)
        entry.status = answer.status
        await _send(answer, send, is_head=request.method == "HEAD")

    def _play(self, request: VenueRequest, entry: LedgerEntry, fault: Fault | None) -> VenueAnswer | None:
        """Answer the request as the fault wants it; None means to hang up."""
        if fault is not None and fault.name in UNPROCESSED_FAULTS:
            return self._refuse(fault)
        answer = self._process(request, entry)
        if fault is None or fault.name is FaultName.SLOW:
            return answer
        if fault.name is FaultName.MALFORMED:
            return _broken(answer)
        if fault.name is FaultName.ERROR_AFTER:
            return self._venue.fail(fault.params.status, code=fault.params.code)
        return None

    def _refuse(self, fault: Fault) -> VenueAnswer | None:
        if fault.name is FaultName.RATE_LIMIT:
            return self._venue.refuse_for_rate(reset_ms=fault.params.reset_ms)
        if fault.name is FaultName.MAINTENANCE:
            return self._venue.fail(503, code="maintenance")
        if fault.name is FaultName.ERROR_BEFORE:
            return self._venue.fail(fault.params.status, code=fault.params.code)
        return None

    def _process(self, request: VenueRequest, entry: LedgerEntry) -> VenueAnswer:
        if len(request.body) > MAX_BODY_BYTES:
            return self._venue.fail(413)
        answer = self._venue.answer(request)
        entry.order_id = answer.order_id
        return answer

    def _record(self, request: VenueRequest, api_key: str | None) -> LedgerEntry:
        return self._world.ledger.record(
            at_s=self._world.clock.now_s(),
            venue=self._venue.name,
            method=request.method,
            path=request.path,
            query=request.query,
            body=request.body[:MAX_BODY_BYTES].decode("utf-8", "replace"),
            api_key=api_key,
        )

    async def _read(self, scope: Scope, receive: Receive) -> VenueRequest:
        client = scope.get("client")
        return VenueRequest(
            method=scope["method"],
            path=_raw_path(scope).removeprefix(self._prefix),
            query=scope["query_string"].decode("latin-1"),
            body=await _read_body(receive),
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            client_host=client[0] if client else "",
        )


def _raw_path(scope: MutableMapping[str, Any]) -> str:
    raw_path: bytes | None = scope.get("raw_path")
    return raw_path.decode("latin-1") if raw_path is not None else str(scope["path"])


async def _read_body(receive: Receive) -> bytes:
    """Read the whole body; past the bound the rest is read and thrown away, so the length still shows it."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        if len(body) <= MAX_BODY_BYTES:
            body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _broken(answer: VenueAnswer) -> VenueAnswer:
    return VenueAnswer(200, answer.body[: max(1, len(answer.body) // 2)], order_id=answer.order_id)


async def _send(answer: VenueAnswer, send: Send, *, is_head: bool) -> None:
    headers = [
        (b"content-type", answer.content_type.encode("latin-1")),
        (b"content-length", str(len(answer.body)).encode("ascii")),
        *((name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else answer.body})
