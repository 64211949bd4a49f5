"""The services' HTTP client against a real socket that misbehaves: what was surely not sent, and what is unknown."""

import asyncio
import gzip
import socket
from collections.abc import Mapping

import pytest

from shared.http_client import (
    MAX_ANSWER_BYTES,
    AnswerLostError,
    HttpAnswer,
    NotSentError,
    open_http_client,
)
from tests.raw_peer import OK, Peer, answering, running_peer

NO_HEADERS: Mapping[str, str] = {}


async def ask(
    peer: Peer, method: str = "GET", *, content: bytes | None = None, timeout_s: float = 5
) -> HttpAnswer:
    async with open_http_client(base_url=peer.url) as http:
        return await http.request(method, "/", headers=NO_HEADERS, content=content, timeout_s=timeout_s)


async def test_nobody_listening_is_surely_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = Peer(f"http://127.0.0.1:{taken.getsockname()[1]}")

        with pytest.raises(NotSentError):
            await ask(nobody, "POST", content=b"order")


async def test_unknown_host_is_surely_not_sent() -> None:
    with pytest.raises(NotSentError):
        await ask(Peer("http://no-such-host.invalid"), "POST", content=b"order")


async def test_connection_that_nobody_takes_is_surely_not_sent() -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())

        with pytest.raises(NotSentError):
            await ask(Peer(f"http://127.0.0.1:{full.getsockname()[1]}"), "POST", timeout_s=0.3)


async def test_peer_without_a_trusted_certificate_is_sent_nothing() -> None:
    async with running_peer(answering(OK)) as peer:
        with pytest.raises(NotSentError):
            await ask(Peer(peer.url.replace("http:", "https:")), "POST", content=b"order")

    assert peer.requests == []


async def test_request_that_finds_no_free_connection_is_surely_not_sent() -> None:
    async def never(_writer: asyncio.StreamWriter, _number: int) -> None:
        await asyncio.sleep(5)

    async with running_peer(never) as peer, open_http_client(base_url=peer.url, max_connections=1) as http:
        first = asyncio.create_task(http.request("GET", "/first", headers=NO_HEADERS, timeout_s=1))
        await asyncio.sleep(0.1)

        with pytest.raises(NotSentError):
            await http.request("POST", "/second", headers=NO_HEADERS, timeout_s=0.2)
        with pytest.raises(AnswerLostError):
            await first

    assert len(peer.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
    ],
    ids=["none", "half", "half a chunk", "no http", "huge header", "many headers"],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
async def test_answer_that_breaks_off_is_lost_and_nothing_is_sent_twice(method: str, answer: bytes) -> None:
    async def play(writer: asyncio.StreamWriter, number: int) -> None:
        await answering(answer)(writer, number)
        writer.close()

    async with running_peer(play) as peer:
        with pytest.raises(AnswerLostError):
            await ask(peer, method, content=b"order" if method != "GET" else None)

    assert len(peer.requests) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
async def test_reused_connection_that_drops_is_an_answer_lost_not_a_second_try(method: str) -> None:
    async with (
        running_peer(answering(OK, b"", OK)) as peer,
        open_http_client(base_url=peer.url) as http,
    ):
        await http.request("GET", "/", headers=NO_HEADERS)

        with pytest.raises(AnswerLostError):
            await http.request(method, "/", headers=NO_HEADERS, content=b"order")

    assert (len(peer.requests), peer.connections) == (2, 1)


async def test_silence_is_an_answer_lost() -> None:
    async def stall(writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(OK[:-1])
        await asyncio.sleep(1)

    async with running_peer(stall) as peer:
        with pytest.raises(AnswerLostError):
            await ask(peer, "POST", content=b"order", timeout_s=0.2)

    assert len(peer.requests) == 1


async def test_endless_answer_is_not_read_to_its_end() -> None:
    part = b"x" * 65_536
    sent = 0

    async def endless(writer: asyncio.StreamWriter, _number: int) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
        while True:
            writer.write(part)
            sent += len(part)
            await writer.drain()

    async with running_peer(endless) as peer:
        with pytest.raises(AnswerLostError):
            await ask(peer)

    assert sent < 2 * MAX_ANSWER_BYTES


async def test_compressed_answer_stays_as_it_came() -> None:
    packed = gzip.compress(b"x" * 1_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"

    async with running_peer(answering(head.encode() + packed)) as peer:
        answer = await ask(peer)

    assert answer.content == packed
    assert b"accept-encoding: identity" in peer.requests[0].lower()


async def test_redirect_is_an_answer_and_a_cookie_is_forgotten() -> None:
    redirect = b"HTTP/1.1 307 Moved\r\nLocation: /other\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    async with running_peer(answering(redirect, OK)) as peer, open_http_client(base_url=peer.url) as http:
        answer = await http.request("POST", "/", headers=NO_HEADERS, content=b"order")
        await http.request("GET", "/", headers=NO_HEADERS)

    assert answer.status == 307
    assert [request.split(b" ")[1] for request in peer.requests] == [b"/", b"/"]
    assert b"cookie" not in peer.requests[1].lower()


async def test_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_peer(answering(OK)) as peer, running_peer(answering(OK)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        await ask(peer)

    assert (len(peer.requests), len(proxy.requests)) == (1, 0)


async def test_path_query_and_body_go_out_to_the_letter() -> None:
    async with running_peer(answering(OK)) as peer, open_http_client(base_url=f"{peer.url}/delta/") as http:
        target = "/v2/orders?states=open%2Cpending&x=a+b%20c&y=%41'"
        await http.request("POST", target, headers={"X-One": "1"}, content=b'{"a":1}')

    head, _, body = peer.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(f"POST /delta{target} HTTP/1.1\r\n".encode())
    assert b"\r\nX-One: 1\r\n" in head + b"\r\n"
    assert b"content-type" not in head.lower()
    assert body == b'{"a":1}'


async def test_whole_answers_share_a_connection() -> None:
    async with running_peer(answering(OK)) as peer, open_http_client(base_url=peer.url) as http:
        answers = [await http.request("GET", "/", headers=NO_HEADERS) for _ in range(3)]

    assert [answer.content for answer in answers] == [b"ok"] * 3
    assert peer.connections == 1


async def test_stream_gives_parts_as_they_come_and_says_when_it_breaks() -> None:
    async def play(writer: asyncio.StreamWriter, _number: int) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\none \r\n")
        await asyncio.sleep(0.05)
        writer.write(b"4\r\ntwo \r\n")
        await writer.drain()
        writer.close()

    parts: list[bytes] = []

    async def read() -> None:
        async with (
            open_http_client(base_url=peer.url) as http,
            http.stream("GET", "/", headers=NO_HEADERS) as answer,
        ):
            async for part in answer.parts():
                parts.append(part)

    async with running_peer(play) as peer:
        with pytest.raises(AnswerLostError):
            await read()

    assert parts == [b"one ", b"two "]
