"""How a venue hangs up: the server protocol that hands the connection to the app, and the hanging up."""

import socket
from asyncio import BaseTransport, Transport
from collections.abc import MutableMapping
from typing import Any, cast

from starlette.types import Receive
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

CONNECTION = "sandbox.connection"


class NoConnectionError(RuntimeError):
    """The server in front does not hand over its connections."""


class HangUpProtocol(HttpToolsProtocol):
    """uvicorn's protocol; the scope of each request carries its TCP connection, sent without delay."""

    def connection_made(self, transport: Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] -- uvicorn narrows it the same way
        super().connection_made(transport)
        _send_without_delay(transport)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions = cast("MutableMapping[str, Any]", self.scope)  # uvicorn's typed dict has no such key
        extensions["extensions"] = {CONNECTION: self.transport}


async def hang_up(scope: MutableMapping[str, Any], *, receive: Receive) -> None:
    """Close the TCP connection without a byte of answer, and wait until it is closed.

    Raises: NoConnectionError when the server is not the one of `python -m sandbox`.
    """
    connection = scope.get("extensions", {}).get(CONNECTION)
    if connection is None:
        raise NoConnectionError(
            "this server hands over no connection, start the sandbox with `python -m sandbox`"
        )
    connection.abort()
    while (await receive())["type"] != "http.disconnect":
        continue


def _send_without_delay(transport: BaseTransport) -> None:
    connected = transport.get_extra_info("socket")
    if connected is not None:
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
