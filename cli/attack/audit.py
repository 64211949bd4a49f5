"""Attacks on the evidence: rows cut, changed, moved or made up, by somebody with all rights on the database."""

import asyncio
from collections.abc import Sequence
from typing import LiteralString

from cli.attack import store
from cli.attack.scene import Scene
from cli.attack.trader import Json, SetUpError, Trader
from shared.ids import uuid7

ROWS = 4
CHECKPOINT_PATIENCE_S = 75.0


async def cut_or_rewritten(scene: Scene) -> None:
    """Cut the tail, the middle or the whole chain; reorder; change a row and hash everything anew."""
    customers = await asyncio.gather(*(with_rows(scene, name) for name in store.CUTS))
    rewritten = await with_rows(scene, "a row re-chained")
    await asyncio.gather(*(covered(scene, customer) for customer in [*customers, rewritten]))
    for customer, (name, statements) in zip(customers, store.CUTS.items(), strict=True):
        await do(scene, customer, statements)
        await _check_noticed(scene, customer, f"cut {name}")
    await do(scene, rewritten, [store.REWRITE])
    await store.rechain(scene.target, rewritten.customer_id)
    await _check_noticed(scene, rewritten, "change a row and hash all anew")


async def as_the_service_itself(scene: Scene) -> None:
    """Try to change the evidence with the rights of Plant's own role."""
    for name, statement in store.AS_RUNTIME.items():
        said = await store.try_as_runtime(scene.target, statement)
        scene.check(name, expected="InsufficientPrivilege", seen=said)


async def columns_changed(scene: Scene) -> None:
    """Change one column of one row, or the record that a row is about."""
    for column, statement in store.COLUMN_CHANGES.items():
        customer = await with_rows(scene, column)
        await do(scene, customer, [statement])
        await _check_noticed(scene, customer, f"change the {column}")


async def effects_and_rows_match(scene: Scene) -> None:
    """Make an effect without an audit row, and an audit row without an effect; compare all of an honest day."""
    trader = await scene.trader()
    for units in ("0.01", "0.02"):
        draft = await trader.draft(units=units)
        await trader.until(
            (await trader.release(draft, await trader.approve(draft)))["execution_id"], "filled"
        )
    await _settled(trader)
    kinds = await store.audit_kinds(scene.target, trader.customer_id)
    ordered = {str(order["client_order_id"]) for order in await scene.exchange.orders(trader.api_key)}
    executions = await trader.items("/api/v1/executions")
    scene.check(
        "orders without an execution",
        expected=set[str](),
        seen=ordered - {e["client_order_id"] for e in executions},
    )
    scene.check(
        "audited executions", expected=sorted(e["execution_id"] for e in executions), seen=sorted(kinds)
    )
    scene.check("their rows", expected={"execution.released, execution.settled"}, seen=set(kinds.values()))
    scene.check("the chain before", expected=True, seen=(await _verdict(trader))["ok"])
    await do(scene, trader, [store.MADE_UP_ROW], body=f'{{"execution_id": "{uuid7()}"}}')
    await _check_noticed(scene, trader, "an audit row of an execution that never was")
    forgotten = await with_rows(scene, "an effect without a row")
    await do(scene, forgotten, [store.ANOTHER_DENIAL])
    await _check_noticed(scene, forgotten, "a denial that has no audit row")


async def with_rows(scene: Scene, name: str) -> Trader:
    """A customer with a few denials on record."""
    customer = await scene.customer(f"a customer for {name}")
    for _ in range(ROWS):
        await customer.run(exchange_account_id=str(uuid7()))
    verdict = await _verdict(customer)
    if (verdict["ok"], verdict["rows"]) != (True, ROWS):
        raise SetUpError(f"expected an intact chain of {ROWS} rows, found {verdict}")
    return customer


async def covered(scene: Scene, customer: Trader) -> None:
    """Wait until a signed checkpoint covers the chain; the worker signs one every minute by default."""
    for _ in range(int(CHECKPOINT_PATIENCE_S / 0.25)):
        if await store.checkpoint_reach(scene.target, customer.customer_id) >= ROWS:
            return
        await asyncio.sleep(0.25)
    raise SetUpError("no audit checkpoint was signed: is the worker running?")


async def do(
    scene: Scene,
    customer: Trader,
    statements: Sequence[LiteralString],
    *,
    must_change: bool = True,
    **values: object,
) -> None:
    named = {"customer": customer.customer_id, "other": uuid7()} | values
    for statement in statements:
        changed = await store.alter(scene.target, statement, named)
        if changed == 0 and must_change:
            raise SetUpError(f"the attack changed no row: {' '.join(statement.split())[:60]}")


async def _check_noticed(scene: Scene, customer: Trader, deed: str) -> None:
    verdict = await _verdict(customer)
    scene.check(
        f"{deed}: the chain is called", expected="broken", seen="intact" if verdict["ok"] else "broken"
    )


async def _verdict(customer: Trader) -> Json:
    return await customer.get("/api/v1/audit/verify")


async def _settled(trader: Trader) -> None:
    """Wait until the deliverables of all executions are closed; their last audit rows are written then."""
    for _ in range(100):
        states = {item["state"] for item in await trader.items("/api/v1/deliverables")}
        if "executing" not in states:
            return
        await asyncio.sleep(0.1)
