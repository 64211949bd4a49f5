"""Reviewing on the page: exactly what is signed, once, whatever happens to the price, the network or the tabs."""

import asyncio

from playwright.async_api import Browser, Route, expect

from plant.execution.release import FRESH_MS
from tests.actors import CUSTOMER_PASSWORD, Operator
from tests.browser import open_window
from tests.denied import new_scene
from tests.exchange import Exchange
from tests.journeys.pages.people import Sitting, skip_tour
from tests.stack import Stack
from tests.stored import superuser
from tests.trades import eventually


async def test_newcomer_finds_the_draft_approves_it_and_sees_it_filled(sitting: Sitting) -> None:
    drafted = await sitting.draft()
    page = sitting.page

    await sitting.window.go("/")
    await page.locator(f"a[href*='{drafted['deliverable_id']}']").first.click()
    await sitting.press("Approve")
    await sitting.press("Execute now")
    await page.get_by_role("link", name="execution").first.click()

    await expect(page.get_by_text("filled", exact=False).first).to_be_visible(timeout=20_000)
    assert await sitting.orders_sent() == 1
    assert await sitting.state_of(drafted) == "executed"


async def test_page_shows_and_sends_the_hash_of_what_it_shows(sitting: Sitting) -> None:
    drafted = await sitting.draft()
    sent: list[str] = []
    sitting.page.on("request", lambda request: sent.append(request.post_data or ""))

    await sitting.look_at(drafted)
    await expect(sitting.page.get_by_text("What you see is what is signed")).to_be_visible()
    await sitting.press("Approve")
    await sitting.page.get_by_role("button", name="Execute now").wait_for()

    (approving,) = [body for body in sent if drafted["deliverable_id"] in body]
    assert drafted["draft"]["action_hash"] in approving


async def test_altered_answer_offers_no_approval(sitting: Sitting) -> None:
    """As if something between the portal and the page changed what is shown."""
    drafted = await sitting.draft()

    async def alter(route: Route) -> None:
        answer = await route.fetch()
        body = (await answer.text()).replace('"side":"buy"', '"side":"sell"')
        await route.fulfill(response=answer, body=body)

    await sitting.page.route(f"**/api/v1/deliverables/{drafted['deliverable_id']}", alter)
    await sitting.look_at(drafted)

    await expect(sitting.page.get_by_text("What you see is not what would be signed")).to_be_visible()
    await expect(sitting.page.get_by_role("button", name="Approve", exact=True)).to_be_disabled()


async def test_draft_that_is_replaced_while_it_is_looked_at_is_approved_only_once_it_was_read(
    sitting: Sitting,
) -> None:
    drafted = await sitting.draft()
    await sitting.look_at(drafted)
    approve = sitting.page.get_by_role("button", name="Approve", exact=True)
    await expect(approve).to_be_enabled()

    await sitting.replace(drafted, on=sitting.page)

    await expect(sitting.page.get_by_text("The draft changed while you were here")).to_be_visible()
    await expect(approve).to_be_disabled()
    await sitting.press("I have read the new one")
    await expect(approve).to_be_enabled()


async def test_price_that_drifted_meanwhile_stops_the_order_and_says_so(
    sitting: Sitting, exchange: Exchange
) -> None:
    drafted = await sitting.draft()
    await sitting.look_at(drafted)
    await sitting.press("Approve")
    await sitting.page.get_by_role("button", name="Execute now").wait_for()

    await exchange.set_price("BTCUSD", "71000")
    await asyncio.sleep(FRESH_MS / 1000)
    await sitting.press("Execute now")

    await expect(sitting.page.get_by_role("alert").first).to_be_visible()
    assert await sitting.orders_sent() == 0
    assert await sitting.state_of(drafted) == "approved"


async def test_draft_that_expires_while_it_is_looked_at_cannot_be_approved(
    stack: Stack, sitting: Sitting
) -> None:
    drafted = await sitting.draft()
    async with superuser(stack, "plant") as connection:
        await connection.execute(
            "UPDATE deliverables SET expires_at = now() + interval '5 seconds' WHERE deliverable_id = $1::text::uuid",
            drafted["deliverable_id"],
        )

    await sitting.look_at(drafted)

    approve = sitting.page.get_by_role("button", name="Approve", exact=True)
    await expect(approve).to_be_enabled()
    await expect(sitting.page.get_by_text("expired").first).to_be_visible(timeout=8_000)
    await expect(approve.and_(sitting.page.locator(":enabled"))).to_have_count(0)
    assert await sitting.approvals_of(drafted) == []


async def test_approval_that_expired_is_not_offered_for_use(sitting: Sitting) -> None:
    drafted = await sitting.draft()
    await sitting.page.clock.install()
    await sitting.look_at(drafted)
    await sitting.press("Approve")
    execute = sitting.page.get_by_role("button", name="Execute now")
    await execute.wait_for()

    await sitting.page.clock.fast_forward("16:00")

    await expect(execute).to_be_hidden()


