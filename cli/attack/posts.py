"""Attacks on posts: what is published must be, to the letter, what was approved; there, then, and once."""

import asyncio
from datetime import timedelta
from typing import Any

from cli.attack import forge, store
from cli.attack.agents import Agent, hire_poster
from cli.attack.scene import Scene, outcome
from cli.attack.trader import Json, Trader
from shared.approvals.action import Action
from shared.clock import utc_now
from shared.keys import Issuer, Purpose

MISMATCH = "403 approval_action_mismatch"
REPLAYED = ("200 replayed", "202 replayed")
TEXT = "Open today from 9 to 5"
AT_ONCE = 20
STATUSES = "/api/v1/statuses"
CHANGES = {
    "one character": "Open today from 9 to 6",
    "a look-alike": "Op\u0435n today from 9 to 5",
    "a hidden character": "Open today from 9 to\u200b 5",
    "reversed text": "Open today from \u202e9 to 5",
}
HIDDEN = {
    "reversed text": "Pay \u202e001\u202c euro",
    "an unbalanced isolate": "Pay \u2066100 euro",
    "tag characters": "Hello" + "".join(chr(0xE0000 + ord(letter)) for letter in "evil"),
    "an escape": "Hello\x1b[2Kevil",
}


async def text_changed_after_approval(scene: Scene) -> None:
    """Change a post after its approval by one character, a look-alike, a hidden one; then make all hashes agree."""
    trader = await scene.trader()
    poster = await hire_poster(scene, trader)
    for name, text in CHANGES.items():
        draft = await _draft(poster)
        approval_id = await trader.approve(draft)
        deliverable_id = draft["deliverable_id"]
        changed = await store.rewrite_post(scene.target, deliverable_id, "text", text)
        scene.check("rows that the attacker changed", expected=1, seen=changed)
        scene.refused(f"publish with {name}", await trader.execute(draft, approval_id), MISMATCH)
        rewritten = _rewritten(draft, text=text).action_hash()
        await store.restate_hashes(scene.target, deliverable_id, approval_id, action_hash=rewritten)
        answer = await trader.execute(draft, approval_id)
        scene.refused(f"publish with {name}, all hashes agreeing", answer, MISMATCH, "403 risk_denied")
    await _check_signed_text(scene, trader, await _draft(poster))


async def _check_signed_text(scene: Scene, trader: Trader, draft: Json) -> None:
    genuine = forge.signed(forge.claims_for(draft), scene.target.stolen_key(Issuer.CP, Purpose.APPROVAL))
    action = _rewritten(draft, text=CHANGES["a look-alike"]).model_dump(mode="json")
    answer = await forge.deliver(scene, forge.edited(genuine, action=action), customer_id=trader.customer_id)
    scene.refused("another text under a genuine signature", answer, "403 approval_signature_invalid")


async def text_rewritten_before_send(scene: Scene) -> None:
    """Rewrite the text of a released post in the database while it waits to be sent."""
    trader = await scene.trader()
    poster = await hire_poster(scene, trader)
    draft = await _draft(poster)
    approval_id = await trader.approve(draft)
    await scene.exchange.plant_fault(
        "rate_limit", trader.names["mastodon"], venue="mastodon", path=STATUSES, reset_ms=3000
    )
    execution = await trader.release_post(draft, approval_id)
    await trader.until_tried(platform="mastodon")
    changed = await store.rewrite_execution(
        scene.target, execution["execution_id"], text=CHANGES["a look-alike"]
    )
    scene.check("rows that the attacker changed", expected=1, seen=changed)

    ended = await trader.until(execution["execution_id"])
    scene.check("what became of it", expected="vetoed", seen=ended["state"])
    trader.posts_due = 0


