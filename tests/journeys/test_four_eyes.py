"""Four eyes through the whole stack: two operators place an order, and one alone does not."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from cli.attack.catalogue import FOUR_EYES
from cli.attack.four_eyes import is_demanded
from cli.attack.model import Attack, Result, Verdict
from cli.attack.play import play_attacks
from shared.contracts.approvals import Approver
from shared.contracts.sign_in import Role
from shared.contracts.trading import DraftRunResponse, ExecutionState
from shared.demo import OPERATOR_EMAILS, PASSWORD
from shared.keys import Issuer, Purpose
from shared.tokens import sign
from tests.actors import Operator, demo_operator
from tests.attacks.test_attack_suite import target_of
from tests.browser import Window, open_window, running_browser
from tests.denied import Scene, correlated, new_scene
from tests.forgery import DELIVERY, TYP, approval_claims, at_gateway, signing_key
from tests.journeys.test_approvals import CONSENT
from tests.stack import Stack, running_test_stack
from tests.trades import eventually, timeline

SETTING = "COUNTERSIGN_FOUR_EYES"
APPROVALS = "/api/pp/approvals"
PROPOSALS = "/api/pp/approval-proposals"
POLL_MS = 6_000


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of its own, where two operators are demanded."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(SETTING, "true")
        with running_test_stack() as ready:
            yield ready


@pytest_asyncio.fixture(scope="module")
async def first(stack: Stack) -> AsyncIterator[Operator]:
    async with demo_operator(stack, "operator") as operator:
        yield operator


@pytest_asyncio.fixture(scope="module")
async def second(stack: Stack) -> AsyncIterator[Operator]:
    async with demo_operator(stack, "admin") as operator:
        yield operator


@pytest_asyncio.fixture(scope="module")
async def scene(stack: Stack, second: Operator) -> AsyncIterator[Scene]:
    async with new_scene(stack, second) as fresh:
        yield fresh


@pytest_asyncio.fixture
async def windows(stack: Stack) -> AsyncIterator[tuple[Window, Window]]:
    """The first operator's and the second's."""
    async with (
        running_browser() as browser,
        open_window(browser, stack.pp_url) as first,
        open_window(browser, stack.pp_url) as second,
    ):
        yield first, second


@pytest_asyncio.fixture
async def window(windows: tuple[Window, Window]) -> Window:
    """The second operator's, with a clock that the test can move on."""
    _, second = windows
    await second.sign_in(OPERATOR_EMAILS[Role.ADMIN], PASSWORD.get_secret_value())
    await second.page.clock.install()
    return second


async def test_two_operators_approve_and_the_order_is_filled(
    scene: Scene, first: Operator, second: Operator
) -> None:
    draft = await scene.trader.draft()
    sent = await scene.orders_sent()

    proposal = await propose(scene, first, draft)
    own = await confirm(first, proposal)
    confirmed = await confirm(second, proposal)

    assert (proposal["state"], proposal["proposed_by"]) == ("waiting", str(first.operator_id))
    assert (own.status_code, own.json()["reason"]) == (403, "second_operator_required")
    assert confirmed.status_code == 201, confirmed.text
    assert confirmed.json()["approver"] == {
        "type": "operator",
        "id": str(first.operator_id),
        "method": "assisted",
        "consent": CONSENT,
        "confirmed_by": str(second.operator_id),
    }
    execution_id = await released(scene, draft, confirmed.json()["approval_id"])
    await scene.trader.until(execution_id, ExecutionState.FILLED)
    assert await scene.orders_sent() == sent + 1
    approved = (await scene.trader.deliverable(draft.deliverable_id)).transitions[1]
    assert (approved.actor, approved.notes) == (
        f"operator:{first.operator_id}",
        f"confirmed by operator:{second.operator_id}",
    )


