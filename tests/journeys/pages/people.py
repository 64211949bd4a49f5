"""Customers who have an agent at work, as they sit before their browser, and what waits for them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page

from tests.actors import CUSTOMER_PASSWORD, Operator
from tests.browser import Window, open_window
from tests.denied import Scene, new_scene
from tests.goals import Hired, Json, hire_trader
from tests.stack import Stack

BUY = {"coin": "BTC", "units": "0.005", "side": "long", "action": "enter", "order_type": "market"}


@dataclass(frozen=True, slots=True)
class Sitting:
    """A customer with a trading agent, signed in before a window."""

    scene: Scene
    hired: Hired
    goal: Json
    window: Window

    @property
    def page(self) -> Page:
        return self.window.page

    async def draft(self) -> Json:
        """Let the agent draft an order; return what waits."""
        (drafted,) = await self.hired.delivered(await self.hired.run(self.goal))
        return drafted

    async def look_at(self, drafted: Json) -> None:
        await self.window.go(f"/deliverables/{drafted['deliverable_id']}")

    async def press(self, button: str) -> None:
        await self.page.get_by_role("button", name=button, exact=True).click()

    async def state_of(self, drafted: Json) -> str:
        found = await self.scene.http.get(f"/api/v1/deliverables/{drafted['deliverable_id']}")
        return found.json()["state"]

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


async def skip_tour(window: Window) -> None:
    await window.page.get_by_role("button", name="Skip", exact=True).click()
    await window.page.get_by_role("dialog").wait_for(state="detached")
