"""A line between a worker and the imitated exchange, on which a test can hold an order or the answer to it."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from tests.actors import ExchangeAccount
from tests.stack import Stack

_PATIENCE_S = 20
_LENGTH = re.compile(rb"(?im)^content-length: (\d+)")
_API_KEY = re.compile(rb"(?im)^api-key: (\S+)")


@dataclass(frozen=True, slots=True)
class Hold:
    """What is held of the account's next order: the request on its way, or the answer on its way back."""

    part: Literal["order", "answer"]
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _let_go: asyncio.Event = field(default_factory=asyncio.Event)
    _callers: list[asyncio.StreamWriter] = field(default_factory=list[asyncio.StreamWriter])

    async def arrived(self) -> None:
        """Wait until something is held."""
        async with asyncio.timeout(_PATIENCE_S):
            await self._arrived.wait()

    def let_go(self) -> None:
        self._let_go.set()

    def hang_up(self) -> None:
        """Close the worker's side; what is held is still held."""
        for caller in self._callers:
            caller.close()

    async def wait(self, caller: asyncio.StreamWriter) -> None:
        self._callers.append(caller)
        self._arrived.set()
        await self._let_go.wait()


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """`url` is what a worker takes for the exchange's address."""

    url: str
    holds: dict[str, Hold] = field(default_factory=dict[str, Hold])

    def hold_order(self, account: ExchangeAccount) -> Hold:
        return self._hold(account, Hold("order"))

    def hold_answer(self, account: ExchangeAccount) -> Hold:
        return self._hold(account, Hold("answer"))

    def _hold(self, account: ExchangeAccount, hold: Hold) -> Hold:
        self.holds[account.api_key] = hold
        return hold

    def take(self, request: bytes) -> Hold | None:
        """The hold on this request, if it is for an order of a named account; each holds once."""
        api_key = _API_KEY.search(request)
        if api_key is None or not request.startswith(b"POST /delta/v2/orders "):
            return None
        return self.holds.pop(api_key[1].decode(), None)


@asynccontextmanager
async def exchange_line(stack: Stack) -> AsyncGenerator[ExchangeLine]:
    sandbox = urlsplit(stack.sandbox_url)
    assert sandbox.port is not None
    lines: list[ExchangeLine] = []

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(sandbox.hostname, sandbox.port)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await _pass_one(lines[0], reader, far_writer, far_reader, writer)
        far_writer.close()
        writer.close()

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    lines.append(ExchangeLine(f"http://{host}:{port}/delta"))
    try:
        yield lines[0]
    finally:
        server.close()
        for hold in lines[0].holds.values():
            hold.let_go()


async def _pass_one(
    line: ExchangeLine,
    reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Carry one request there and its answer back."""
    request = await _message(reader)
    hold = line.take(request)
    if hold is not None and hold.part == "order":
        await hold.wait(writer)
    far_writer.write(request)
    answer = await _message(far_reader)
    if hold is not None and hold.part == "answer":
        await hold.wait(writer)
    writer.write(answer)
    await writer.drain()


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")
