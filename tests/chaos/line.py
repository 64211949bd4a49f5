"""Lines between processes, on which a run can catch one request, or the answer to it, and tell who waits for it."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

_LENGTH = re.compile(rb"(?im)^content-length: (\d+)")
_LOOPBACK = "127.0.0.1"
_BROKEN = (ConnectionError, asyncio.IncompleteReadError)

Wanted = Callable[[bytes], bool]


@dataclass(slots=True, eq=False)
class Catch:
    """One caught message. `party` is the process that the line belongs to, known once it has arrived.

    One that `follows` catches nothing else than the party, of each such message anew.
    """

    wanted: Wanted
    part: Literal["request", "answer"]
    follows: bool = False
    party: str = ""
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _decided: asyncio.Event = field(default_factory=asyncio.Event)
    _is_dropped: bool = False

    async def arrived(self) -> None:
        await self._arrived.wait()

    def let_go(self) -> None:
        self._decided.set()

    def drop(self) -> None:
        self._is_dropped = True
        self._decided.set()

    async def held(self, party: str) -> bool:
        """Hold the message until somebody decides; False when it is dropped."""
        self.party = party
        self._arrived.set()
        if not self.follows:
            await self._decided.wait()
        return not self._is_dropped


@dataclass(frozen=True, slots=True)
class Switchboard:
    """The catches that wait for their message, on whichever line it comes."""

    waiting: list[Catch] = field(default_factory=list[Catch])

    def catch(self, wanted: Wanted, part: Literal["request", "answer"], *, follows: bool = False) -> Catch:
        caught = Catch(wanted, part, follows)
        self.waiting.append(caught)
        return caught

    def forget(self, caught: Catch) -> None:
        """Let it go, whether it has come or not."""
        if caught in self.waiting:
            self.waiting.remove(caught)
        caught.let_go()

    def take(self, request: bytes) -> Catch | None:
        found = next((caught for caught in self.waiting if caught.wanted(request)), None)
        if found is not None and not found.follows:
            self.waiting.remove(found)
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """Carries requests to the ends in turn; an end that does not listen is passed over.

    Shape: `ends` are pairs of a party's name and a port.
    """

    switchboard: Switchboard
    ends: Sequence[tuple[str, int]]
    _turns: "count[int]" = field(default_factory=count)
    _callers: set["asyncio.Task[None]"] = field(default_factory=set["asyncio.Task[None]"])

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        caller = asyncio.create_task(self._serve(reader, writer))
        self._callers.add(caller)
        caller.add_done_callback(self._callers.discard)

    def hang_up(self) -> None:
        for caller in self._callers:
            caller.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*_BROKEN):
            while True:
                request = await _message(reader)
                answer = await self._carry(request, self.switchboard.take(request))
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()

    async def _carry(self, request: bytes, caught: Catch | None) -> bytes | None:
        party, reader, writer = await self._connect()
        try:
            if caught is not None and caught.part == "request" and not await caught.held(party):
                return None
            writer.write(request)
            answer = await _message(reader)
            if caught is not None and caught.part == "answer" and not await caught.held(party):
                return None
            return answer
        finally:
            writer.close()

    async def _connect(self) -> tuple[str, asyncio.StreamReader, asyncio.StreamWriter]:
        first = next(self._turns)
        for turn in range(len(self.ends)):
            party, port = self.ends[(first + turn) % len(self.ends)]
            with suppress(ConnectionError):
                reader, writer = await asyncio.open_connection(_LOOPBACK, port)
                return party, reader, writer
        raise ConnectionError("nobody listens at the other end")


@asynccontextmanager
async def open_line(switchboard: Switchboard, ends: Sequence[tuple[str, int]]) -> AsyncGenerator[str]:
    """Yields the line's address."""
    line = Line(switchboard, ends)
    server = await asyncio.start_server(line.accept, _LOOPBACK, 0)
    try:
        yield f"http://{_LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        line.hang_up()


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")
