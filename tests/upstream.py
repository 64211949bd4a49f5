"""A scripted stand-in for Plant: notes every request in a ledger, tells what reached it, or misbehaves as asked.

The query asks: `?mode=events|slow|headers|break_off_short|break_off_stream|die`.
"""

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

LEDGER_SETTING = "UPSTREAM_LEDGER"
EVENT_PAUSE_S = 0.3


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    if scope["path"] == "/health/ready":
        await _answer(send, {})
        return
    body = await _read(receive)
    _note(scope)
    match parse_qs(scope["query_string"].decode()).get("mode", ["echo"])[0]:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "break_off_short":
            await _break_off(
                send, {"content-type": "application/json", "content-length": "1000"}, b'{"half":'
            )
        case "break_off_stream":
            await _break_off(send, {"content-type": "text/event-stream"}, b"data: 0\n\n")
        case "events":
            await _events(send)
        case "slow":
            await asyncio.sleep(1)
            await _answer(send, {})
        case "headers":
            await _answer(
                send, {}, {"set-cookie": "a=b", "x-internal-note": "n", "x-metering-cost": "1", "etag": '"7"'}
            )
        case _:
            await _answer(send, _seen(scope, body))


def _seen(scope: dict[str, Any], body: bytes) -> dict[str, Any]:
    return {
        "method": scope["method"],
        "path": scope["raw_path"].decode(),
        "query": scope["query_string"].decode(),
        "headers": {name.decode(): value.decode() for name, value in scope["headers"]},
        "body": body.decode(),
    }


def _note(scope: dict[str, Any]) -> None:
    with Path(os.environ[LEDGER_SETTING]).open("a") as ledger:
        ledger.write(f"{scope['method']} {scope['raw_path'].decode()}\n")


async def _read(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _events(send: Any) -> None:
    await _start(send, {"content-type": "text/event-stream"})
    for number in range(3):
        await send({"type": "http.response.body", "body": f"data: {number}\n\n".encode(), "more_body": True})
        await asyncio.sleep(EVENT_PAUSE_S)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _break_off(send: Any, headers: dict[str, str], part: bytes) -> None:
    await _start(send, headers)
    await send({"type": "http.response.body", "body": part, "more_body": True})
    await asyncio.sleep(0.1)
    raise ConnectionAbortedError("broken off on purpose")


async def _answer(send: Any, content: dict[str, Any], headers: dict[str, str] | None = None) -> None:
    body = json.dumps(content).encode()
    defaults = {"content-type": "application/json", "content-length": str(len(body))}
    await _start(send, defaults | (headers or {}))
    await send({"type": "http.response.body", "body": body})


async def _start(send: Any, headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
