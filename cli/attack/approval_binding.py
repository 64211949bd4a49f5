"""Attacks on what an approval is for: another action, changed arguments, another account, another display."""

from cli.attack import forge, store
from cli.attack.scene import Scene
from cli.attack.trader import Json, Trader
from shared.approvals.action import Action

MISMATCH = "403 approval_action_mismatch"
_BIDI, _ANSI = "\u202e", "\x1b[2K"


async def approve_one_execute_another(scene: Scene) -> None:
    """Approve 0.01 BTC, then execute 0.02 BTC, or the same draft a second time, with that approval."""
    trader = await scene.trader()
    approved, bigger, twin = await trader.draft(), await trader.draft(units="0.02"), await trader.draft()
    approval_id = await trader.approve(approved)

    scene.refused("execute the bigger draft", await trader.execute(bigger, approval_id), MISMATCH)
    scene.refused("execute the draft's twin", await trader.execute(twin, approval_id), MISMATCH)
    scene.refused("run with more units", await trader.run_with(approval_id, units="0.02"), MISMATCH)
    scene.refused("run on the other side", await trader.run_with(approval_id, side="short"), MISMATCH)
    await trader.release(approved, approval_id)
    scene.refused(
        "run with more units afterwards",
        await trader.run_with(approval_id, units="0.02"),
        MISMATCH,
        "403 approval_already_used",
    )


async def decision_switches_tool(scene: Scene) -> None:
    """Turn an approved entry into an exit, name another intent, or approve under another hash."""
    trader = await scene.trader()
    draft, other = await trader.draft(), await trader.draft(units="0.02")
    other_hash = other["draft"]["action_hash"]
    scene.refused(
        "approve with another action's hash",
        await trader.ask_approval(draft, action_hash=other_hash),
        "409 action_changed",
    )
    scene.refused(
        "review with another action's hash",
        await trader.review(draft, "approved", action_hash=other_hash),
        "409 action_changed",
    )
    approval_id = await trader.approve(draft)
    exit_run = await trader.run_with(approval_id, action="exit", intent_action="close_position")
    scene.refused("exit with the entry's approval", exit_run, MISMATCH)
    for intent in ("close_position", "withdraw_funds"):
        answer = await trader.run_with(approval_id, intent_action=intent)
        scene.refused(f"declare {intent}", answer, "403 intent_mismatch")
    scene.refused("declare no intent", await trader.run(approval_id=approval_id), "403 intent_required")


async def stored_state_changed(scene: Scene) -> None:
    """Change the stored draft's size in the database after it was approved; then make all hashes agree."""
    trader = await scene.trader()
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    changed = await store.resize_deliverable(scene.target, draft["deliverable_id"], size="90")
    scene.check("rows that the attacker changed", expected=1, seen=changed)

    scene.refused("execute the changed draft", await trader.execute(draft, approval_id), MISMATCH)
    resized = _resized(draft, "90")
    await store.restate_hashes(
        scene.target, draft["deliverable_id"], approval_id, action_hash=resized.action_hash()
    )
    scene.refused("execute with agreeing hashes", await trader.execute(draft, approval_id), MISMATCH)


async def arguments_rewritten_before_send(scene: Scene) -> None:
    """Rewrite the released order in the database while it waits to be sent."""
    trader = await scene.trader()
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    await scene.exchange.plant_fault("rate_limit", trader.api_key, reset_ms=1500)
    execution = await trader.release(draft, approval_id)
    await trader.until_tried()
    changed = await store.resize_execution(scene.target, execution["execution_id"], size="90")
    scene.check("rows that the attacker changed", expected=1, seen=changed)

    ended = await trader.until(execution["execution_id"])
    scene.check("what became of it", expected="vetoed", seen=ended["state"])
    orders = await scene.exchange.orders(trader.api_key)
    scene.check("orders at the exchange", expected=0, seen=len(orders))