async def test_second_operator_confirms_on_the_page_what_the_first_proposed_there(
    scene: Scene, windows: tuple[Window, Window]
) -> None:
    first, second = windows
    draft = await scene.trader.draft(units="0.05")
    await first.sign_in(OPERATOR_EMAILS[Role.OPERATOR], PASSWORD.get_secret_value())
    await second.sign_in(OPERATOR_EMAILS[Role.ADMIN], PASSWORD.get_secret_value())
    await first.go(f"/deliverables/{draft.deliverable_id}?customer={scene.customer_id}")

    await first.page.get_by_role("combobox", name="By which channel").fill("telephone")
    await first.page.get_by_label("Reference").fill("call 4713")
    await press_and_confirm(first, "Propose to a second operator")
    await expect(first.page.get_by_text("It waits for a second operator")).to_be_visible()
    await expect(told(first, "Proposed to a second operator")).to_be_focused()
    await first.page.get_by_role("link", name="Look at the proposal").click()
    await expect(first.page.get_by_text("You proposed it")).to_be_visible()
    await expect(first.page.get_by_role("button", name="Confirm for the customer")).to_have_count(0)
    await expect(first.page.get_by_role("button", name="Withdraw it")).to_be_visible()

    await second.go("/")
    waiting = second.page.get_by_role("table", name="Waiting for a second operator")
    await waiting.get_by_role("link", name="Proposal").first.press("Enter")
    await expect(second.page.get_by_text("call 4713")).to_be_visible()
    await expect(second.page.get_by_text("What you see is what is signed")).to_be_visible()
    await expect(second.page.get_by_role("heading", name="Risk checks")).to_be_visible()
    assert await second.violations() == []
    await second.shoot("ops-one-proposal")
    await eventually(second.faults_on_phone, lambda faults: faults == [])
    await press_and_confirm(second, "Confirm for the customer")

    await expect(told(second, "You confirmed it")).to_be_focused()
    await expect(second.page.get_by_text("Active", exact=True)).to_be_visible()
    assert await second.violations() == []
    await first.go(f"/deliverables/{draft.deliverable_id}?customer={scene.customer_id}")
    await expect(first.page.get_by_text("confirmed by", exact=True)).to_be_visible()
    await expect(first.page.get_by_role("button", name="Carry it out")).to_be_visible()
    assert [first.trouble, second.trouble] == [[], []]


async def test_second_operator_declines_on_the_page_which_asks_no_more_and_the_first_is_told_why(
    scene: Scene, first: Operator, window: Window
) -> None:
    draft = await scene.trader.draft(units="0.06")
    proposal = await propose(scene, first, draft)
    await window.go(f"/approval-proposals/{proposal['proposal_id']}")

    await window.page.get_by_role("button", name="Decline").click()
    await window.page.get_by_label("Reason").fill("that call was about another order")
    await window.page.get_by_role("dialog").get_by_role("button", name="Decline").click()

    await expect(told(window, "You declined it")).to_be_focused()
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    await window.page.clock.run_for(3 * POLL_MS)
    assert [url for url in asked if PROPOSALS in url] == []
    seen = (await first.http.get(f"{PROPOSALS}/{proposal['proposal_id']}")).json()
    assert (seen["state"], seen["decline_notes"]) == ("declined", "that call was about another order")
    again = await propose(scene, first, draft)
    assert again["state"] == "waiting"


async def test_action_that_changes_on_the_page_cannot_be_confirmed(
    scene: Scene, first: Operator, window: Window
) -> None:
    proposal = await propose(scene, first, await scene.trader.draft(units="0.07"))
    await window.go(f"/approval-proposals/{proposal['proposal_id']}")
    button = window.page.get_by_role("button", name="Confirm for the customer")
    await expect(button).to_be_enabled()

    other = {**proposal, "action": {**proposal["action"], "provider": "elsewhere"}}
    await window.page.route(f"**{PROPOSALS}/*", lambda route: route.fulfill(json=other))
    await window.page.clock.run_for(POLL_MS)

    await expect(window.page.get_by_text("What you see is not what would be signed")).to_be_visible()
    await expect(button).to_be_disabled()


async def test_proposal_whose_draft_cannot_be_read_can_be_declined_only(
    scene: Scene, first: Operator, window: Window
) -> None:
    proposal = await propose(scene, first, await scene.trader.draft(units="0.08"))

    await window.page.route("**/api/pp/deliverables/*", lambda route: route.fulfill(status=503))
    await window.go(f"/approval-proposals/{proposal['proposal_id']}")

    await expect(window.page.get_by_text("What you see is what is signed")).to_be_visible()
    await expect(window.page.get_by_role("button", name="Confirm for the customer")).to_be_disabled()
    await expect(window.page.get_by_role("button", name="Decline")).to_be_enabled()


