"""Attacks with a genuine approval at the wrong moment: used again, after a rejection, too late, too often."""

import asyncio
from collections import Counter
from datetime import timedelta

from cli.attack import forge, store
from cli.attack.scene import Scene, outcome
from shared.keys import Issuer, Purpose

AT_ONCE = 50
REPLAYED = ("200 replayed", "202 replayed")
REJECTED = ("403 approval_revoked", "409 wrong_state")


async def presented_many_times(scene: Scene) -> None:
    """Present one approval 50 times at once, by both doors, then once more, then with its use forgotten."""
    trader = await scene.trader()
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    calls = [
        trader.execute(draft, approval_id) if number % 2 else trader.run_with(approval_id)
        for number in range(AT_ONCE)
    ]
    trader.due += 1
    answers = await asyncio.gather(*calls)
    executions = {answer.json().get("execution", {}).get("execution_id") for answer in answers}
    scene.check("executions that all of them name", expected=1, seen=len(executions))
    first = sum(outcome(answer) in ("200", "202") for answer in answers)
    scene.check("answers that are not a replay", expected=1, seen=first)
    scene.refused("present it once more", await trader.execute(draft, approval_id), *REPLAYED)
    await store.forget_use(scene.target, approval_id)
    scene.refused("with its use forgotten", await trader.execute(draft, approval_id), *REPLAYED)


async def rejected_after_approval(scene: Scene) -> None:
    """Approve, reject, and then execute; also by the other door, and for the same action drafted anew."""
    trader = await scene.trader()
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    scene.refused("reject it", await trader.review(draft, "rejected", notes="no"), "200")

    scene.refused("execute it", await trader.execute(draft, approval_id), *REJECTED)
    scene.refused("run it", await trader.run_with(approval_id), *REJECTED)
    anew = await trader.draft()
    answer = await trader.execute(anew, approval_id)
    scene.refused("the same action drafted anew", answer, "403 approval_action_mismatch", *REJECTED)


async def rejected_call_by_another_door(scene: Scene) -> None:
    """Carry a rejected call out by every other door: execute, run, the operators' portal, a revocation undone."""
    trader = await scene.trader()
    draft = await trader.draft()
    scene.refused("reject it", await trader.review(draft, "rejected"), "200")
    scene.refused("approve it afterwards", await trader.ask_approval(draft), "409 wrong_state")
    scene.refused("execute it", await trader.execute(draft, None), "403 approval_required")
    scene.refused("run it", await trader.run(intent_action="place_order"), "403 approval_required")
    admin = await scene.operator()
    path = "/api/pp/reference-agents/AGT-TRD-DELTA-001/run"
    query = {"customer_id": str(trader.customer_id)}
    answer = await admin.post(path, params=query, json=trader.wish(intent_action="place_order"))
    scene.refused("run it as an operator", answer, "403 approval_required")
    second = await trader.draft()
    approval_id = await trader.approve(second)
    revoked = await trader.http.post(f"/api/cp/approvals/{approval_id}/revoke")
    scene.refused("revoke an approval", revoked, "200")
    scene.refused("execute it", await trader.execute(second, approval_id), *REJECTED)
    await store.forget_revocation(scene.target, approval_id)
    answer = await trader.run_with(approval_id)
    scene.refused("with its revocation forgotten in Plant", answer, *REJECTED)


async def many_votes(scene: Scene) -> None:
    """Approve one draft ten times at once, and once more when it is used."""
    trader = await scene.trader()
    draft = await trader.draft()
    answers = await asyncio.gather(*(trader.ask_approval(draft) for _ in range(10)))
    votes = Counter(outcome(answer) for answer in answers)
    scene.check("approvals given", expected=1, seen=votes.pop("201", 0))
    scene.check("the other votes", expected={"409 already_approved": 9}, seen=dict(votes))
    (given,) = [answer.json()["approval_id"] for answer in answers if answer.status_code == 201]
    await trader.release(draft, given)
    scene.refused(
        "once more when used", await trader.ask_approval(draft), "409 already_approved", "409 wrong_state"
    )


