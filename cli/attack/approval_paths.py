"""Attacks by ways round the gate: other doors, failing inputs, changed rules, an administrator's rights."""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Any
from uuid import UUID

import httpx

from cli.attack import forge, store
from cli.attack.scene import Scene
from cli.attack.trader import RUN, Json, Trader, setup_of
from shared.contracts.sign_in import Role
from shared.identity import PROOF_HEADER, ActorType, mint_proof
from shared.ids import uuid7
from shared.keys import Issuer, Purpose

REQUIRED = "403 approval_required"
NOT_FOUND = "404 not_found"
UNAUTHENTICATED = "401 unauthenticated"
FAULTS = ("malformed", "error_before")


async def doors_without_the_gate(scene: Scene) -> None:
    """Look for a door without the gate: Plant itself, other paths, a proof for another request."""
    trader = await scene.trader()
    wish = trader.wish(intent_action="place_order")
    customer = ActorType.CUSTOMER
    who = forge.pretence(scene.target, customer_id=trader.customer_id, actor_type=customer)
    gateway = await forge.at_gateway(scene, trader.customer_id, actor_type=ActorType.CUSTOMER)
    scene.refused("the gateway, with a customer's identity", await gateway.post(RUN, json=wish), REQUIRED)
    plant = await scene.client(scene.target.plant_url, auth=who)
    scene.refused("Plant itself", await plant.post(RUN, json=wish), UNAUTHENTICATED)
    scene.refused("Plant itself, nobody", await _nobody(scene, RUN, wish), UNAUTHENTICATED)
    scene.refused(
        "a proof for another path", await _with_proof_for(scene, trader.customer_id, wish), UNAUTHENTICATED
    )
    for path in (
        "/api/v1/orders",
        "/api/v1/executions",
        "/internal/v1/executions",
        "/api/v1/brokers/delta/orders",
    ):
        answer = await gateway.post(path, json=wish)
        scene.refused(f"POST {path}", answer, NOT_FOUND, "405 method_not_allowed")
    scene.refused(
        "another agent", await trader.http.post(RUN.replace("DELTA", "OTHER"), json=wish), NOT_FOUND
    )
    scene.refused(
        "the run itself, undeclared", await trader.run(approval_id=str(uuid7())), "403 intent_required"
    )


async def _nobody(scene: Scene, path: str, wish: dict[str, object]) -> httpx.Response:
    plant = await scene.client(scene.target.plant_url)
    return await plant.post(path, json=wish)


async def _with_proof_for(scene: Scene, customer_id: UUID, wish: dict[str, object]) -> httpx.Response:
    """A real token and a real proof of the gateway, but for reading, not for running."""
    target = scene.target
    who = forge.pretence(target, customer_id=customer_id, actor_type=ActorType.CUSTOMER)
    request = next(who.auth_flow(httpx.Request("GET", target.plant_url)))
    token = request.headers["Authorization"].removeprefix("Bearer ")
    key = target.stolen_key(Issuer.GATEWAY, Purpose.IDENTITY)
    proof = mint_proof(token, method="GET", path="/api/v1/executions", key=key)
    plant = await scene.client(target.plant_url)
    headers = {"Authorization": f"Bearer {token}", PROOF_HEADER: proof}
    return await plant.post(RUN, json=wish, headers=headers)


async def inputs_fail(scene: Scene) -> None:
    """Let the market, the account and the approval itself be unreadable when it is decided."""
    trader = await scene.trader()
    draft = await trader.draft()
    approval_id = await trader.approve(draft)
    for path in ("/v2/wallet/balances", "/v2/positions/margined"):
        for fault in FAULTS:
            params: dict[str, Any] = {"status": 503} if fault == "error_before" else {}
            await scene.exchange.plant_fault(
                fault, trader.api_key, method="GET", path=path, times=12, **params
            )
    await store.forget_snapshots(scene.target, trader.customer_id)

    answer = await trader.execute(draft, approval_id)
    scene.refused(
        "execute while the account is unreadable", answer, "403 risk_denied", "403 gate_unavailable"
    )
    for name, statement in {"empty": "", "cut off": "eyJhbGciOiJFZERTQSJ9", "huge": "a" * 19_000}.items():
        answer = await forge.deliver(scene, statement, customer_id=trader.customer_id)
        scene.refused(
            f"deliver an approval that is {name}",
            answer,
            "403 approval_signature_invalid",
            "422 validation_failed",
        )
    body = {"approval": None}
    gateway = await forge.at_gateway(scene, trader.customer_id)
    answer = await gateway.put(forge.DELIVERY, json=body)
    scene.refused("deliver no approval", answer, "422 validation_failed")


