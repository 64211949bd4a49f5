"""The operators' story on the pages: authoring, assisted approval, following a request, stopping; by role."""

import json
from typing import Any
from uuid import uuid4

from playwright.async_api import Page, expect

from shared.contracts.sign_in import Role
from shared.demo import OPERATOR_EMAILS, PASSWORD
from tests.authoring import made_up
from tests.browser import Window
from tests.journeys.pages.keyboard import open_dialog, press, skip_to_page, tab_to
from tests.journeys.pages.people import Sitting
from tests.trades import eventually


async def sign_in(window: Window, role: Role) -> Page:
    await window.sign_in(OPERATOR_EMAILS[role], PASSWORD.get_secret_value())
    return window.page


async def test_type_published_on_the_page_and_its_next_version_reach_a_customer_who_is_signed_in(
    operator_window: Window, sitting: Sitting
) -> None:
    page = await sign_in(operator_window, Role.ADMIN)
    definition = made_up(display_name="Town reminder")

    await _publish(operator_window, definition)

    await sitting.window.go("/hire")
    await expect(sitting.page.get_by_text("Town reminder").first).to_be_visible()
    subscription = await _hire(sitting, definition)
    await sitting.window.go(f"/subscriptions/{subscription}/configure")
    await expect(sitting.page.get_by_label("Quiet")).to_be_visible()
    await expect(sitting.page.get_by_label("How loud")).to_be_hidden()

    definition["config_schema"]["properties"]["volume"] = {"type": "integer", "title": "How loud"}
    await _publish(operator_window, definition)

    await sitting.window.go("/")
    await sitting.page.go_back()
    await sitting.page.bring_to_front()
    await expect(sitting.page.get_by_label("How loud")).to_be_visible()
    assert page.url.endswith(definition["agent_type_id"])


async def test_broken_definition_says_what_to_mend_and_cannot_be_published(operator_window: Window) -> None:
    page = await sign_in(operator_window, Role.ADMIN)
    definition = made_up()
    definition["roles"]["title"] = "/nowhere"
    await operator_window.go(f"/agent-types/{definition['agent_type_id']}")

    await page.get_by_label("JSON").fill(json.dumps(definition))
    await expect(page.get_by_text("To mend")).to_be_visible()
    await expect(page.get_by_role("button", name="Publish the draft")).to_be_disabled()

    await page.get_by_label("JSON").fill('{"agent_type_id": \n oops')
    await expect(page.get_by_text("line 2")).to_be_visible()


async def test_assisted_approval_shows_everything_and_keeps_the_consent(
    operator_window: Window, sitting: Sitting
) -> None:
    drafted = await sitting.draft()
    page = await sign_in(operator_window, Role.OPERATOR)

    await operator_window.go(f"/deliverables/{drafted['deliverable_id']}?customer={drafted['customer_id']}")
    await expect(page.get_by_text("What you see is what is signed")).to_be_visible()
    await page.get_by_role("combobox", name="By which channel").fill("telephone")
    await page.get_by_label("Reference").fill("call 4711")
    await page.get_by_role("button", name="Approve for the customer").click()
    await page.get_by_role("dialog").get_by_role("button", name="Approve for the customer").click()
    await expect(page.get_by_text("call 4711").first).to_be_visible()
    await expect(page.get_by_role("status").filter(has_text="Approved with")).to_be_focused()

    await page.get_by_role("button", name="Carry it out").click()
    await page.get_by_role("dialog").get_by_role("button", name="Carry it out").click()
    await eventually(lambda: sitting.state_of(drafted), lambda state: state == "executed")
    await expect(page.get_by_role("button", name="Carry it out")).to_have_count(0)
    assert await sitting.orders_sent() == 1


async def test_assisted_approval_with_consent_by_keyboard_alone(
    operator_window: Window, sitting: Sitting
) -> None:
    drafted = await sitting.draft()
    page = await sign_in(operator_window, Role.OPERATOR)
    keys = page.keyboard

    await operator_window.go(f"/deliverables/{drafted['deliverable_id']}?customer={drafted['customer_id']}")
    await skip_to_page(page)
    await tab_to(page.get_by_role("combobox", name="By which channel"))
    await keys.type("tele")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await tab_to(page.get_by_label("Reference"))
    await keys.type("call 4712")
    dialog = await open_dialog(page.get_by_role("button", name="Approve for the customer"))
    await press(dialog.get_by_role("button", name="Approve for the customer"))
    await expect(page.get_by_text("call 4712").first).to_be_visible()
    await expect(page.get_by_text("telephone").first).to_be_visible()
    dialog = await open_dialog(page.get_by_role("button", name="Carry it out"))
    await press(dialog.get_by_role("button", name="Carry it out"))

    await eventually(lambda: sitting.state_of(drafted), lambda state: state == "executed")


async def test_draft_that_is_replaced_while_an_operator_looks_says_so_and_takes_no_old_consent(
    operator_window: Window, sitting: Sitting
) -> None:
    drafted = await sitting.draft()
    page = await sign_in(operator_window, Role.OPERATOR)
    await operator_window.go(f"/deliverables/{drafted['deliverable_id']}?customer={drafted['customer_id']}")
    await page.get_by_label("Reference").fill("call 4713")
    note = page.get_by_text("The draft changed while you were here")
    await expect(note).to_have_count(0)

    await sitting.replace(drafted, on=page)

    await expect(note).to_be_visible()
    await expect(page.get_by_label("Reference")).to_have_value("")
    await page.get_by_role("button", name="I have read the new one").click()
    await expect(note).to_have_count(0)


