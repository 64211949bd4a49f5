"""How fast the pages are in a browser, measured on a stack of its own: `python -m tests.page_speed`.

First paint without any cache, changing pages, scrolling 500 drafts, and how much script the first page loads.
"""

import asyncio
import statistics
from collections.abc import Awaitable, Callable

from playwright.async_api import Browser, Page
from rich.console import Console
from rich.table import Table

from tests.actors import CUSTOMER_PASSWORD, demo_operator
from tests.browser import Window, open_window, running_browser
from tests.journeys.pages.people import Sitting, new_sitting
from tests.stack import Stack, running_test_stack
from tests.stored import superuser

ROUNDS = 7
DRAFTS = 500
_PLACES = ("Review", "Executions", "Activity", "Connections", "My Agents")
_COPIES = """
INSERT INTO deliverables
SELECT (jsonb_populate_record(d, jsonb_build_object('deliverable_id', gen_random_uuid(), 'goal_run_id', NULL))).*
FROM deliverables d, generate_series(1, $2) WHERE d.deliverable_id = $1::text::uuid
"""
_PAINTED = """
() => new Promise(resolve => new PerformanceObserver(list => resolve(list.getEntries().at(-1).startTime))
  .observe({type: 'largest-contentful-paint', buffered: true}))
"""
_SCRIPT_BYTES = """
() => performance.getEntriesByType('resource').filter(one => one.name.endsWith('.js'))
  .reduce((sum, one) => sum + one.encodedBodySize, 0)
"""
_WATCH_LONG_TASKS = """
() => { window.longTasks = []
  new PerformanceObserver(list => window.longTasks.push(...list.getEntries().map(one => one.duration)))
    .observe({type: 'longtask', buffered: false}) }
"""

Row = tuple[str, str, str]


async def main() -> None:
    table = Table("what", "measured", "aim", title="pages in Chromium, on the local stack")
    with running_test_stack() as stack:
        async with (
            running_browser() as browser,
            demo_operator(stack) as admin,
            new_sitting(stack, admin, browser) as sitting,
        ):
            for row in await _measure(stack, browser, sitting):
                table.add_row(*row)
    Console().print(table)


async def _measure(stack: Stack, browser: Browser, sitting: Sitting) -> list[Row]:
    drafted = await sitting.draft()
    first = [await _cold(stack, browser, sitting) for _ in range(ROUNDS)]
    changes = await _route_changes(sitting.window)
    async with superuser(stack, "plant") as connection:
        await connection.execute(_COPIES, drafted["deliverable_id"], DRAFTS - 1)
    listed, longest = await _scrolling(sitting.window)
    return [
        ("first paint of My Agents, cold", _spread([paint for paint, _ in first], "ms"), "<= 1,500 ms"),
        ("script of the first page, gzip", f"{first[0][1] / 1000:,.0f} kB", "<= 250 kB"),
        ("changing pages", _spread(changes, "ms"), "<= 200 ms"),
        (f"longest task while scrolling {listed} drafts", f"{longest:,.0f} ms", "<= 200 ms"),
    ]


async def _cold(stack: Stack, browser: Browser, sitting: Sitting) -> tuple[float, int]:
    """Signed in, but with nothing cached: milliseconds to the largest paint, and bytes of script until then."""
    async with open_window(browser, stack.cp_url) as window:
        body = {"email": sitting.scene.trader.customer.email, "password": CUSTOMER_PASSWORD}
        signed_in = await window.context.request.post(f"{window.url}/api/auth/login", data=body)
        assert signed_in.ok
        await window.go("/")
        await window.page.get_by_role("heading", name="My Agents", level=1).wait_for()
        return await window.page.evaluate(_PAINTED), await window.page.evaluate(_SCRIPT_BYTES)


async def _route_changes(window: Window) -> list[float]:
    await window.go("/")
    return [
        await _timed(window.page, lambda name=name: _change_to(window, name))
        for _ in range(ROUNDS)
        for name in _PLACES
    ][len(_PLACES) :]


async def _change_to(window: Window, name: str) -> None:
    await (
        window.page.get_by_label("Main", exact=True).get_by_role("link", name=name).click(no_wait_after=True)
    )
    await window.page.get_by_role("heading", name=name, level=1).wait_for()


async def _scrolling(window: Window) -> tuple[int, float]:
    """From the first draft to the last; what is not loaded yet is asked for on the way."""
    page = window.page
    await window.go("/review")
    await page.evaluate(_WATCH_LONG_TASKS)
    rows = page.get_by_role("listitem")
    while True:
        for _ in range(30):
            await rows.last.hover()
            await page.mouse.wheel(0, 2_000)
            await page.wait_for_timeout(50)
        more = page.get_by_role("button", name="Show more")
        if await more.count() == 0:
            break
        await more.click()
        await page.wait_for_timeout(500)
    listed = int(await rows.last.get_attribute("aria-setsize") or 0)
    assert listed >= DRAFTS, f"only {listed} were listed"
    return listed, await page.evaluate("Math.max(0, ...window.longTasks)")


async def _timed(page: Page, act: Callable[[], Awaitable[None]]) -> float:
    started: float = await page.evaluate("performance.now()")
    await act()
    ended: float = await page.evaluate("performance.now()")
    return ended - started


def _spread(values: list[float], unit: str) -> str:
    return f"{statistics.median(values):,.0f} {unit} ({min(values):,.0f} .. {max(values):,.0f})"


if __name__ == "__main__":
    asyncio.run(main())
