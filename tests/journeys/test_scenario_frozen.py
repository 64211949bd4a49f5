"""Failure scenarios in which the one worker stops for a while and goes on: frozen, or without its database."""

import asyncio
from contextlib import AsyncExitStack
from decimal import Decimal
from signal import SIGTERM
from uuid import UUID

import httpx

from plant.execution.jobs import QUEUE as EXECUTION_QUEUE
from plant.scheduler.jobs import QUEUE as GOAL_QUEUE
from shared.approvals.mint import mint_approval
from shared.clock import utc_now
from shared.contracts.trading import DraftRunResponse
from shared.contracts.trading import ExecutionState as State
from shared.ids import uuid7
from shared.keys import Issuer, Purpose
from tests.actors import Operator, demo_operator
from tests.forgery import DELIVERY, approval_claims, at_gateway, signing_key
from tests.held_rows import count_places, held_execution, stop_listening, strike_workers_off
from tests.processes import frozen_worker
from tests.stack import Stack
from tests.trades import Trader, eventually, filled, new_trader, states, timeline

SIGNATURE_WINDOW_S = 5
QUEUES = (EXECUTION_QUEUE, GOAL_QUEUE)
FILLED = (State.FILLED, Decimal(10), True)


async def test_f03_worker_frozen_with_a_signed_order_signs_anew(stack: Stack) -> None:
    async with new_trader(stack) as trader, demo_operator(stack) as operator:
        brief = await trader.draft(units="0.02")
        async with AsyncExitStack() as rows:
            with frozen_worker(stack):
                signed_id = (await trader.trade()).execution_id
                row = await rows.enter_async_context(held_execution(stack, signed_id))
            await row.is_waited_for()
            with frozen_worker(stack):
                await rows.aclose()
                brief_id = await _release_for(stack, trader, brief, seconds=SIGNATURE_WINDOW_S - 1)
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(asyncio.sleep(SIGNATURE_WINDOW_S + 0.2))
                    engaging = tasks.create_task(_engage_a_switch(operator))
        signed, late = await asyncio.gather(trader.settled(signed_id), trader.settled(brief_id))

        assert engaging.result().status_code == 200, engaging.result().text
        assert filled(signed) == FILLED
        assert states(signed)[:3] == [State.RELEASED, State.SENDING, State.RELEASED]
        assert "the signature ran out before the request could be sent" in timeline(signed)
        assert states(late) == [State.RELEASED, State.EXPIRED]
        assert "not sent before execute_by; the approval stays used" in timeline(late)
        assert await trader.send_statuses() == [200]


async def test_worker_goes_on_after_its_database_was_restarted(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        approved = await trader.approved()
        stack.restart("postgres")
        execution = await trader.settled((await trader.release(approved)).execution_id)

        assert filled(execution) == FILLED
        assert await trader.send_statuses() == [200]


async def test_worker_that_was_struck_off_the_queue_while_frozen_rejoins(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        with frozen_worker(stack):
            await strike_workers_off(stack)
        execution = await trader.settled((await trader.trade()).execution_id)

        assert filled(execution) == FILLED


async def test_worker_that_cannot_listen_any_more_rejoins_both_its_queues(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        worker = stack.running.children["worker"]
        await stop_listening(stack)
        await eventually(lambda: count_places(stack), lambda count: count == len(QUEUES), patience_s=10)
        execution = await trader.settled((await trader.trade()).execution_id)

        assert filled(execution) == FILLED
        assert not worker.is_dead


async def test_worker_asked_to_stop_while_its_database_is_away_ends(stack: Stack) -> None:
    worker = stack.running.children["worker"].process
    stack.kill("postgres")
    try:
        stack.kill("worker", number=SIGTERM)

        assert worker.returncode == 0
    finally:
        stack.restart("postgres")
        stack.restart("worker")


async def _release_for(stack: Stack, trader: Trader, draft: DraftRunResponse, *, seconds: int) -> UUID:
    """Release it under an approval that lets it be sent for so long only."""
    ends = int(utc_now().timestamp()) + seconds
    claims = approval_claims(draft).model_copy(update={"exp": ends, "execute_by": ends})
    statement = mint_approval(claims, key=signing_key(stack, Issuer.CP, Purpose.APPROVAL))
    async with at_gateway(stack, customer_id=trader.customer.customer_id) as portal:
        (await portal.put(DELIVERY, json={"approval": statement})).raise_for_status()
    path = f"/api/v1/deliverables/{draft.deliverable_id}/execute"
    answer = await trader.customer.http.post(path, json={"approval_id": str(claims.jti)})
    assert answer.status_code == 202, answer.text
    return UUID(answer.json()["execution"]["execution_id"])


async def _engage_a_switch(operator: Operator) -> httpx.Response:
    switch = f"/api/pp/kill-switches/customer:{uuid7()}"
    return await operator.http.put(switch, json={"engaged": True, "reason": "while a worker is frozen"})
