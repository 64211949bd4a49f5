"""The services' one HTTP client: pooled and bounded, without redirects, cookies, proxies or second tries.

A failure says which of two things it was, for whoever sends something that must not be sent twice:
`NotSentError`, there was no connection, so nothing left; `AnswerLostError`, the request may have arrived.
"""

import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import certifi
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    TCPConnector,
)
from multidict import CIMultiDictProxy
from yarl import URL

MAX_ANSWER_BYTES = 16 * 1024 * 1024
_CONNECT_TIMEOUT_S = 2.0
_KEEP_ALIVE_S = 20
_TLS = ssl.create_default_context(cafile=certifi.where())
# Nothing is decompressed, so nothing is asked for in a compressed form.
_HEADERS = {"Accept-Encoding": "identity"}
_NOT_ADDED = ("Content-Type", "User-Agent")


class NotSentError(Exception):
    """There was no connection in time, so the request was certainly not sent."""


class AnswerLostError(Exception):
    """The request may have arrived; its answer did not, or not whole."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Shape: `headers` are found by their names in any case."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)


class Http(Protocol):
    """What callers of another service need; tests imitate it."""

    async def request(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
        timeout_s: float | None = None,
    ) -> HttpAnswer:
        """Send one request, once. `target` is the path and query below the base address, as they are to be sent.

        Raises: NotSentError, AnswerLostError.
        """
        ...


@dataclass(frozen=True, slots=True)
class StreamedAnswer:
    """An answer whose body has not been read yet."""

    _response: ClientResponse = field(repr=False)

    @property
    def status(self) -> int:
        return self._response.status

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        return self._response.headers

    async def parts(self) -> AsyncGenerator[bytes]:
        """Raises: AnswerLostError when the body breaks off."""
        try:
            async for part in self._response.content.iter_any():
                yield part
        except (ClientError, OSError) as error:
            raise AnswerLostError(type(error).__name__) from error

    async def read(self) -> bytes:
        """Raises: AnswerLostError when the body breaks off, or is larger than `MAX_ANSWER_BYTES`."""
        body = bytearray()
        try:
            async for part in self._response.content.iter_any():
                body += part
                if len(body) > MAX_ANSWER_BYTES:
                    raise AnswerLostError("the answer is too large")
        except (ClientError, OSError) as error:
            raise AnswerLostError(type(error).__name__) from error
        return bytes(body)


@dataclass(frozen=True, slots=True)
class HttpClient:
    """Units: without a `timeout_s` of its own a request waits `default_timeout_s` for each part of its answer."""

    _session: ClientSession = field(repr=False)
    base_url: str
    default_timeout_s: float

    async def request(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
        timeout_s: float | None = None,
    ) -> HttpAnswer:
        """See `Http`."""
        stream = self.stream(method, target, headers=headers, content=content, timeout_s=timeout_s)
        async with stream as answer:
            return HttpAnswer(answer.status, answer.headers, await answer.read())

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
        timeout_s: float | None = None,
    ) -> AsyncGenerator[StreamedAnswer]:
        """Send one request, once, and leave the body of the answer to the block; what it leaves unread is dropped.

        Raises: NotSentError, AnswerLostError.
        """
        response = await self._session.request(
            method,
            URL(self.base_url + target, encoded=True),
            headers=headers,
            data=content or None,
            allow_redirects=False,
            timeout=_timeout(timeout_s or self.default_timeout_s),
        )
        async with response:
            yield StreamedAnswer(response)


@asynccontextmanager
async def open_http_client(
    *, base_url: str = "", timeout_s: float = 10, max_connections: int = 100
) -> AsyncGenerator[HttpClient]:
    connector = TCPConnector(limit=max_connections, keepalive_timeout=_KEEP_ALIVE_S, ssl=_TLS)
    async with ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        headers=_HEADERS,
        skip_auto_headers=_NOT_ADDED,
        middlewares=(_once,),
        auto_decompress=False,
        trust_env=False,
    ) as session:
        yield HttpClient(session, base_url.rstrip("/"), timeout_s)


async def _once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Name the failure here, inside aiohttp: some requests it would repeat when it sees an error of its own."""
    try:
        return await handler(request)
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        raise NotSentError(type(error).__name__) from error
    except (ClientError, OSError) as error:
        raise AnswerLostError(type(error).__name__) from error


def _timeout(timeout_s: float) -> ClientTimeout:
    """To get a connection, a free one included, and for each part of the answer."""
    return ClientTimeout(
        total=None,
        connect=timeout_s,
        sock_connect=min(_CONNECT_TIMEOUT_S, timeout_s),
        sock_read=timeout_s,
    )