async def test_agent_type_is_published_by_keyboard_alone(operator_window: Window) -> None:
    definition = made_up(display_name="Typed reminder")
    page = await sign_in(operator_window, Role.ADMIN)

    await operator_window.go(f"/agent-types/{definition['agent_type_id']}")
    await skip_to_page(page)
    await tab_to(page.get_by_label("JSON"))
    await page.keyboard.press("ControlOrMeta+A")
    await page.keyboard.insert_text(json.dumps(definition, indent=2))
    await press(page.get_by_role("button", name="Save as draft"))
    dialog = await open_dialog(page.get_by_role("button", name="Publish the draft"))
    await press(dialog.get_by_role("button", name="Publish the draft"))

    await expect(page.get_by_text("This is what is published.")).to_be_visible()


async def test_kill_switch_is_engaged_and_released_by_keyboard_alone(operator_window: Window) -> None:
    page = await sign_in(operator_window, Role.OPERATOR)
    agent = str(uuid4())

    await operator_window.go(f"/kill-switches?scope=hired_agent:{agent}")
    await skip_to_page(page)
    dialog = await open_dialog(page.get_by_role("button", name="Engage"))
    await expect(dialog.get_by_label("Reason")).to_be_focused()
    await page.keyboard.type("it repeats itself")
    await page.keyboard.press("Enter")
    row = page.get_by_role("row", name=agent)
    await expect(row.get_by_text("engaged")).to_be_visible()
    dialog = await open_dialog(row.get_by_role("button"))
    await expect(dialog.get_by_label("Reason")).to_be_focused()
    await page.keyboard.type("mended")
    await page.keyboard.press("Enter")

    await expect(row.get_by_text("released")).to_be_visible()


async def test_request_is_followed_across_services(operator_window: Window, sitting: Sitting) -> None:
    drafted = await sitting.draft()
    page = await sign_in(operator_window, Role.VIEWER)

    await operator_window.go("/correlations")
    await page.get_by_label("Correlation id").fill(drafted["correlation_id"])
    await page.get_by_role("button", name="Follow").click()

    await page.wait_for_url(f"**/correlations/{drafted['correlation_id']}")
    await expect(page.get_by_text("Plant", exact=False).first).to_be_visible()
    await expect(page.get_by_text("deliverable", exact=False).first).to_be_visible()


async def test_kill_switch_engaged_on_the_page_stops_the_customer_until_released(
    operator_window: Window, lone_sitting: Sitting
) -> None:
    drafted = await lone_sitting.draft()
    await lone_sitting.look_at(drafted)
    await lone_sitting.press("Approve")
    await lone_sitting.page.get_by_role("button", name="Execute now").wait_for()
    page = await sign_in(operator_window, Role.OPERATOR)
    scope = f"customer:{drafted['customer_id']}"

    await operator_window.go(f"/kill-switches?scope={scope}")
    await page.get_by_role("button", name="Engage").click()
    await page.get_by_label("Reason").fill("the customer called")
    await page.get_by_role("button", name="Stop it").click()
    await expect(page.get_by_text("the customer called")).to_be_visible()
    await lone_sitting.press("Execute now")
    await expect(lone_sitting.page.get_by_role("alert").first).to_be_visible()
    assert await lone_sitting.orders_sent() == 0

    await page.get_by_role("row", name=drafted["customer_id"]).get_by_role("button").click()
    await page.get_by_label("Reason").fill("all is well")
    await page.get_by_role("dialog").get_by_role("button", name="Release").click()
    await expect(page.get_by_text("all is well")).to_be_visible()


async def test_viewer_is_offered_nothing_that_a_viewer_may_not_do(
    operator_window: Window, sitting: Sitting
) -> None:
    drafted = await sitting.draft()
    page = await sign_in(operator_window, Role.VIEWER)

    for path, button in (
        ("/kill-switches", "Engage"),
        ("/agent-types/trading.delta_futures.v1", "Publish the draft"),
        (
            f"/deliverables/{drafted['deliverable_id']}?customer={drafted['customer_id']}",
            "Approve for the customer",
        ),
    ):
        await operator_window.go(path)
        await expect(page.get_by_role("button", name=button)).to_have_count(0)


async def _publish(window: Window, definition: dict[str, Any]) -> None:
    page = window.page
    await window.go(f"/agent-types/{definition['agent_type_id']}")
    await page.get_by_label("JSON").fill(json.dumps(definition, indent=2))
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("button", name="Publish the draft").click()
    await page.get_by_role("dialog").get_by_role("button", name="Publish the draft").click()
    await page.get_by_role("dialog").wait_for(state="detached")
    await expect(page.get_by_text("published").first).to_be_visible()


async def _hire(sitting: Sitting, definition: dict[str, Any]) -> str:
    body = {
        "agent_type_id": definition["agent_type_id"],
        "plan": next(iter(definition["enforcement"]["plans"])),
    }
    answer = await sitting.scene.http.post("/api/cp/subscriptions", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["subscription_id"]
