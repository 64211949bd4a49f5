"""Whole stories on the pages: from signing up to a filled order; a week of posts, approved together and published."""

import re
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from playwright.async_api import Page, expect

from shared.posts.model import Platform
from tests.actors import CUSTOMER_PASSWORD
from tests.authoring import published
from tests.browser import Window
from tests.goals import Hired, Json, connect_platform, hire, hire_marketer
from tests.journeys.pages.people import Sitting, skip_tour
from tests.journeys.test_posts import definition as town_crier
from tests.posts import stored_posts
from tests.trades import eventually


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


async def test_week_of_posts_is_approved_together_each_with_its_own_signature(lone_sitting: Sitting) -> None:
    hired = await hire_marketer(lone_sitting.scene, platforms=(Platform.MASTODON, Platform.BLUESKY))
    week = {"weekdays": [0, 3], "time_of_day": "10:00", "themes": ["monsoon"], "hashtags": ["chai"]}
    goal = await hired.set_goal(
        "weekly_multichannel_batch", frequency="weekly", time_of_day="08:00", weekday=0, settings=week
    )
    posts = await hired.delivered(await hired.run(goal))
    page = lone_sitting.page

    await lone_sitting.window.go("/review")
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

    signed = [await lone_sitting.approvals_of(post) for post in posts]
    assert [len(approvals) for approvals in signed] == [1] * len(posts)
    assert len({approvals[0]["approval_id"] for approvals in signed}) == len(posts)
    assert [approvals[0]["action_hash"] for approvals in signed] == [
        post["draft"]["action_hash"] for post in posts
    ]


async def test_posts_approved_together_are_out_once_and_their_receipts_lead_to_them(
    lone_sitting: Sitting,
) -> None:
    hired = await _hire_crier(lone_sitting)
    soon = (datetime.now(UTC) + timedelta(seconds=6)).isoformat()
    by_itself = await _drafted(hired, Platform.MASTODON, at=soon)
    by_hand = await _drafted(hired, Platform.BLUESKY)
    page = lone_sitting.page

    await lone_sitting.window.go("/review")
    await _approve_all(page, number=2)
    await page.get_by_role("link", name="Continue").click()
    await lone_sitting.press("Publish now")
    await expect(page.get_by_text("The post is out, once.")).to_be_visible(timeout=20_000)
    await _assert_receipt_shown(lone_sitting, by_hand)
    await eventually(lambda: lone_sitting.state_of(by_itself), lambda state: state == "executed")
    await page.get_by_role("link", name="Executions").click()
    await expect(page.get_by_role("link", name="See the post")).to_have_count(2)
    await page.get_by_role("row", name="Mastodon").get_by_role("link", name="Publish post").click()

    await expect(page.get_by_text("The post is out, once.")).to_be_visible()
    await _assert_receipt_shown(lone_sitting, by_itself)
    assert _copies_of(lone_sitting, by_itself) == _copies_of(lone_sitting, by_hand) == 1


async def test_draft_that_was_rejected_with_notes_is_gone_from_the_queue(lone_sitting: Sitting) -> None:
    drafted = await lone_sitting.draft()
    page = lone_sitting.page

    await lone_sitting.look_at(drafted)
    await lone_sitting.press("Reject")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Why").fill("too much at once")
    await dialog.get_by_role("button", name="Reject").click()

    await eventually(lambda: lone_sitting.state_of(drafted), lambda state: state == "rejected")
    await expect(page.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    await lone_sitting.window.go("/review")
    await expect(page.locator(f"a[href*='{drafted['deliverable_id']}']")).to_have_count(0)


async def _hire_crier(sitting: Sitting) -> Hired:
    """A marketing agent that posts what it is told to, at once or at a moment that is given to the second."""
    told = town_crier()
    await published(sitting.scene.operator.http, told)
    accounts = {
        platform: await connect_platform(sitting.scene, platform)
        for platform in (Platform.MASTODON, Platform.BLUESKY)
    }
    config = {"name": "Crier", "zone": "Asia/Kolkata", "accounts": accounts}
    return await hire(sitting.scene, told["agent_type_id"], config)


async def _drafted(hired: Hired, platform: Platform, **when: str) -> Json:
    text = f"Fresh samosas from five {token_hex(4)}"
    goal = await hired.set_goal("say", settings={"platform": platform, "text": text, **when})
    (draft,) = await hired.delivered(await hired.run(goal))
    return draft


async def _approve_all(page: Page, *, number: int) -> None:
    await page.get_by_role("button", name="Select posts").click()
    await page.get_by_role("button", name="Approve selected").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name=f"Approve all {number}").click()
    await expect(dialog.get_by_text(f"{number} of {number} approved")).to_be_visible()
    await expect(dialog.get_by_text("goes out")).to_be_visible()
    await dialog.get_by_role("button", name="Done").click()


async def _assert_receipt_shown(sitting: Sitting, draft: Json) -> None:
    """Platform, address, id and time of the post, as the platform answered."""
    page, found = sitting.page, (await sitting.scene.http.get("/api/v1/executions")).json()["items"]
    (receipt,) = [one["receipt"] for one in found if one["deliverable_id"] == draft["deliverable_id"]]
    await expect(page.get_by_role("link", name=receipt["url"])).to_have_attribute("href", receipt["url"])
    await expect(page.get_by_text(f"Its id at {receipt['platform'].title()}")).to_be_visible()
    await expect(page.get_by_text(receipt["post_id"], exact=True).first).to_be_visible()
    await expect(page.locator(f"time[datetime='{receipt['at']}']").first).to_be_visible()


def _copies_of(sitting: Sitting, draft: Json) -> int:
    """How many posts with its text the imitated platform holds."""
    params = draft["draft"]["action"]["params"]
    found = stored_posts(sitting.scene.stack.sandbox_url, Platform(params["platform"]))
    return [post["text"] for post in found].count(params["text"])


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
