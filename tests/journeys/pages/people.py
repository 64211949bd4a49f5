"""Customers who have an agent at work, as they sit before their browser, and what waits for them."""

import itertools
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from playwright.async_api import Browser, Page, Route

from tests.actors import CUSTOMER_PASSWORD, Operator
from tests.browser import Window, open_window
from tests.denied import Scene, new_scene
from tests.goals import Hired, Json, hire_trader
from tests.stack import Stack

BUY = {"coin": "BTC", "units": "0.005", "side": "long", "action": "enter", "order_type": "market"}
_SIZES = itertools.count(start=6)


@dataclass(frozen=True, slots=True)
class Sitting:
    """A customer with a trading agent, signed in before a window. `orders_before` were sent before they sat down."""

    scene: Scene
    hired: Hired
    goal: Json
    window: Window
    orders_before: int = 0

    @property
    def page(self) -> Page:
        return self.window.page

    async def draft(self) -> Json:
        """Let the agent draft an order; return what waits."""
        (drafted,) = await self.hired.delivered(await self.hired.run(self.goal))
        return drafted

    async def replace(self, drafted: Json, *, on: Page) -> None:
        """As if the draft became another while the page shows it, which live updates tell."""
        goal = await self.hired.set_goal("trade_intent_draft", settings=BUY | {"units": "0.004"})
        (other,) = await self.hired.delivered(await self.hired.run(goal))

        async def answer(route: Route) -> None:
            told = await route.fetch()
            await route.fulfill(response=told, json=await told.json() | {"draft": other["draft"]})

        await on.route(re.compile(f"/api/.*/deliverables/{drafted['deliverable_id']}"), answer)
        await self.draft()

    async def look_at(self, drafted: Json) -> None:
        await self.window.go(f"/deliverables/{drafted['deliverable_id']}")

    async def press(self, button: str) -> None:
        await self.page.get_by_role("button", name=button, exact=True).click()

    async def state_of(self, drafted: Json) -> str:
        found = await self.scene.http.get(f"/api/v1/deliverables/{drafted['deliverable_id']}")
        return found.json()["state"]

    async def orders_sent(self) -> int:
        return await self.scene.orders_sent() - self.orders_before

    async def approvals_of(self, drafted: Json) -> list[Json]:
        found: list[Json] = (await self.scene.http.get("/api/cp/approvals?limit=200")).json()["items"]
        return [one for one in found if one["deliverable_id"] == drafted["deliverable_id"]]


@asynccontextmanager
async def new_sitting(
    stack: Stack, admin: Operator, browser: Browser, **settings: Any
) -> AsyncGenerator[Sitting]:
    async with new_scene(stack, admin) as scene, open_window(browser, stack.cp_url) as window:
        hired = await hire_trader(scene)
        goal = await hired.set_goal("trade_intent_draft", settings=BUY | settings)
        await window.sign_in(scene.trader.customer.email, CUSTOMER_PASSWORD)
        await skip_tour(window)
        yield Sitting(scene, hired, goal, window)
        assert not window.trouble, window.trouble


@asynccontextmanager
async def sitting_again(before: Sitting, browser: Browser) -> AsyncGenerator[Sitting]:
    """The same customer before a fresh window, still signed in, with an order of another size in mind.

    The same order twice within seconds would be denied.
    """
    remembered = await before.window.context.storage_state()
    orders = await before.scene.orders_sent()
    goal = await before.hired.set_goal("trade_intent_draft", settings=BUY | {"units": f"0.{next(_SIZES):03}"})
    async with open_window(browser, before.window.url, remembered=remembered) as window:
        yield replace(before, goal=goal, window=window, orders_before=orders)
        assert not window.trouble, window.trouble


async def skip_tour(window: Window) -> None:
    await window.page.get_by_role("button", name="Skip", exact=True).click()
    await window.page.get_by_role("dialog").wait_for(state="detached")
