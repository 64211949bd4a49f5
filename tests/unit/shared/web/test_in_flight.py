"""The bound on requests in flight: beyond it 503 with Retry-After, and never for the services among themselves."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI, Request

import shared.web.envelope
from shared.errors import PlatformError
from shared.web.app import create_service_app
from shared.web.in_flight import InFlight


def test_one_more_than_the_limit_in_flight_is_503_and_a_place_is_given_back() -> None:
    in_flight = InFlight(limit=1)

    with in_flight.one_more(), pytest.raises(PlatformError) as refused, in_flight.one_more():
        pytest.fail("a second one got in")

    assert (refused.value.status, refused.value.reason) == (503, "busy")
    with in_flight.one_more():
        assert in_flight.count == 1
    assert in_flight.count == 0


async def test_client_beyond_the_bound_is_told_to_come_again_while_services_and_pages_are_let_in() -> None:
    go_on = asyncio.Event()
    app = create_app(go_on)
    transport = httpx.ASGITransport(app)

    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        first = asyncio.create_task(http.get("/api/slow"))
        await asyncio.sleep(0)
        refused = await http.get("/api/quick")
        let_in = [await http.get(path) for path in ("/internal/v1/quick", "/health/live", "/sign-in")]
        go_on.set()
        answered = await first
        afterwards = await http.get("/api/quick")

    assert (refused.status_code, refused.json()["reason"]) == (503, "busy")
    assert refused.headers["Retry-After"] == "1"
    assert [answer.status_code for answer in (*let_in, answered, afterwards)] == [200] * 5


def create_app(go_on: asyncio.Event) -> FastAPI:
    app = create_service_app(service="test", title="Test", lifespan=_nothing, max_in_flight=1)

    @app.get("/api/slow")
    async def slow() -> None:  # pyright: ignore[reportUnusedFunction]  registered by the decorator
        await go_on.wait()

    @app.get("/api/quick")
    @app.get("/sign-in")
    @app.get("/internal/v1/quick")
    async def quick() -> None:  # pyright: ignore[reportUnusedFunction]  registered by the decorator
        return None

    return app


@asynccontextmanager
async def _nothing(_app: FastAPI) -> AsyncGenerator[None]:
    yield


async def test_body_that_does_not_arrive_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared.web.envelope, "BODY_PATIENCE_S", 0.05)
    app = create_app(asyncio.Event())

    @app.post("/read")
    async def read(request: Request) -> None:  # pyright: ignore[reportUnusedFunction]  registered by the decorator
        await request.body()

    async def never_ending() -> AsyncGenerator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as http:
        given_up = await http.post("/read", content=never_ending())

    assert (given_up.status_code, given_up.json()["reason"]) == (408, "body_too_slow")
