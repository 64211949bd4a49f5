"""Denials that do not hang on the approval: intent, limits, risk, secrets, credentials, changed conditions."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from plant.execution.release import FRESH_MS
from shared.clock import utc_now
from shared.denials import DenialReason
from tests.actors import Operator
from tests.denied import CORRELATION, Scene, new_scene
from tests.processes import frozen_worker
from tests.stack import Stack
from tests.trades import RUN, Approved, eventually, timeline


async def put_on_plan(scene: Scene, **entitlement: Any) -> None:
    answer = await scene.operator.http.put(f"/api/pp/entitlements/{scene.customer_id}", json=entitlement)
    assert answer.status_code == 200, answer.text


def past() -> str:
    return utc_now().replace(year=2025).isoformat()


async def run_approved(scene: Scene, approved: Approved, **changes: Any) -> httpx.Response:
    return await scene.run(**(approved.intent | changes))


async def test_effect_that_is_not_declared_is_denied(scene: Scene) -> None:
    approved = await scene.trader.approved()

    answer = await scene.run(approval_id=str(approved.approval.approval_id))

    await scene.assert_denied(answer, DenialReason.INTENT_REQUIRED)
    assert await scene.approval_status(approved.approval.approval_id) == "active"


@pytest.mark.parametrize("intent", ["close_position", "cancel_order", "publish", "PLACE_ORDER"])
async def test_intent_that_does_not_fit_the_action_is_denied(scene: Scene, intent: str) -> None:
    approved = await scene.trader.approved()

    answer = await run_approved(scene, approved, intent_action=intent)

    await scene.assert_denied(answer, DenialReason.INTENT_MISMATCH)


@pytest.mark.parametrize(
    ("entitlement", "reason"),
    [
        ({"plan": "trial", "trial_ends_at": past()}, DenialReason.TRIAL_EXPIRED),
        ({"plan": "trial", "task_limit": 1}, DenialReason.TRIAL_LIMIT_REACHED),
        ({"plan": "standard", "budget_limit": "0.01"}, DenialReason.BUDGET_EXCEEDED),
    ],
)
async def test_used_up_plan_denies_drafts_and_orders(
    stack: Stack, admin: Operator, entitlement: dict[str, Any], reason: DenialReason
) -> None:
    async with new_scene(stack, admin) as scene:
        approved = await scene.trader.approved()
        await put_on_plan(scene, **entitlement)

        drafted = await scene.run()
        executed = await scene.execute(approved.draft.deliverable_id, approved.approval.approval_id)

        assert (await scene.assert_denied(drafted, reason)).stage == "before_skill.trial_and_budget"
        assert (await scene.assert_denied(executed, reason)).stage == "before_tool_use.trial_and_budget"
        await put_on_plan(scene, plan="unlimited")
        allowed = await scene.execute(approved.draft.deliverable_id, approved.approval.approval_id)
        assert allowed.status_code in (200, 202)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"coin": "ETH", "units": "0.1"}, "SYMBOL_NOT_ALLOWED"),
        ({"units": "0.06"}, "QTY_ABOVE_MAX"),
        ({"units": "0.04"}, "NOTIONAL_ABOVE_MAX"),
        ({"limit_price": "60000"}, "PRICE_COLLAR"),
    ],
)
async def test_approved_order_beyond_the_limits_is_denied_with_the_codes_of_the_checks(
    tight_scene: Scene, wish: dict[str, Any], code: str
) -> None:
    approved = await tight_scene.trader.approved(**wish)
    assert approved.draft.draft.risk is not None
    assert approved.draft.draft.risk.verdict == "deny"

    answer = await tight_scene.execute(approved.draft.deliverable_id, approved.approval.approval_id)

    record = await tight_scene.assert_denied(answer, DenialReason.RISK_DENIED)
    assert code in record.risk_codes
    traces = await tight_scene.http.get(
        "/api/v1/decision-traces", params={"correlation_id": str(record.correlation_id)}
    )
    (trace,) = traces.json()["items"]
    assert (trace["verdict"], trace["reason"]) == ("deny", "risk_denied")
    assert code in [check["code"] for check in trace["decision"]["checks"] if check["status"] == "fail"]


@pytest.fixture
async def tight_scene(stack: Stack, admin: Operator) -> Any:
    limits: dict[str, Any] = {
        "allowed_coins": ["BTC"],
        "max_units_per_order": "0.05",
        "max_notional_inr": "200000",
    }
    async with new_scene(stack, admin, **limits) as scene:
        yield scene


async def test_price_that_has_drifted_since_the_approval_is_denied(scene: Scene) -> None:
    approved = await scene.trader.approved()
    try:
        await scene.trader.exchange.set_price("BTCUSD", "66000")
        await asyncio.sleep(FRESH_MS / 1000)
        answer = await scene.execute(approved.draft.deliverable_id, approved.approval.approval_id)
    finally:
        await scene.trader.exchange.calm()

    record = await scene.assert_denied(answer, DenialReason.PRECONDITION_FAILED)
    assert record.risk_codes[0] == "APPROVAL_PRICE_DRIFT"
    assert await scene.approval_status(approved.approval.approval_id) == "active"


@pytest.mark.parametrize(
    "embedded",
    [
        {"purpose": "use sk-live-Zm9vYmFyMTIzNDU2Nzg5MA please"},
        {"purpose": "Bearer abcdefghijklmnopqrstuv0123"},
        {"purpose": "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"},
        {"purpose": "my secret is 9fA2kL0pQ7xZ4vB8nM1cT6wR3yU5sD2e"},
        {"api_secret": "short"},
        {"credentials": {"nested": [{"password": "hunter2"}]}},
        {"coin": "-----BEGIN PRIVATE KEY-----"},
    ],
)
async def test_raw_secret_in_a_run_is_refused_and_not_repeated(
    scene: Scene, embedded: dict[str, Any]
) -> None:
    answer = await scene.run(**embedded)

    record = await scene.assert_denied(answer, DenialReason.RAW_SECRET_REJECTED)
    secrets = ["Zm9vYmFy", "abcdefghijkl", "eyJhbGci", "9fA2kL0p", "short", "hunter2", "BEGIN PRIVATE"]
    told = answer.text + record.model_dump_json()
    assert not [secret for secret in secrets if secret in told]


async def test_account_that_is_not_there_is_denied(scene: Scene, other_scene: Scene) -> None:
    foreign = str(other_scene.trader.account.credential_ref)

    drafts = [await scene.run(exchange_account_id=ref) for ref in (str(uuid4()), foreign)]
    intents = [
        await scene.run(exchange_account_id=ref, intent_action="place_order", approval_id=str(uuid4()))
        for ref in (str(uuid4()), foreign)
    ]

    records = [
        await scene.assert_denied(answer, DenialReason.CREDENTIAL_UNAVAILABLE) for answer in drafts + intents
    ]
    assert len({record.details["detail"] for record in records}) == 1


async def test_deleted_account_is_denied_for_what_was_approved_before(stack: Stack, admin: Operator) -> None:
    async with new_scene(stack, admin) as scene:
        approved = await scene.trader.approved()
        await delete_account(scene)

        executed = await scene.execute(approved.draft.deliverable_id, approved.approval.approval_id)
        run = await run_approved(scene, approved)

        await scene.assert_denied(executed, DenialReason.CREDENTIAL_UNAVAILABLE)
        await scene.assert_denied(run, DenialReason.CREDENTIAL_UNAVAILABLE)


async def test_account_deleted_after_the_release_stops_the_order_before_it_is_sent(
    stack: Stack, admin: Operator
) -> None:
    async with new_scene(stack, admin) as scene:
        approved = await scene.trader.approved()
        with frozen_worker(stack):
            released = await run_approved(scene, approved)
            await delete_account(scene)

        execution_id = released.json()["execution"]["execution_id"]
        vetoed = await eventually(
            lambda: scene.trader.execution(execution_id), lambda found: found.state == "vetoed"
        )
        assert "credential_unavailable" in timeline(vetoed)
        record = await scene.stored_denial(UUID(released.headers[CORRELATION]))
        assert (record.reason, record.stage) == (DenialReason.CREDENTIAL_UNAVAILABLE, "before_send")
        assert await scene.orders_sent() == 0


async def delete_account(scene: Scene) -> None:
    answer = await scene.http.delete(f"/api/cp/exchange-setup/{scene.trader.account.credential_ref}")
    assert answer.status_code == 204, answer.text


async def test_unknown_agent_is_not_found(scene: Scene) -> None:
    answer = await scene.http.post(RUN.replace("AGT-TRD-DELTA-001", "AGT-X"), json=scene.trader.wish())

    assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")
