"""The kill switch through the whole stack: engaged, nothing is sent, not even what was released before."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.contracts.trading import ExecutionState
from shared.denials import DenialReason
from tests.actors import Operator, demo_operator
from tests.denied import CORRELATION, Scene, new_scene
from tests.processes import frozen_worker
from tests.stack import Stack
from tests.stored import superuser
from tests.trades import Approved, timeline

PROVIDER = "provider:delta_exchange_india"


@asynccontextmanager
async def engaged(operator: Operator, scope: str) -> AsyncGenerator[None]:
    (await turn(operator, scope, engaged=True)).raise_for_status()
    try:
        yield
    finally:
        (await turn(operator, scope, engaged=False)).raise_for_status()


async def turn(operator: Operator, scope: str, *, engaged: bool) -> httpx.Response:
    body = {"engaged": engaged, "reason": "a test"}
    return await operator.http.put(f"/api/pp/kill-switches/{scope}", json=body)


async def execute(scene: Scene, approved: Approved) -> httpx.Response:
    return await scene.execute(approved.draft.deliverable_id, approved.approval.approval_id)


@pytest.mark.parametrize("scope", ["platform", PROVIDER, "customer"])
async def test_engaged_switch_denies_what_was_approved_before_until_it_is_released(
    stack: Stack, admin: Operator, scope: str
) -> None:
    async with new_scene(stack, admin) as scene:
        scope = f"customer:{scene.customer_id}" if scope == "customer" else scope
        approved = await scene.trader.approved()

        async with engaged(admin, scope):
            executed = await execute(scene, approved)
            run = await scene.run(**approved.intent)

        for answer in (executed, run):
            record = await scene.assert_denied(answer, DenialReason.KILL_SWITCH)
            assert record.stage == "before_tool_use.kill_switch"
            assert scope in record.details["detail"]
        released = await scene.trader.release(approved)
        filled = await scene.trader.until(released.execution_id, ExecutionState.FILLED)
        assert filled.approval_id == approved.approval.approval_id


async def test_switch_of_one_customer_stops_nobody_else(scene: Scene, other_scene: Scene) -> None:
    approved = await other_scene.trader.approved()
    async with engaged(scene.operator, f"customer:{scene.customer_id}"):
        released = await other_scene.trader.release(approved)
        await other_scene.trader.until(released.execution_id, ExecutionState.FILLED)


@pytest.mark.parametrize("scope", ["platform", PROVIDER, "customer"])
async def test_switch_engaged_after_the_release_stops_the_order_before_the_socket(
    stack: Stack, admin: Operator, scope: str
) -> None:
    async with new_scene(stack, admin) as scene:
        scope = f"customer:{scene.customer_id}" if scope == "customer" else scope
        approved = await scene.trader.approved()

        with frozen_worker(stack):
            released = await scene.run(**approved.intent)
            assert released.json()["execution"]["state"] == "released"
            (await turn(admin, scope, engaged=True)).raise_for_status()
        execution_id = UUID(released.json()["execution"]["execution_id"])
        vetoed = await scene.trader.until(execution_id, ExecutionState.VETOED)
        (await turn(admin, scope, engaged=False)).raise_for_status()

        assert "kill_switch" in timeline(vetoed)
        record = await scene.stored_denial(UUID(released.headers[CORRELATION]))
        assert (record.reason, record.stage) == (DenialReason.KILL_SWITCH, "before_send")
        assert await scene.orders_sent() == 0
        assert await scene.approval_status(approved.approval.approval_id) == "consumed"


async def test_no_attempt_starts_after_the_switch_has_answered(stack: Stack, admin: Operator) -> None:
    async with new_scene(stack, admin, max_units_per_order="1") as scene:
        ready = [await scene.trader.approved(units=f"0.{n:03}") for n in range(10, 18)]
        scope = f"customer:{scene.customer_id}"

        executing = [asyncio.create_task(execute(scene, approved)) for approved in ready]
        (await asyncio.wait(executing, return_when=asyncio.FIRST_COMPLETED))[0].pop()
        (await turn(admin, scope, engaged=True)).raise_for_status()
        engaged_at = await database_now(stack)
        answers = await asyncio.gather(*executing)
        for answer in answers:
            if answer.status_code in (200, 202):
                await scene.trader.settled(UUID(answer.json()["execution"]["execution_id"]))
        (await turn(admin, scope, engaged=False)).raise_for_status()

        starts = await attempts_of(stack, scene)
        assert all(at <= engaged_at for at in starts)
        assert await scene.orders_sent() == len(starts)
        denied = [answer for answer in answers if answer.status_code == 403]
        assert {answer.json()["reason"] for answer in denied} <= {DenialReason.KILL_SWITCH}


async def test_switch_is_on_record_with_who_and_why(scene: Scene) -> None:
    scope = f"customer:{scene.customer_id}"
    async with engaged(scene.operator, scope):
        listed = (await scene.operator.http.get("/api/pp/kill-switches")).json()["items"]

    (switch,) = [item for item in listed if item["scope"] == scope]
    assert (switch["engaged"], switch["reason"]) == (True, "a test")
    assert switch["actor"] == f"operator:{scene.operator.operator_id}"
    audit = (await scene.http.get("/api/v1/audit")).json()["items"]
    changes = [row["body"]["engaged"] for row in audit if row["kind"] == "kill_switch.changed"]
    assert changes[:2] == [False, True]


async def test_viewer_cannot_turn_a_switch(stack: Stack) -> None:
    async with demo_operator(stack, "viewer") as viewer:
        answer = await turn(viewer, "platform", engaged=True)
        listed = await viewer.http.get("/api/pp/kill-switches")

    assert (answer.status_code, answer.json()["reason"]) == (403, "not_allowed")
    assert listed.status_code == 200


SCOPES_OF_NOTHING = (
    "all",
    "provider:delta",
    "customer:everybody",
    "agent:5b0c6a52-9a5c-4d6e-8f51-0d7f3a2c9e10",
)


@pytest.mark.parametrize("scope", SCOPES_OF_NOTHING)
async def test_switch_that_would_stop_nothing_is_refused(admin: Operator, scope: str) -> None:
    answer = await turn(admin, scope, engaged=True)

    assert (answer.status_code, answer.json()["reason"]) == (422, "validation_failed")


async def database_now(stack: Stack) -> Any:
    async with superuser(stack, "plant") as connection:
        return await connection.fetchval("SELECT clock_timestamp()")


async def attempts_of(stack: Stack, scene: Scene) -> list[Any]:
    sql = "SELECT array_agg(started_at) FROM attempts WHERE customer_id = $1"
    async with superuser(stack, "plant") as connection:
        return await connection.fetchval(sql, scene.customer_id) or []