async def test_customers_need_no_operator(scene: Scene) -> None:
    execution = await scene.trader.trade(units="0.02")

    filled = await scene.trader.until(execution.execution_id, ExecutionState.FILLED)

    assert filled.state is ExecutionState.FILLED


async def test_approval_of_before_the_setting_is_refused_at_every_door(scene: Scene) -> None:
    """Plant's web process runs as before the setting for a while; its worker and the vaults already know of it."""
    at_door, before_socket = [await scene.trader.draft(units=units) for units in ("0.03", "0.04")]
    sent = await scene.orders_sent()
    late, refused = forged(scene, at_door), await deliver(scene, forged(scene, at_door))
    set_plant(scene.stack, four_eyes=False)
    taken = [await deliver(scene, late), await deliver(scene, early := forged(scene, before_socket))]
    vetoed_id = await released(scene, before_socket, early["jti"])
    vetoed = await scene.trader.until(vetoed_id, ExecutionState.VETOED)
    set_plant(scene.stack, four_eyes=True)

    denied = await scene.execute(at_door.deliverable_id, UUID(late["jti"]))

    await scene.assert_denied(denied, "approval_required", orders_before=sent)
    await scene.assert_denied(refused, "approval_required", orders_before=sent)
    assert [answer.status_code for answer in taken] == [200, 200]
    assert "approval_required" in timeline(vetoed)


async def test_stack_says_that_it_demands_two(stack: Stack) -> None:
    assert await is_demanded(target_of(stack))


@pytest_asyncio.fixture(scope="module")
async def results(stack: Stack) -> Sequence[Result]:
    return await play_attacks(FOUR_EYES, target=target_of(stack), report=lambda _result: None)


@pytest.mark.parametrize("attack", FOUR_EYES, ids=lambda attack: f"{attack.line}-{attack.name}")
async def test_attack_is_held(results: Sequence[Result], attack: Attack) -> None:
    (result,) = [result for result in results if result.attack == attack]

    refuted = [fact for fact in result.facts if not fact.held]
    assert (refuted, result.trouble) == ([], None)
    assert result.verdict is Verdict.HELD


def told(window: Window, words: str) -> Locator:
    return window.page.get_by_role("status").filter(has_text=words)


async def press_and_confirm(window: Window, button: str) -> None:
    await window.page.get_by_role("button", name=button).click()
    await window.page.get_by_role("dialog").get_by_role("button", name=button).click()


async def propose(scene: Scene, by: Operator, draft: DraftRunResponse) -> dict[str, Any]:
    body = {
        "customer_id": str(scene.customer_id),
        "deliverable_id": str(draft.deliverable_id),
        "action_hash": draft.draft.action_hash,
        "consent": CONSENT,
    }
    answer = await by.http.post(APPROVALS, json=body)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def confirm(by: Operator, proposal: dict[str, Any]) -> httpx.Response:
    path = f"{PROPOSALS}/{proposal['proposal_id']}/confirm"
    return await by.http.post(path, json={"action_hash": proposal["action_hash"]})


async def released(scene: Scene, draft: DraftRunResponse, approval_id: str) -> UUID:
    answer = await scene.execute(draft.deliverable_id, UUID(approval_id))
    assert answer.status_code in (200, 202), answer.text
    return UUID(answer.json()["execution"]["execution_id"])


def forged(scene: Scene, draft: DraftRunResponse) -> dict[str, Any]:
    """What the platform portal would have signed before the setting was on."""
    approver = Approver(type="operator", id=scene.operator.operator_id, method="assisted")
    claims = approval_claims(draft, issuer=Issuer.PP).model_copy(update={"approver": approver})
    return claims.model_dump(mode="json")


async def deliver(scene: Scene, claims: dict[str, Any]) -> httpx.Response:
    statement = sign(claims, key=signing_key(scene.stack, Issuer.PP, Purpose.APPROVAL), typ=TYP)
    async with at_gateway(scene.stack, customer_id=scene.customer_id, issuer=Issuer.PP) as gateway:
        return await gateway.put(DELIVERY, json={"approval": statement}, headers=correlated())


def set_plant(stack: Stack, *, four_eyes: bool) -> None:
    """Start Plant's web process again with the setting."""
    child = stack.running.children["plant"]
    environment = {**child.service.environment, SETTING: str(four_eyes)}
    child.service = replace(child.service, environment=environment)
    stack.restart("plant")
