"""One stream: what is said on it in which order, how it keeps open, and how it ends."""

import asyncio
from uuid import uuid4

import pytest
from starlette.types import Message

import shared.web.events
from shared.web.events import SIGNED_OUT, Stream, send_stream

CHANGED = b'event: changed\ndata: {"topics":["executions","goals"]}\n\n'


def create_stream() -> Stream:
    return Stream(uuid4(), uuid4())


async def test_news_before_they_are_sent_become_one_event() -> None:
    stream = create_stream()

    stream.tell({"goals"})
    stream.tell({"executions", "goals"})

    assert await stream.next_text() == CHANGED


async def test_no_news_are_no_event() -> None:
    stream = create_stream()

    stream.tell(set())
    stream.end()

    assert await stream.next_text() is None


async def test_stream_says_its_news_and_last_words_before_it_is_over() -> None:
    stream = create_stream()

    stream.tell({"executions", "goals"})
    stream.end(SIGNED_OUT)
    stream.end(b"too late")

    assert [await stream.next_text() for _ in range(3)] == [CHANGED, SIGNED_OUT, None]


async def test_stream_without_news_is_kept_open_with_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared.web.events, "KEEP_ALIVE_S", 0.01)

    assert await create_stream().next_text() == b":\n\n"


async def test_page_that_goes_ends_its_stream() -> None:
    page = Page()
    stream = create_stream()
    sending = asyncio.create_task(send_stream(stream, page.receive, page.send))
    await page.reads(1)
    stream.tell({"executions", "goals"})
    await page.reads(2)

    page.has_gone.set()

    await asyncio.wait_for(sending, timeout=2)
    assert page.body[:2] == [b"retry: 2000\n\n", CHANGED]
    assert page.headers[b"content-type"] == b"text/event-stream"


async def test_page_that_reads_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared.web.events, "SEND_PATIENCE_S", 0.01)
    page = Page(is_reading=False)

    await asyncio.wait_for(send_stream(create_stream(), page.receive, page.send), timeout=2)

    assert page.body == [b""]


class Page:
    """The other end of the connection."""

    def __init__(self, *, is_reading: bool = True) -> None:
        self.body: list[bytes] = []
        self.headers: dict[bytes, bytes] = {}
        self.has_gone = asyncio.Event()
        self._is_reading = is_reading

    async def receive(self) -> Message:
        await self.has_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.headers = dict(message["headers"])
            return
        if not self._is_reading and message["more_body"]:
            await asyncio.Event().wait()
        self.body.append(message["body"])

    async def reads(self, count: int) -> None:
        async with asyncio.timeout(2):
            while len(self.body) < count:
                await asyncio.sleep(0)