async def rules_changed_in_between(scene: Scene) -> None:
    """Tighten the account's rules, or exchange its key, between the approval and the execution."""
    trader, secret = await scene.customer("customer a"), token_hex(16)
    await scene.connect(trader, api_secret=secret)
    draft, later = await trader.draft(), await trader.draft(units="0.02")
    approval_id, later_id = await trader.approve(draft), await trader.approve(later)
    setup = setup_of(api_key=trader.api_key, api_secret=secret)
    changed = setup | {"credential_ref": trader.account, "max_units_per_order": "0.001"}
    scene.refused("tighten the limit", await trader.put_setup(**changed), "200")

    void = ("403 precondition_failed", "403 risk_denied")
    scene.refused("execute under the old limit", await trader.execute(draft, approval_id), *void)
    scene.refused("loosen it far", await trader.put_setup(**changed | {"max_units_per_order": "1000"}), "200")
    scene.refused(
        "execute under looser rules", await trader.execute(later, later_id), "403 precondition_failed"
    )
    await _change_while_it_waits(scene, trader, changed | {"max_units_per_order": "500"})


async def _change_while_it_waits(scene: Scene, trader: Trader, changed: Json) -> None:
    """Change the rules once more when an order is released already and waits to be sent."""
    draft = await trader.draft(units="0.03")
    approval_id = await trader.approve(draft)
    await scene.exchange.plant_fault("rate_limit", trader.api_key, reset_ms=1500)
    execution = await trader.release(draft, approval_id)
    await trader.until_tried()
    scene.refused("change the rules while it waits", await trader.put_setup(**changed), "200")
    ended = await trader.until(execution["execution_id"])
    scene.check("what became of it", expected="vetoed", seen=ended["state"])
    orders = await scene.exchange.orders(trader.api_key)
    scene.check("orders at the exchange", expected=0, seen=len(orders))


async def administrator_goes_round(scene: Scene) -> None:
    """Use an administrator's rights instead of an approval: run, approve, raise limits, speak as the customer."""
    trader, admin = await scene.trader(), await scene.operator(Role.ADMIN)
    draft = await trader.draft()
    query = {"customer_id": str(trader.customer_id)}
    run = "/api/pp/reference-agents/AGT-TRD-DELTA-001/run"
    wish = trader.wish(intent_action="place_order")
    scene.refused("run without an approval", await admin.post(run, params=query, json=wish), REQUIRED)
    made_up = wish | {"approval_id": str(uuid7())}
    scene.refused(
        "run with one made up", await admin.post(run, params=query, json=made_up), "403 approval_unknown"
    )
    plan = {"plan": "unlimited"}
    await admin.put(f"/api/pp/entitlements/{trader.customer_id}", json=plan)
    scene.refused("run on a better plan", await admin.post(run, params=query, json=wish), REQUIRED)
    body = {**query, "deliverable_id": draft["deliverable_id"], "action_hash": draft["draft"]["action_hash"]}
    scene.refused(
        "approve without consent", await admin.post("/api/pp/approvals", json=body), "422 validation_failed"
    )
    consent = {"channel": "phone", "reference": "call 1", "obtained_at": datetime.now(UTC).isoformat()}
    wrong = body | {"consent": consent, "action_hash": "sha256:" + "0" * 64}
    scene.refused(
        "approve something else", await admin.post("/api/pp/approvals", json=wrong), "409 action_changed"
    )
    at_cp = await scene.client(scene.target.cp_url, headers={"Authorization": admin.headers["Authorization"]})
    answer = await at_cp.post("/api/cp/approvals", json={k: v for k, v in body.items() if k != "customer_id"})
    scene.refused("approve at the customer portal", answer, UNAUTHENTICATED)
