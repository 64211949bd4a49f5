"""Attacks on what happens around the send: lost answers, blind retries, look-alikes, waiting crowds."""

import asyncio
from typing import Any

from cli.attack import store
from cli.attack.scene import Scene

WAITERS = 300


async def accepted_but_the_answer_is_lost(scene: Scene) -> None:
    """Let the exchange take the order and drop the connection; while its outcome is open, ask for more."""
    trader = await scene.trader()
    draft, same = await trader.draft(), await trader.draft()
    approval_id, same_id = await trader.approve(draft), await trader.approve(same)
    await scene.exchange.plant_fault("accept_then_drop", trader.api_key)
    execution = await trader.release(draft, approval_id)
    answer = await trader.execute(draft, approval_id)
    scene.refused("execute again meanwhile", answer, "200 replayed", "202 replayed")
    ended = await trader.until(execution["execution_id"])
    scene.check("what became of it", expected="filled", seen=ended["state"])
    orders = await scene.exchange.orders(trader.api_key)
    scene.check("orders at the exchange", expected=1, seen=len(orders))
    scene.check("it is ours", expected=ended["client_order_id"], seen=orders[0]["client_order_id"])
    refused = await trader.execute(same, same_id)
    scene.refused("the same intent at once again", refused, "403 risk_denied", "200", "202")
    trader.due += refused.is_success


async def look_alike_order(scene: Scene) -> None:
    """Lose the order before it arrives while the owner places the same one himself: a look-alike is not ours."""
    trader = await scene.trader()
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    await scene.exchange.place_past_us(trader.api_key, size=10)
    await scene.exchange.plant_fault("drop_before_accept", trader.api_key)
    ended = await trader.until((await trader.release(draft, approval_id))["execution_id"])
    scene.check("what became of it", expected="absent", seen=ended["state"])
    scene.check("orders it claims", expected=[], seen=ended["broker_order_ids"])
    answer = await trader.execute(draft, approval_id)
    scene.refused("execute it again", answer, "200 replayed")


async def errors_invite_a_retry(scene: Scene) -> None:
    """Answer orders with 500, 502, 503, 504 after taking them, and with nonsense: a blind retry would order twice."""
    faults: list[tuple[str, dict[str, Any]]] = [("malformed", {})]
    faults += [("error_after", {"status": status}) for status in (500, 502, 503, 504)]
    await asyncio.gather(*(_order_under(scene, fault, params) for fault, params in faults))


async def _order_under(scene: Scene, fault: str, params: dict[str, Any]) -> None:
    name = f"{fault} {params.get('status', '')}".strip()
    trader = await scene.trader(f"a customer under {name}")
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    await scene.exchange.plant_fault(fault, trader.api_key, **params)
    ended = await trader.until((await trader.release(draft, approval_id))["execution_id"])
    scene.check(f"what became of it under {name}", expected="filled", seen=ended["state"])
    scene.check("orders at the exchange", expected=1, seen=len(await scene.exchange.orders(trader.api_key)))


async def crowd_of_waiters(scene: Scene) -> None:
    """Let 300 waiters ask at once how an order stands, while it is on its way."""
    trader = await scene.trader()
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    await scene.exchange.plant_fault("slow", trader.api_key, seconds=1.0)
    execution = await trader.release(draft, approval_id)
    path = f"/api/v1/executions/{execution['execution_id']}"
    answers = await asyncio.gather(*(trader.http.get(path) for _ in range(WAITERS)))
    failed = [a.status_code for a in answers if a.status_code not in (200, 429, 503)]
    scene.check("waiters that got neither an answer nor a wait", expected=[], seen=failed)
    ended = await trader.until(execution["execution_id"], "filled")
    scene.check("what became of it", expected="filled", seen=ended["state"])


async def partial_snapshot(scene: Scene) -> None:
    """Let the exchange forget to list positions and orders, then exit: what is not known is not zero."""
    trader = await scene.trader()
    entry = await trader.draft()
    await trader.until((await trader.release(entry, await trader.approve(entry)))["execution_id"], "filled")
    leave = await trader.draft(action="exit")
    approval_id = await trader.approve(leave)
    for path in ("/v2/positions/margined", "/v2/orders"):
        await scene.exchange.plant_fault("malformed", trader.api_key, method="GET", path=path, times=20)
    await store.forget_snapshots(scene.target, trader.customer_id)
    answer = await trader.run_with(approval_id, action="exit", intent_action="close_position")
    scene.refused("exit on half a snapshot", answer, "403 risk_denied", "403 gate_unavailable")
    answer = await trader.run(units="0.02")
    scene.refused("draft on half a snapshot", answer, "503 exchange_unavailable")
    denials = await trader.items("/api/v1/policy-denials")
    scene.check("denials on record", expected=1, seen=len(denials))
