"""One open stream of events to a page (text/event-stream): what is said on it, and how it ends.

A stream says that something is not as it was, never what: the page asks for that in the usual way.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from starlette.types import Receive, Send

from shared.contracts.changes import Changed

EVENT_STREAM = "text/event-stream"
KEEP_ALIVE_S = 15.0
# A page that does not read what it is sent is given up; it comes again by itself.
SEND_PATIENCE_S = 10.0
SIGNED_OUT = b"event: signed_out\ndata: {}\n\n"
_OPENING = b"retry: 2000\n\n"
_STILL_HERE = b":\n\n"
_HEADERS = ((b"content-type", EVENT_STREAM.encode()), (b"x-accel-buffering", b"no"))


@dataclass(eq=False, slots=True)
class Stream:
    """News gather until they are sent, so that a slow page costs one set of topics and no queue."""

    account_id: UUID
    session_id: UUID
    _topics: set[str] = field(default_factory=set[str])
    _last_words: bytes = b""
    _is_over: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, topics: Iterable[str]) -> None:
        self._topics.update(topics)
        if self._topics:
            self._news.set()

    def end(self, last_words: bytes = b"") -> None:
        """End it after what is to be said still; the first one to end it has the last word."""
        if not self._is_over:
            self._last_words, self._is_over = last_words, True
            self._news.set()

    async def next_text(self) -> bytes | None:
        """Wait for what is to be sent next; None when all is said."""
        try:
            async with asyncio.timeout(KEEP_ALIVE_S):
                await self._news.wait()
        except TimeoutError:
            return _STILL_HERE
        if self._topics:
            text = _changed(self._topics)
            self._topics.clear()
        else:
            text, self._last_words = self._last_words or None, b""
        if not self._is_over:
            self._news.clear()
        return text


async def send_stream(stream: Stream, receive: Receive, send: Send) -> None:
    """Answer with the stream until it is over, or the page has gone."""
    await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
    gone = asyncio.create_task(_end_when_gone(stream, receive))
    try:
        await _send_part(send, _OPENING)
        while (text := await stream.next_text()) is not None:
            await _send_part(send, text)
    except TimeoutError:
        stream.end()
    finally:
        gone.cancel()
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _send_part(send: Send, text: bytes) -> None:
    async with asyncio.timeout(SEND_PATIENCE_S):
        await send({"type": "http.response.body", "body": text, "more_body": True})


async def _end_when_gone(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


def _changed(topics: Iterable[str]) -> bytes:
    data = Changed(topics=tuple(sorted(topics))).model_dump_json()
    return f"event: changed\ndata: {data}\n\n".encode()
