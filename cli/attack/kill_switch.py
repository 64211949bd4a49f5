"""Attacks on the kill switch: scopes that could mean several things, resets by others, races with a release."""

import asyncio
from datetime import datetime

import httpx

from cli.attack.scene import Scene
from cli.attack.trader import Trader
from shared.contracts.sign_in import Role
from shared.ids import uuid7

KILLED = "403 kill_switch"
_IN_FLIGHT = 8
_GRACE_S = 0.5


async def ambiguous_reset(scene: Scene) -> None:
    """Release the switch through names that could mean it: no id, a star, capitals, another customer, a wider scope."""
    trader, other = await scene.trader(), await scene.customer("customer b")
    operator = await scene.operator(Role.OPERATOR)
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    scope = f"customer:{trader.customer_id}"
    scene.refused("engage it", await _set(operator, scope, engaged=True), "200")
    scene.refused("execute what was approved before", await trader.execute(draft, approval_id), KILLED)

    nonsense = ("customer", "customer:", "customer:*", "all", "*", f"CUSTOMER:{trader.customer_id}")
    for name in (*nonsense, f"customer:{str(trader.customer_id).upper()}", f"{scope} "):
        answer = await _set(operator, name, engaged=False)
        scene.refused(f"release {name!r}", answer, "422 validation_failed", "404 not_found")
    for name in (
        "platform",
        f"customer:{other.customer_id}",
        f"hired_agent:{uuid7()}",
        "provider:delta_exchange_india",
    ):
        scene.refused(f"release {name.split(':')[0]}", await _set(operator, name, engaged=False), "200")
        scene.refused("execute after that", await trader.execute(draft, approval_id), KILLED)
    scene.refused("release it", await _set(operator, scope, engaged=False), "200")
    await trader.release(draft, approval_id)


async def reset_by_others(scene: Scene) -> None:
    """Release the switch as a viewer, as the customer, as nobody; or leave out whether it is on."""
    trader, operator = await scene.trader(), await scene.operator(Role.OPERATOR)
    viewer = await scene.operator(Role.VIEWER)
    scope = f"customer:{trader.customer_id}"
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    await _set(operator, scope, engaged=True)
    scene.refused("as a viewer", await _set(viewer, scope, engaged=False), "403 not_allowed")
    path = f"/api/pp/kill-switches/{scope}"
    body = {"engaged": False, "reason": "please"}
    scene.refused("as the customer", await trader.http.put(path, json=body), "404 not_found")
    nobody = await scene.client(scene.target.pp_url)
    scene.refused("as nobody", await nobody.put(path, json=body), "401 unauthenticated")
    for name, unclear in (
        ("no state", {"reason": "x"}),
        ("no reason", {"engaged": False}),
        ("null", body | {"engaged": None}),
    ):
        scene.refused(f"with {name}", await operator.put(path, json=unclear), "422 validation_failed")
    scene.refused("execute after all that", await trader.execute(draft, approval_id), KILLED)


async def halt_races_with_release(scene: Scene) -> None:
    """Engage the switch while eight approved orders are being released: none may be sent afterwards."""
    operator = await scene.operator(Role.OPERATOR)
    trader = await scene.trader()
    drafts = await asyncio.gather(*(trader.draft(units=f"0.0{10 + n}") for n in range(_IN_FLIGHT)))
    approvals = await asyncio.gather(*(trader.approve(draft) for draft in drafts))
    running = [asyncio.create_task(trader.execute(*pair)) for pair in zip(drafts, approvals, strict=True)]
    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    engaged = await _set(operator, f"customer:{trader.customer_id}", engaged=True)
    answers = await asyncio.gather(*running)
    scene.refused("engage it in between", engaged, "200")
    statuses = {answer.status_code for answer in answers}
    scene.check("answers are executions or denials", expected=True, seen=statuses <= {200, 202, 403})
    await _check_nothing_later(scene, trader, since=datetime.fromisoformat(engaged.json()["changed_at"]))


async def _check_nothing_later(scene: Scene, trader: Trader, *, since: datetime) -> None:
    """Units: what was on the wire when the switch was set may still arrive, for half a second."""
    executions = [await trader.until(e["execution_id"]) for e in await trader.items("/api/v1/executions")]
    trader.due = sum(execution["state"] != "vetoed" for execution in executions)
    sends = await scene.exchange.sends(trader.api_key)
    late = [
        send["at"]
        for send in sends
        if (datetime.fromisoformat(send["at"]) - since).total_seconds() > _GRACE_S
    ]
    scene.check("orders sent after it was engaged", expected=[], seen=late)
    scene.check("executions that ended in order", expected=True, seen=all(_is_over(e) for e in executions))


def _is_over(execution: dict[str, object]) -> bool:
    return execution["state"] in ("vetoed", "filled", "open", "partially_filled")


async def _set(operator: httpx.AsyncClient, scope: str, *, engaged: bool) -> httpx.Response:
    body = {"engaged": engaged, "reason": "an attack is being tried"}
    return await operator.put(f"/api/pp/kill-switches/{scope}", json=body)