async def stale_button(scene: Scene) -> None:
    """Press the approve button of a draft that was rejected, replaced or executed meanwhile."""
    trader = await scene.trader()
    old = await trader.draft()
    await trader.review(old, "rejected", notes="a smaller one, please")
    new = await trader.draft(units="0.005")
    scene.refused("approve the old one", await trader.ask_approval(old), "409 wrong_state")
    mixed = await trader.ask_approval(new, action_hash=old["draft"]["action_hash"])
    scene.refused("approve the new one with the old hash", mixed, "409 action_changed")
    approval_id = await trader.approve(new)
    await trader.until((await trader.release(new, approval_id))["execution_id"])
    for decision in ("approved", "rejected"):
        fields = {"action_hash": new["draft"]["action_hash"]} if decision == "approved" else {}
        answer = await trader.review(new, decision, **fields)
        scene.refused(f"{decision} after it was executed", answer, "409 wrong_state", "409 already_approved")


async def approved_before_executed_after(scene: Scene) -> None:
    """Execute after the approval has expired, also when the database was told that it has not."""
    trader = await scene.trader()
    draft = await trader.draft()
    key = scene.target.stolen_key(Issuer.CP, Purpose.APPROVAL)
    late = forge.claims_for(draft, issued_ago=forge.LIFETIME + timedelta(minutes=5))
    answer = await forge.deliver(scene, forge.signed(late, key), customer_id=trader.customer_id)
    scene.refused("deliver an expired one", answer, "403 approval_expired", "200")
    claims = forge.claims_for(draft, issued_ago=forge.LIFETIME - timedelta(seconds=2), is_bound=False)
    answer = await forge.deliver(scene, forge.signed(claims, key), customer_id=trader.customer_id)
    scene.refused("deliver one that lasts two seconds more", answer, "200")
    await asyncio.sleep(2.1)

    scene.refused("execute after expiry", await trader.run_with(claims.jti), "403 approval_expired")
    changed = await store.prolong_approval(scene.target, str(claims.jti))
    scene.check("rows that the attacker prolonged", expected=1, seen=changed)
    scene.refused(
        "with its expiry prolonged", await trader.run_with(claims.jti), "403 approval_signature_invalid"
    )


async def retried_until_it_fits(scene: Scene) -> None:
    """Use an approval whose order the exchange refused again, while it has not expired."""
    trader = await scene.trader()
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    await scene.exchange.plant_fault("error_before", trader.api_key, status=400, code="insufficient_margin")
    ended = await trader.until((await trader.release(draft, approval_id))["execution_id"])
    scene.check("what became of it", expected="rejected", seen=ended["state"])
    for _ in range(3):
        scene.refused("execute it again", await trader.execute(draft, approval_id), *REPLAYED)
    answer = await trader.run_with(approval_id)
    scene.refused("run it again", answer, *REPLAYED)
    scene.refused(
        "approve the failed draft again",
        await trader.ask_approval(draft),
        "409 already_approved",
        "409 wrong_state",
    )


async def rejected_again_and_again(scene: Scene) -> None:
    """Reject and draft anew five times: no number of tries becomes a yes."""
    trader = await scene.trader()
    states: Counter[str] = Counter()
    draft = await trader.draft()
    for _ in range(5):
        await trader.review(draft, "rejected", notes="no")
        states[(await trader.deliverable(draft))["state"]] += 1
        scene.refused("execute it", await trader.execute(draft, None), "403 approval_required")
        draft = await trader.draft()
    scene.check("states of the drafts", expected={"rejected": 5}, seen=dict(states))
    await trader.review(draft, "rejected")
    scene.refused("reject the last one twice", await trader.review(draft, "rejected"), "409 wrong_state")


async def revoked_before_it_arrived(scene: Scene) -> None:
    """Let the revocation overtake the approval on its way to Plant."""
    trader = await scene.trader()
    draft = await trader.draft()
    claims = forge.claims_for(draft)
    statement = forge.signed(claims, scene.target.stolen_key(Issuer.CP, Purpose.APPROVAL))
    gateway = await forge.at_gateway(scene, trader.customer_id)
    answer = await gateway.post(forge.REVOCATION, json={"approval_id": str(claims.jti)})
    scene.refused("the revocation arrives", answer, "200")
    arrived = await gateway.put(forge.DELIVERY, json={"approval": statement})
    scene.refused("the approval arrives", arrived, "200")
    scene.check("its status", expected="revoked", seen=arrived.json().get("status"))

    scene.refused("execute with it", await trader.execute(draft, claims.jti), *REJECTED)
    scene.refused("run with it", await trader.run_with(claims.jti), *REJECTED)