async def test_approval_taken_back_elsewhere_is_not_offered_for_use(sitting: Sitting) -> None:
    drafted = await sitting.draft()
    await sitting.look_at(drafted)
    await sitting.press("Approve")
    await sitting.page.get_by_role("button", name="Execute now").wait_for()
    (approval,) = await sitting.approvals_of(drafted)

    await sitting.scene.http.post(f"/api/cp/approvals/{approval['approval_id']}/revoke")

    await expect(sitting.page.get_by_role("button", name="Execute now")).to_be_hidden()
    assert await sitting.orders_sent() == 0


async def test_second_tab_follows_without_reload_and_approves_nothing_twice(
    stack: Stack, browser: Browser, sitting: Sitting
) -> None:
    drafted = await sitting.draft()
    await sitting.look_at(drafted)
    second = await sitting.window.context.new_page()
    await second.goto(sitting.page.url)
    await second.get_by_role("button", name="Approve", exact=True).wait_for()

    await sitting.press("Approve")

    await expect(second.get_by_role("button", name="Execute now")).to_be_visible(timeout=5_000)
    assert len(await sitting.approvals_of(drafted)) == 1


async def test_connection_lost_in_mid_approve_and_mid_execute_orders_once(sitting: Sitting) -> None:
    drafted = await sitting.draft()
    page = sitting.page
    lost: list[str] = []

    async def lose_answer(route: Route) -> None:
        """The request arrives, its answer does not."""
        await route.fetch()
        lost.append(route.request.url)
        await route.abort("connectionreset")

    await sitting.look_at(drafted)
    await page.route("**/api/cp/approvals", lose_answer, times=1)
    await sitting.press("Approve")
    await expect(page.get_by_role("button", name="Execute now")).to_be_visible()
    await page.route("**/execute", lose_answer, times=1)
    await sitting.press("Execute now")

    await eventually(lambda: sitting.state_of(drafted), lambda state: state == "executed")
    await expect(page.get_by_role("button", name="Execute now")).to_be_hidden()
    assert len(lost) == 2
    assert len(await sitting.approvals_of(drafted)) == 1
    assert await sitting.orders_sent() == 1


async def test_signing_out_everywhere_ends_every_window(
    stack: Stack, browser: Browser, lone_sitting: Sitting
) -> None:
    async with open_window(browser, stack.cp_url) as elsewhere:
        await elsewhere.sign_in(lone_sitting.scene.trader.customer.email, CUSTOMER_PASSWORD)

        await lone_sitting.window.go("/account")
        await lone_sitting.press("Sign out everywhere")
        await (
            lone_sitting.page.get_by_role("dialog").get_by_role("button", name="Sign out everywhere").click()
        )

        await elsewhere.page.wait_for_url("**/sign-in**", timeout=15_000)
        await lone_sitting.page.wait_for_url("**/sign-in**")


async def test_the_whole_story_by_keyboard_alone(sitting: Sitting) -> None:
    drafted = await sitting.draft()
    await sitting.look_at(drafted)

    for button in ("Approve", "Execute now"):
        target = sitting.page.get_by_role("button", name=button, exact=True)
        await target.wait_for()
        for _ in range(60):
            if await target.evaluate("button => button === document.activeElement"):
                break
            await sitting.page.keyboard.press("Tab")
        await expect(target).to_be_focused()
        await sitting.page.keyboard.press("Enter")

    await eventually(lambda: sitting.state_of(drafted), lambda state: state == "executed")
    assert await sitting.orders_sent() == 1


async def test_next_person_in_the_same_tab_sees_nothing_of_the_one_before(
    stack: Stack, admin: Operator, browser: Browser, lone_sitting: Sitting
) -> None:
    """The session ended elsewhere, and a click finds that out before the live updates do."""
    drafted = await lone_sitting.draft()
    page = lone_sitting.page
    link = page.locator(f"a[href*='{drafted['deliverable_id']}']").first
    await lone_sitting.window.go("/review")
    await link.wait_for()
    await page.route("**/api/cp/events", lambda route: route.abort())
    await lone_sitting.window.end_session()

    await page.get_by_role("link", name="Usage").click()
    await page.wait_for_url("**/sign-in**")
    async with new_scene(stack, admin) as other:
        await page.get_by_label("E-mail").fill(other.trader.customer.email)
        await page.get_by_label("Password").first.fill(CUSTOMER_PASSWORD)
        await page.get_by_role("button", name="Sign in").click()
        await skip_tour(lone_sitting.window)
        await page.get_by_role("link", name="Review", exact=True).click()
        await expect(page.get_by_role("heading", name="Review", level=1)).to_be_visible()
        await expect(link).to_have_count(0)
        await expect(page.get_by_text("Nothing waits")).to_be_visible()