async def what_is_shown_is_what_is_sent(scene: Scene) -> None:
    """Hide something from the approver: invisible, reversed or erased text, parts that are not shown."""
    trader = await scene.trader()
    for coin in (f"BTC{_BIDI}HTE", f"BTC{_ANSI}ETH", "<b>BTC</b>", "BTC" * 50):
        scene.refused(f"coin {coin[:20]!r}", await trader.run(coin=coin), "422 validation_failed")
    draft = await trader.draft(purpose=f"harmless{_BIDI}{_ANSI}")
    shown = draft["draft"]
    recomputed = Action.model_validate(shown["action"]).action_hash()
    scene.check("hash of everything shown", expected=shown["action_hash"], seen=recomputed)
    await trader.until((await trader.release(draft, await trader.approve(draft)))["execution_id"], "filled")
    (order,) = await scene.exchange.orders(trader.api_key)
    params = shown["action"]["params"]
    for name, at_exchange in (("side", order["side"]), ("size", str(order["size"]))):
        scene.check(f"{name} as shown", expected=params[name], seen=at_exchange)


async def one_approval_is_no_mandate(scene: Scene) -> None:
    """Use one approval of an exact action as a standing permission; approve tools that are on no list."""
    trader = await scene.trader()
    shown = (await trader.draft())["draft"]
    exact = {"action": shown["action"], "action_hash": shown["action_hash"]}
    price = {"price_shown": shown["plan"]["price_shown"]}
    approval_id = (await _post_approval(trader, exact | price))["approval_id"]
    first = (await trader.run_with(approval_id)).json()
    trader.due += 1
    again = await trader.run_with(approval_id)
    scene.refused("run again under it", again, "200 replayed", "202 replayed")
    same = again.json()["execution"]["execution_id"] == first["execution"]["execution_id"]
    scene.check("the answer is the first execution", expected=True, seen=same)
    for units in ("0.02", "0.011"):
        answer = await trader.run_with(approval_id, units=units)
        scene.refused(f"run {units} under it", answer, MISMATCH, "403 approval_already_used")
    unlisted = {**shown["action"], "kind": "withdraw_funds"}
    answer = await trader.http.post("/api/cp/approvals", json=exact | price | {"action": unlisted})
    scene.refused("approve an unlisted kind of action", answer, "422 validation_failed")


async def same_key_other_payload(scene: Scene) -> None:
    """Reuse a run's key for other arguments, and an approval's id for another statement."""
    trader = await scene.trader()
    draft, other = await trader.draft(), await trader.draft(units="0.02")
    approval_id = await trader.approve(draft)
    key = scene.target.stolen_key(forge.Issuer.CP, forge.Purpose.APPROVAL)
    second = forge.signed(forge.claims_for(other), key, jti=approval_id)
    answer = await forge.deliver(scene, second, customer_id=trader.customer_id)
    scene.refused("another statement under the same id", answer, "409 approval_conflict")
    await trader.release(draft, approval_id)
    scene.refused("the other draft under the same id", await trader.execute(other, approval_id), MISMATCH)
    headers = {"Idempotency-Key": "one", "X-Correlation-ID": str(forge.uuid7())}
    runs = [
        (await trader.http.post("/api/v1/reference-agents/AGT-TRD-DELTA-001/run", json=body, headers=headers))
        for body in (trader.wish(units="0.03"), trader.wish(units="0.04"))
    ]
    sizes = [run.json()["draft"]["action"]["params"]["size"] for run in runs]
    scene.check("drafts under one request id", expected=["30", "40"], seen=sizes)


def _resized(draft: Json, size: str) -> Action:
    action = draft["draft"]["action"]
    return Action.model_validate({**action, "params": {**action["params"], "size": size}})


async def _post_approval(trader: Trader, body: Json) -> Json:
    answer = await trader.http.post("/api/cp/approvals", json=body)
    answer.raise_for_status()
    return answer.json()
