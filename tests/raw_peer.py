"""A peer on a real socket that answers to the byte as a test says, or not at all."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Play = Callable[[asyncio.StreamWriter, int], Awaitable[None]]


@dataclass(slots=True)
class Peer:
    """`requests` has the head and body of each request that came, as sent."""

    url: str = ""
    requests: list[bytes] = field(default_factory=list[bytes])
    connections: int = 0


@asynccontextmanager
async def running_peer(play: Play) -> AsyncGenerator[Peer]:
    """A server that reads each request whole and answers with `play(writer, number of the request)`."""
    peer = Peer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(_length(head))
                peer.requests.append(head + body)
                await play(writer, len(peer.requests))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    peer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield peer
    finally:
        server.close()


def _length(head: bytes) -> int:
    lengths = [
        line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    ]
    return int(lengths[0]) if lengths else 0


def answering(*answers: bytes) -> Play:
    """The n-th request gets the n-th answer; an empty one drops the connection."""

    async def play(writer: asyncio.StreamWriter, number: int) -> None:
        answer = answers[min(number, len(answers)) - 1]
        if answer:
            writer.write(answer)
        else:
            writer.transport.abort()

    return play