async def hidden_in_a_post(scene: Scene) -> None:
    """Hide something in a post from its approver: reversed, invisible or erased text."""
    trader = await scene.trader()
    poster = await hire_poster(scene, trader)
    for name, text in HIDDEN.items():
        answer = await poster.ask_goal("post", settings={"platform": "mastodon", "text": text})
        if answer.is_error:
            scene.refused(f"a goal with {name}", answer, "422 validation_failed", "422 invalid_fields")
            continue
        for found in await poster.delivered("post", settings={"platform": "mastodon", "text": text}):
            scene.check(f"what is drafted of {name}", expected="failed or rejected", seen=found["state"])
            scene.refused(
                f"approve {name}",
                await trader.ask_approval(_with_hash(found)),
                "409 wrong_state",
                "409 no_action",
            )
        await _check_exact_text(scene, trader, await _draft(poster), name=name, text=text)


async def _check_exact_text(scene: Scene, trader: Trader, draft: Json, *, name: str, text: str) -> None:
    """The same hidden text in an exact action, which nobody drafted."""
    action = _rewritten(draft, text=text)
    body = {"action": action.model_dump(mode="json"), "action_hash": action.action_hash()}
    answer = await trader.http.post("/api/cp/approvals", json=body)
    if answer.status_code == 201:
        await store.rewrite_post(scene.target, draft["deliverable_id"], "text", text)
        answer = await trader.execute(draft, answer.json()["approval_id"])
    scene.refused(
        f"publish {name} as an exact action",
        answer,
        MISMATCH,
        "403 risk_denied",
        "422 validation_failed",
        "422 invalid_fields",
    )


async def approved_for_another_platform(scene: Scene) -> None:
    """Publish on one platform with the approval of the same text on another, and redirect a draft in the database."""
    trader = await scene.trader()
    poster = await hire_poster(scene, trader)
    here, there = await _draft(poster), await _draft(poster, platform="bluesky")
    approval_id = await trader.approve(here)
    scene.refused("publish it there", await trader.execute(there, approval_id), MISMATCH)
    for field, value in (
        ("platform", "bluesky"),
        ("posting_identity", "somebody_else"),
        ("visibility", "unlisted"),
    ):
        before = here["draft"]["action"]["params"][field]
        await store.rewrite_post(scene.target, here["deliverable_id"], field, value)
        answer = await trader.execute(here, approval_id)
        scene.refused(f"publish with another {field}", answer, MISMATCH, "403 credential_unavailable")
        await store.rewrite_post(scene.target, here["deliverable_id"], field, before)
    await trader.until((await trader.release_post(here, approval_id))["execution_id"], "published")


async def same_post_many_times(scene: Scene) -> None:
    """Publish one approved post 20 times at once, again with its use forgotten, and while the answer is lost."""
    trader = await scene.trader()
    poster = await hire_poster(scene, trader)
    draft = await _draft(poster)
    approval_id = await trader.approve(draft)
    await scene.exchange.plant_fault(
        "accept_then_drop", trader.names["mastodon"], venue="mastodon", path=STATUSES
    )
    answers = await asyncio.gather(*(trader.execute(draft, approval_id) for _ in range(AT_ONCE)))
    trader.posts_due += 1
    first = sum(outcome(answer) in ("200", "202") for answer in answers)
    scene.check("answers that are not a replay", expected=1, seen=first)
    scene.refused("publish it again", await trader.execute(draft, approval_id), *REPLAYED)
    await store.forget_use(scene.target, approval_id)
    scene.refused("with its use forgotten", await trader.execute(draft, approval_id), *REPLAYED)
    scene.refused(
        "approve it again", await trader.ask_approval(draft), "409 already_approved", "409 wrong_state"
    )
    twin = await _draft(poster)
    scene.refused("publish its twin", await trader.execute(twin, approval_id), MISMATCH)
    ended = await trader.until(answers[0].json()["execution"]["execution_id"])
    scene.check("what became of it", expected="published", seen=ended["state"])


