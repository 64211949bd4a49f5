"""Live updates through all services: a page is told what moved, of its own customer only, until its session ends."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from shared.contracts.sign_in import Role
from shared.demo import OPERATOR_EMAILS, PASSWORD
from tests.actors import CUSTOMER_PASSWORD
from tests.denied import Scene

PATIENCE_S = 8
OWN, ALL = "/api/cp/events", "/api/pp/events"


@dataclass(slots=True)
class Page:
    """An open stream, read line by line."""

    lines: AsyncIterator[str]

    async def next_event(self) -> tuple[str, list[str]]:
        """The next event's name and topics; comments are passed over. A stream that is over has the name `end`."""
        name = ""
        async with asyncio.timeout(PATIENCE_S):
            async for line in self.lines:
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    return name, json.loads(line.removeprefix("data: ")).get("topics", [])
        return "end", []

    async def told_of(self, *topics: str) -> None:
        """Wait until all of these have been named."""
        missing = set(topics)
        while missing:
            name, found = await self.next_event()
            assert name == "changed"
            missing -= set(found)


@asynccontextmanager
async def browser(url: str, *, email: str, password: str) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody signed in with a cookie, as a page is."""
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_S) as http:
        answer = await http.post("/api/auth/login", json={"email": email, "password": password})
        http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield http


@asynccontextmanager
async def page(http: httpx.AsyncClient, path: str = OWN) -> AsyncGenerator[Page]:
    async with http.stream("GET", path) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream"
        yield Page(answer.aiter_lines())


@asynccontextmanager
async def browser_of(scene: Scene) -> AsyncGenerator[httpx.AsyncClient]:
    email = scene.trader.customer.email
    async with browser(scene.stack.cp_url, email=email, password=CUSTOMER_PASSWORD) as http:
        yield http


async def test_customer_is_told_of_their_draft_and_its_execution_and_another_is_not(
    scene: Scene, other_scene: Scene
) -> None:
    async with AsyncExitStack() as stack:
        http, other = [await stack.enter_async_context(browser_of(one)) for one in (scene, other_scene)]
        own, others = [await stack.enter_async_context(page(one)) for one in (http, other)]
        approved = await scene.trader.approved()
        await own.told_of("deliverables", "approvals", "hired_agents", "audit")
        execution = await scene.trader.release(approved)
        await scene.trader.settled(execution.execution_id)
        await own.told_of("executions", "deliverables", "traces", "usage")
        await other.post("/api/auth/logout")
        heard_by_other = await others.next_event()

    assert heard_by_other == ("signed_out", [])


async def test_operator_is_told_of_a_customers_denial_and_of_a_switch(scene: Scene) -> None:
    email, password = OPERATOR_EMAILS[Role.VIEWER], PASSWORD.get_secret_value()
    async with browser(scene.stack.pp_url, email=email, password=password) as http, page(http, ALL) as all_:
        await scene.run(intent_action="place_order")
        await all_.told_of("denials", "audit")
        switch = f"/api/pp/kill-switches/customer:{scene.customer_id}"
        await scene.operator.http.put(switch, json={"engaged": False, "reason": "told of"})
        await all_.told_of("kill_switches")


async def test_signing_out_everywhere_ends_every_page_and_token(other_scene: Scene) -> None:
    async with browser_of(other_scene) as here, browser_of(other_scene) as there:
        async with page(here) as one, page(there) as two:
            answer = await here.post("/api/auth/logout-everywhere")
            heard = await asyncio.gather(one.next_event(), two.next_event())
            ended = await one.next_event()
        left = await there.get("/api/auth/me")

    assert answer.status_code == 204
    assert heard == [("signed_out", []), ("signed_out", [])]
    assert ended == ("end", [])
    assert left.status_code == 401
    async with browser_of(other_scene) as again:
        assert (await again.get("/api/auth/me")).status_code == 200


async def test_ninth_page_of_an_account_is_refused_until_one_is_closed(other_scene: Scene) -> None:
    async with browser_of(other_scene) as http:
        async with AsyncExitStack() as pages:
            for _ in range(8):
                await pages.enter_async_context(page(http))
            refused = await http.get(OWN)
        async with asyncio.timeout(PATIENCE_S):
            while (status := await _status(http)) == 429:
                await asyncio.sleep(0.05)

    assert (refused.status_code, refused.json()["reason"]) == (429, "rate_limited")
    assert status == 200


async def test_page_of_another_site_and_the_anonymous_are_refused(other_scene: Scene) -> None:
    async with (
        browser_of(other_scene) as http,
        httpx.AsyncClient(base_url=other_scene.stack.cp_url) as nobody,
    ):
        foreign = await http.get(OWN, headers={"Origin": "http://evil.test"})
        anonymous = await nobody.get(OWN)
        wrong_portal = await http.get(other_scene.stack.pp_url + ALL)

    assert (foreign.status_code, foreign.json()["reason"]) == (403, "origin_not_allowed")
    assert (anonymous.status_code, wrong_portal.status_code) == (401, 401)


async def test_portal_stops_at_once_and_cleanly_although_pages_are_open(other_scene: Scene) -> None:
    stack = other_scene.stack
    async with browser_of(other_scene) as http, page(http) as one:
        began = time.monotonic()
        await asyncio.to_thread(stack.kill, "cp", number=signal.SIGTERM)
        took_s = time.monotonic() - began
        ended = await one.next_event()
    await asyncio.to_thread(stack.restart, "cp")

    log = stack.log_text("cp")
    assert ended == ("end", [])
    assert took_s < 2
    assert "Cancel" not in log
    assert "Traceback" not in log


async def _status(http: httpx.AsyncClient) -> int:
    async with http.stream("GET", OWN) as answer:
        return answer.status_code
