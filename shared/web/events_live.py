"""Who has a page open, and what has changed for them: one question a second for each customer, however many pages.

Plant is asked for a marker of each topic; the streams of those who are concerned are told which markers have moved.
"""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from shared.contracts.changes import Changes
from shared.correlation import bind_correlation_id
from shared.errors import PlatformError, too_many_requests, unavailable
from shared.ids import uuid7
from shared.logs import get_logger
from shared.portal import Portal
from shared.sign_in.actions import SignIn, find_live_sessions
from shared.web.events import SIGNED_OUT, Stream

MOST_PER_ACCOUNT = 8
MOST_STREAMS = 500
ASK_EVERY_S = 1.0
MOST_QUESTIONS_PER_S = 50
_LONGEST_PAUSE_S = 15.0
_FIRST_ANSWER_PATIENCE_S = 2.0
_LOOK_EVERY_S = 0.25
_LOOKS_PER_SESSION_CHECK = 20

Ask = Callable[[Portal], Awaitable[Changes]]


def is_stopping() -> bool:
    """Has the server that runs us been asked to stop? It waits for open answers, and tells of it by this only."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return bool(getattr(server, "should_exit", False))


@dataclass(eq=False, slots=True)
class _Watch:
    """Somebody's markers as they were last, and the streams of their pages."""

    streams: set[Stream] = field(default_factory=set[Stream])
    markers: Mapping[str, str] | None = None
    was_away: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    def compare(self, found: Mapping[str, str]) -> None:
        if self.markers is not None or self.was_away:
            before = self.markers or {}
            moved = {topic for topic, marker in found.items() if before.get(topic) != marker}
            for stream in self.streams:
                stream.tell(moved)
        self.markers, self.was_away = found, False


@dataclass(slots=True)
class LiveUpdates:
    """All open streams of this process. `is_stopping` is looked at while there are any."""

    is_stopping: Callable[[], bool] = is_stopping
    _watches: dict[UUID | None, _Watch] = field(default_factory=dict[UUID | None, _Watch])
    _streams: set[Stream] = field(default_factory=set[Stream])
    _look_out: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def attend(
        self, stream: Stream, *, portal: Portal, subject: UUID | None, ask: Ask
    ) -> AsyncGenerator[None]:
        """Keep the stream told of the subject's changes from now on, until the block ends.

        Shape: subject is the customer whose changes `ask` asks for, or None for everybody's.
        Raises: PlatformError 429 for one page too many of an account, 503 when no more fit or the server stops.
        """
        self._check_room(stream.account_id)
        watch = self._join(stream, portal=portal, subject=subject, ask=ask)
        try:
            await _wait(watch.asked, patience_s=_FIRST_ANSWER_PATIENCE_S)
            yield
        finally:
            self._leave(stream, subject=subject)

    def _check_room(self, account_id: UUID) -> None:
        if Counter(stream.account_id for stream in self._streams)[account_id] >= MOST_PER_ACCOUNT:
            raise too_many_requests(
                f"{MOST_PER_ACCOUNT} pages are told of changes already; close one.", retry_after_s=15
            )
        if len(self._streams) >= MOST_STREAMS or self.is_stopping():
            raise unavailable("No more pages can be told of changes just now.", reason="busy")

    def _join(self, stream: Stream, *, portal: Portal, subject: UUID | None, ask: Ask) -> _Watch:
        watch = self._watches.setdefault(subject, _Watch())
        watch.streams.add(stream)
        self._streams.add(stream)
        if watch.task is None or watch.task.done():
            watch.task = asyncio.create_task(self._keep_asking(watch, portal=portal, ask=ask))
            watch.task.add_done_callback(lambda task: _end_with(task, watch.streams))
        if self._look_out is None or self._look_out.done():
            self._look_out = asyncio.create_task(self._keep_looking(portal.sign_in))
            self._look_out.add_done_callback(lambda task: _end_with(task, self._streams))
        return watch

    def _leave(self, stream: Stream, *, subject: UUID | None) -> None:
        watch = self._watches[subject]
        watch.streams.discard(stream)
        self._streams.discard(stream)
        if not watch.streams and watch.task is not None:
            del self._watches[subject]
            watch.task.cancel()
        if not self._streams and self._look_out is not None:
            self._look_out.cancel()
            self._look_out = None

    async def _keep_asking(self, watch: _Watch, *, portal: Portal, ask: Ask) -> None:
        pause_s = ASK_EVERY_S
        while True:
            bind_correlation_id(uuid7())
            try:
                watch.compare((await ask(portal)).markers)
                pause_s = max(ASK_EVERY_S, len(self._watches) / MOST_QUESTIONS_PER_S)
            except PlatformError as error:
                get_logger().info("changes.not_known", reason=error.reason)
                watch.was_away = True
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            watch.asked.set()
            await asyncio.sleep(pause_s)

    async def _keep_looking(self, sign_in: SignIn) -> None:
        looks = 0
        while not self.is_stopping():
            await asyncio.sleep(_LOOK_EVERY_S)
            looks += 1
            if looks % _LOOKS_PER_SESSION_CHECK == 0:
                await self._end_signed_out(sign_in)

    async def _end_signed_out(self, sign_in: SignIn) -> None:
        asked = {stream.session_id for stream in self._streams}
        try:
            live = await find_live_sessions(sign_in, asked)
        except PlatformError as error:
            get_logger().info("sessions.not_known", reason=error.reason)
            return
        for stream in self._streams:
            if stream.session_id in asked - live:
                stream.end(SIGNED_OUT)


def _end_with(task: asyncio.Task[None], streams: set[Stream]) -> None:
    """Without the task nobody tells them anything, so they end, unless it ended because they had."""
    if not task.cancelled():
        for stream in streams:
            stream.end()


async def _wait(event: asyncio.Event, *, patience_s: float) -> None:
    try:
        async with asyncio.timeout(patience_s):
            await event.wait()
    except TimeoutError:
        return