async def post_for_order_and_order_for_post(scene: Scene) -> None:
    """Place an order with a post's approval, publish a post with an order's, and sign an action that is both."""
    trader = await scene.trader()
    poster = await hire_poster(scene, trader)
    post, order = await _draft(poster), await trader.draft()
    of_post, of_order = await trader.approve(post), await trader.approve(order)
    scene.refused("execute the order with the post's", await trader.execute(order, of_post), MISMATCH)
    scene.refused("run an order with the post's", await trader.run_with(of_post), MISMATCH)
    scene.refused("publish with the order's", await trader.execute(post, of_order), MISMATCH)
    answer = await trader.run_with(of_post, intent_action="publish_post")
    scene.refused("run an order, declared to be a post", answer, "403 intent_mismatch", MISMATCH)
    for action in _chimeras(post["draft"]["action"], order["draft"]["action"]):
        body: Json = {"action": action, "action_hash": post["draft"]["action_hash"]}
        answer = await trader.http.post("/api/cp/approvals", json=body)
        scene.refused(f"approve a {action['kind']} of other parts", answer, "422 validation_failed")


def _chimeras(post: Json, order: Json) -> list[Json]:
    return [
        {**post, "kind": "place_order"},
        {**order, "kind": "publish_post"},
        {**post, "params": {**post["params"], **order["params"]}},
        {**post, "provider": order["provider"]},
    ]


async def released_before_its_time(scene: Scene) -> None:
    """Publish a post before the time that was approved, also with its stored schedule changed."""
    trader = await scene.trader()
    poster = await hire_poster(scene, trader)
    at = (utc_now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    draft = await _draft(poster, at=at)
    approval_id = await trader.approve(draft)
    early = await trader.execute(draft, approval_id)
    scene.refused("publish it now", early, "403 precondition_failed")
    await store.hasten(scene.target, draft["deliverable_id"])
    await asyncio.sleep(2)
    scene.refused(
        "with the stored schedule in the past",
        await trader.execute(draft, approval_id),
        "403 precondition_failed",
    )
    await store.rewrite_post(scene.target, draft["deliverable_id"], "scheduled_for", None)
    answer = await trader.execute(draft, approval_id)
    scene.refused("with no time in the stored action", answer, MISMATCH)


async def mixed_batch(scene: Scene) -> None:
    """Approve a batch with another's draft, a wrong hash, one twice, and too many: each stands for itself."""
    trader, other = await scene.trader(), await scene.trader("customer b")
    poster = await hire_poster(scene, trader)
    mine, wrong, theirs = await _draft(poster), await _draft(poster, text="Another"), await other.draft()
    shown = [
        _shown(mine),
        _shown(theirs),
        _shown(wrong) | {"action_hash": _shown(mine)["action_hash"]},
        _shown(mine),
    ]
    answer = await trader.http.post("/api/cp/approvals/batch", json={"items": shown})
    found = [_refusal_of(item) for item in answer.json()["items"]]
    expected = ["approved", "404 not_found", "409 action_changed", "409 already_approved"]
    scene.check("what became of each", expected=expected, seen=found)
    too_many = await trader.http.post("/api/cp/approvals/batch", json={"items": [_shown(mine)] * 51})
    scene.refused("approve 51 at once", too_many, "422 validation_failed")
    approval_id = answer.json()["items"][0]["approval"]["approval_id"]
    for name, draft in (("the one with a wrong hash", wrong), ("the twin of it", await _draft(poster))):
        scene.refused(f"publish {name} with it", await trader.execute(draft, approval_id), MISMATCH)
    scene.refused(
        "let the other use it", await other.execute(theirs, approval_id), "403 approval_unknown", MISMATCH
    )


async def _draft(poster: Agent, *, platform: str = "mastodon", text: str = TEXT, **settings: Any) -> Json:
    (draft,) = await poster.delivered("post", settings={"platform": platform, "text": text} | settings)
    return draft


def _rewritten(draft: Json, **params: Any) -> Action:
    action = draft["draft"]["action"]
    return Action.model_validate({**action, "params": {**action["params"], **params}})


def _with_hash(found: Json) -> Json:
    """A failed deliverable holds no action; what is asked for names a hash all the same."""
    return {**found, "draft": found["draft"] or {"action_hash": "sha256:" + "0" * 64}}


def _shown(draft: Json) -> Json:
    return {"deliverable_id": draft["deliverable_id"], "action_hash": draft["draft"]["action_hash"]}


def _refusal_of(item: Json) -> str:
    refusal = item["refusal"]
    return f"{refusal['status']} {refusal['reason']}" if refusal else "approved"
