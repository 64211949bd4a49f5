"""Serves the sandbox in the test's own event loop on a free port, with the protocol that can hang up."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import uvicorn

from sandbox.app import create_app
from sandbox.connection import HangUpProtocol
from sandbox.settings import SandboxSettings


@asynccontextmanager
async def served_sandbox() -> AsyncGenerator[httpx.AsyncClient]:
    """A client whose base URL is the sandbox."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(SandboxSettings()), http=HangUpProtocol, ws="none", log_level="warning", lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.005)
    port = listener.getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    server.should_exit = True
    await serving
