"""Between approval and socket time passes: prices move, keys are replaced, rows are edited, others race."""

import asyncio
from datetime import timedelta

import pytest

from shared.contracts.trading import ExecutionState as State
from shared.denials import DenialReason
from tests.actors import Operator
from tests.denied import Scene, new_scene
from tests.exchange import Exchange
from tests.stack import Stack
from tests.stored import superuser
from tests.trades import new_trader, timeline


async def test_price_that_moved_while_the_order_waited_stops_it(stack: Stack, exchange: Exchange) -> None:
    async with new_trader(stack) as trader:
        approved = await trader.approved()
        await exchange.plant("rate_limit", trader.account, reset_ms=3_000)
        execution_id = (await trader.release(approved)).execution_id
        await trader.until(execution_id, State.RELEASED)

        await exchange.set_price("BTCUSD", "97500")
        execution = await trader.settled(execution_id)

        assert execution.state is State.VETOED
        assert "precondition_failed" in timeline(execution)
        assert await trader.order_count() == 0


@pytest.mark.parametrize(
    "edit",
    [
        """preconditions = '{"price_shown": "1", "allowed_drift_bps": 5000}'""",
        "expires_at = expires_at + interval '1 hour'",
        "execute_by = execute_by + interval '1 hour'",
        "issued_at = issued_at + interval '10 seconds'",
    ],
)
async def test_approval_that_was_edited_in_the_database_counts_for_nothing(scene: Scene, edit: str) -> None:
    approved = await scene.trader.approved()
    approval_id = approved.approval.approval_id
    async with superuser(scene.stack, "plant") as connection:
        await connection.execute(
            f"UPDATE approvals SET {edit} WHERE approval_id = $1",  # noqa: S608  constants of the test
            approval_id,
        )

    answer = await scene.execute(approved.draft.deliverable_id, approval_id)

    await scene.assert_denied(answer, DenialReason.APPROVAL_SIGNATURE_INVALID)


async def test_key_that_was_replaced_after_the_approval_is_not_released_for_it(scene: Scene) -> None:
    """Also when Plant has not heard of the new key: the vault itself compares the times."""
    approved = await scene.trader.approved()
    later = timedelta(seconds=30)
    async with superuser(scene.stack, "cp") as connection:
        await connection.execute(
            "UPDATE credentials SET updated_at = updated_at + $2::interval WHERE customer_id = $1",
            scene.customer_id,
            later,
        )

    execution = await scene.trader.settled((await scene.trader.release(approved)).execution_id)

    assert execution.state is State.VETOED
    assert "precondition_failed" in timeline(execution)
    async with superuser(scene.stack, "cp") as connection:
        await connection.execute(
            "UPDATE credentials SET updated_at = updated_at - $2::interval WHERE customer_id = $1",
            scene.customer_id,
            later,
        )


async def test_drafts_at_once_do_not_overrun_the_plan(stack: Stack, admin: Operator) -> None:
    async with new_scene(stack, admin) as scene:
        path = f"/api/pp/entitlements/{scene.customer_id}"
        await admin.http.put(path, json={"plan": "trial", "task_limit": 3})

        answers = await asyncio.gather(*(scene.run() for _ in range(12)))

        assert sorted(answer.status_code for answer in answers) == [200] * 3 + [403] * 9


async def test_both_portals_approving_at_once_give_one_approval(stack: Stack, admin: Operator) -> None:
    async with new_scene(stack, admin) as scene:
        draft = await scene.trader.draft()
        target = {"deliverable_id": str(draft.deliverable_id), "action_hash": draft.draft.action_hash}
        consent = {"channel": "phone", "reference": "call 1", "obtained_at": "2026-01-01T00:00:00Z"}

        answers = await asyncio.gather(
            scene.http.post("/api/cp/approvals", json=target),
            admin.http.post(
                "/api/pp/approvals",
                json={**target, "customer_id": str(scene.customer_id), "consent": consent},
            ),
        )

        assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_number_with_a_huge_exponent_is_refused_in_few_words(scene: Scene) -> None:
    draft = await scene.trader.draft()
    action = draft.draft.action.model_dump(mode="json")
    action["params"]["size"] = "1E60000000"
    body = {"action": action, "action_hash": draft.draft.action_hash, "price_shown": "65000"}

    answer = await scene.http.post("/api/cp/approvals", json=body)

    assert answer.status_code == 422
    assert len(answer.content) < 2_000


@pytest.mark.parametrize("origin", ["http://[", "null", "://", "http://elsewhere.example"])
async def test_odd_origin_at_sign_in_is_refused(stack: Stack, scene: Scene, origin: str) -> None:
    body = {"email": "nobody@example.test", "password": "not the password"}

    answer = await scene.http.post("/api/auth/login", json=body, headers={"Origin": origin})

    assert answer.status_code in (401, 403)


async def test_password_that_is_no_text_is_refused(scene: Scene) -> None:
    body = b'{"email": "nobody@example.test", "password": "\\ud800"}'

    answer = await scene.http.post(
        "/api/auth/login", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 422
