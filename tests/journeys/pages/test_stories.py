"""Whole stories on the pages: from signing up to a filled order; a week of posts, approved together."""

import re
from collections.abc import AsyncIterator
from secrets import token_hex

import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from shared.posts.model import Platform
from tests.actors import CUSTOMER_PASSWORD, Operator
from tests.browser import Window
from tests.goals import hire_marketer
from tests.journeys.pages.people import Sitting, new_sitting, skip_tour
from tests.stack import Stack
from tests.trades import eventually


@pytest_asyncio.fixture
async def sitting(stack: Stack, admin: Operator, browser: Browser) -> AsyncIterator[Sitting]:
    async with new_sitting(stack, admin, browser) as ready:
        yield ready


async def test_from_signing_up_to_a_draft_that_waits_all_on_the_pages(customer_window: Window) -> None:
    page = customer_window.page
    await _sign_up(customer_window)
    await _connect_exchange(customer_window)

    await customer_window.go("/hire")
    await page.get_by_role("button", name="Hire: Futures trader").click()
    await page.wait_for_url("**/configure**")
    await page.get_by_role("button", name="Save and put to work").click()
    await expect(page.get_by_text("is required").first).to_be_visible()

    await page.get_by_label("Nickname").fill("Desk")
    await _choose(page, "Exchange account", "Delta Exchange India")
    await _choose(page, "Default coin", "BTC")
    await page.get_by_label(re.compile(r"^Largest order, in")).fill("0.1")
    await page.get_by_role("button", name="Save and put to work").click()
    await page.get_by_role("button", name="Choose: Trade intent draft").click()
    await page.get_by_label(re.compile(r"^Units, in")).fill("0.005")
    await page.get_by_role("button", name="Set the goal").click()
    await page.get_by_role("button", name="Run now").click()

    await customer_window.go("/")
    await page.locator("a[href*='/deliverables/']").first.click(timeout=20_000)
    await expect(page.get_by_text("What you see is what is signed")).to_be_visible()


async def test_week_of_posts_is_approved_together_each_with_its_own_signature(sitting: Sitting) -> None:
    hired = await hire_marketer(sitting.scene, platforms=(Platform.MASTODON, Platform.BLUESKY))
    week = {"weekdays": [0, 3], "time_of_day": "10:00", "themes": ["monsoon"], "hashtags": ["chai"]}
    goal = await hired.set_goal(
        "weekly_multichannel_batch", frequency="weekly", time_of_day="08:00", weekday=0, settings=week
    )
    posts = await hired.delivered(await hired.run(goal))
    page = sitting.page

    await sitting.window.go("/review")
    await page.get_by_role("button", name="Select posts").click()
    await page.get_by_role("button", name="Approve selected").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("What you see is what is signed")).to_have_count(len(posts))
    for post in posts:
        await expect(
            dialog.get_by_text(post["draft"]["action"]["params"]["text"].split("\n")[0]).first
        ).to_be_visible()
    await dialog.get_by_role("button", name=f"Approve all {len(posts)}").click()
    await expect(dialog.get_by_text(f"{len(posts)} of {len(posts)} approved")).to_be_visible()

    signed = [await sitting.approvals_of(post) for post in posts]
    assert [len(approvals) for approvals in signed] == [1] * len(posts)
    assert len({approvals[0]["approval_id"] for approvals in signed}) == len(posts)
    assert [approvals[0]["action_hash"] for approvals in signed] == [
        post["draft"]["action_hash"] for post in posts
    ]


async def test_draft_that_was_rejected_with_notes_is_gone_from_the_queue(sitting: Sitting) -> None:
    drafted = await sitting.draft()
    page = sitting.page

    await sitting.look_at(drafted)
    await sitting.press("Reject")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Why").fill("too much at once")
    await dialog.get_by_role("button", name="Reject").click()

    await eventually(lambda: sitting.state_of(drafted), lambda state: state == "rejected")
    await expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    await sitting.window.go("/review")
    await expect(page.locator(f"a[href*='{drafted['deliverable_id']}']")).to_have_count(0)


async def _sign_up(window: Window) -> None:
    await window.page.goto(f"{window.url}/sign-up")
    await window.page.get_by_label("E-mail").fill(f"newcomer-{token_hex(4)}@example.test")
    await window.page.get_by_label("Password").first.fill("short")
    await window.page.get_by_role("button", name="Sign up").click()
    await expect(window.page.get_by_role("alert")).to_be_visible()
    await window.page.get_by_label("Password").first.fill(CUSTOMER_PASSWORD)
    await window.page.get_by_role("button", name="Sign up").click()
    await skip_tour(window)


async def _connect_exchange(window: Window) -> None:
    page = window.page
    await window.go("/connections")
    await page.get_by_role("button", name="Connect an exchange account").click()
    await page.get_by_label("API key").fill("demo-key-b")
    await page.get_by_label("API secret").fill("demo-secret-b")
    await page.get_by_role("combobox", name="Coins that may be traded").fill("BTC")
    await page.keyboard.press("Enter")
    await _choose(page, "First choice", "BTC")
    await page.get_by_label("Largest order, in units of the coin").fill("0.1")
    await page.get_by_role("button", name="Connect", exact=True).click()
    await expect(page.get_by_role("heading", name="key ending in")).to_be_visible()


async def _choose(page: Page, label: str, option: str) -> None:
    await page.get_by_role("combobox", name=label).click()
    await page.get_by_role("option", name=option).first.click()
