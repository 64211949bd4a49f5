"""Chromium against the real stack: people who sign in on a page, at a width and in colours, and what they saw."""

import os
import re
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, BrowserContext, Page, StorageState, async_playwright, expect

ROOT = Path(__file__).parents[1]
SHOTS = ROOT / "web" / "shots"
_AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
_TRANSITIONS_DONE = """
new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => Promise.all(
  document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished)))
"""
_FAULTS_OF_WIDTH = """
() => {
  const over = document.documentElement.scrollWidth - window.innerWidth
  const labels = document.querySelectorAll('.mantine-Badge-label, .mantine-Button-label')
  const cut = [...labels].filter(one => one.scrollWidth > one.clientWidth + 1)
  return [...(over > 0 ? [`${over} pixels too wide`] : []), ...cut.map(one => `cut: ${one.textContent}`)]
}
"""
_LOOKS = 30
_FITS_WITHIN_MS = (100, 200, 400, 800)
WIDE, PHONE = (1280, 900), (360, 800)

Colors = Literal["light", "dark"]
_COLORS: tuple[Colors, ...] = ("light", "dark")


@dataclass(slots=True)
class Window:
    """A person's browser window on one portal; `trouble` is what its console complained of."""

    page: Page
    context: BrowserContext
    url: str
    trouble: list[str] = field(default_factory=list[str])

    async def sign_in(self, email: str, password: str) -> None:
        await self.page.goto(f"{self.url}/sign-in")
        await self.page.get_by_label("E-mail").fill(email)
        await self.page.get_by_label("Password").first.fill(password)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.wait_for_url(re.compile(r"^(?!.*sign-in)"))

    async def end_session(self) -> None:
        """As if the person had signed out elsewhere: the page does not know."""
        http = self.context.request
        me = await (await http.get(f"{self.url}/api/auth/me")).json()
        headers = {"X-CSRF-Token": me["csrf_token"], "Origin": self.url}
        assert (await http.post(f"{self.url}/api/auth/logout", headers=headers)).ok

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.url}{path}")
        await self.settled()

    async def settled(self) -> None:
        """Until the page has what it asked for; the stream of live updates never ends, so no network idle."""
        await self.page.get_by_role("heading", level=1).first.wait_for()
        await expect(self.page.locator("[aria-busy=true]")).to_have_count(0)

    async def use_colors(self, colors: Colors) -> None:
        """As a browser that prefers them, until they have stopped changing."""
        await self.page.emulate_media(color_scheme=colors, reduced_motion="reduce")
        await expect(self.page.locator(f"html[data-mantine-color-scheme={colors}]")).to_have_count(1)
        await self.page.evaluate(_TRANSITIONS_DONE)

    async def shoot(self, name: str) -> None:
        """Write the page as it looks, wide and phone, light and dark, when COUNTERSIGN_SHOTS asks for it."""
        if not os.environ.get("COUNTERSIGN_SHOTS"):
            return
        SHOTS.mkdir(exist_ok=True)
        for width, height, size in ((*WIDE, "wide"), (*PHONE, "phone")):
            await self.page.set_viewport_size({"width": width, "height": height})
            for colors in _COLORS:
                await self.use_colors(colors)
                await self.page.screenshot(path=SHOTS / f"{name}-{size}-{colors}.png", full_page=True)
        await self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})

    async def faults_on_phone(self) -> list[str]:
        """What has to be scrolled sideways to be seen, or is cut, on a narrow phone, once the page has settled."""
        await self.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        found: list[str] = []
        for _ in range(_LOOKS):
            await self.page.wait_for_timeout(100)
            found = await self.page.evaluate(_FAULTS_OF_WIDTH)
            if not found:
                break
        await self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        return found

    async def violations(self) -> list[str]:
        """What axe finds serious or critical."""
        await self.page.evaluate(_AXE.read_text())
        found: list[dict[str, Any]] = (await self.page.evaluate("axe.run(document)"))["violations"]
        return [
            f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]


@asynccontextmanager
async def running_browser() -> AsyncGenerator[Browser]:
    """Skips where there is no Chromium, unless COUNTERSIGN_BROWSER says that there must be one."""
    executable = shutil.which("chromium")
    if executable is None:
        if os.environ.get("COUNTERSIGN_BROWSER") == "required":
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed: pages were not tested")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=[*_QUIET])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_window(
    browser: Browser, url: str, *, remembered: StorageState | None = None
) -> AsyncGenerator[Window]:
    """A window of its own: no cookie of another's. Pages are served as localhost, as people open them.

    `remembered` is what the browser kept of an earlier window: somebody who is still signed in.
    """
    viewport: Any = {"width": WIDE[0], "height": WIDE[1]}
    context = await browser.new_context(
        viewport=viewport, reduced_motion="reduce", locale="en-GB", storage_state=remembered
    )
    page = await context.new_page()
    page.set_default_timeout(10_000)
    window = Window(page, context, url.replace("127.0.0.1", "localhost"))
    page.on("pageerror", lambda error: window.trouble.append(str(error)))
    page.on("console", lambda said: window.trouble.append(said.text) if _is_trouble(said.text) else None)
    try:
        yield window
    finally:
        await context.close()


def _is_trouble(text: str) -> bool:
    """What a page must never cause; refused requests are told in the console too, and are part of the story."""
    return "Content Security Policy" in text or "Warning:" in text or "Uncaught" in text
