"""Failure scenarios in which the one worker stops for a while and goes on: frozen, or without its database."""

import asyncio
from decimal import Decimal
from signal import SIGCONT, SIGSTOP

from shared.contracts.trading import ExecutionState as State
from shared.ids import uuid7
from tests.actors import demo_operator
from tests.held_rows import held_execution
from tests.stack import Stack
from tests.trades import filled, new_trader, states, timeline

SIGNATURE_WINDOW_S = 5
FILLED = (State.FILLED, Decimal(10), True)


async def test_f03_worker_frozen_with_a_signed_order_signs_anew(stack: Stack) -> None:
    async with new_trader(stack) as trader, demo_operator(stack) as operator:
        stack.kill("worker", number=SIGSTOP)
        execution_id = (await trader.trade()).execution_id
        async with held_execution(stack, execution_id) as row:
            stack.kill("worker", number=SIGCONT)
            await row.is_waited_for()
            stack.kill("worker", number=SIGSTOP)
        switch = f"/api/pp/kill-switches/customer:{uuid7()}"
        async with asyncio.TaskGroup() as tasks:
            frozen = tasks.create_task(asyncio.sleep(SIGNATURE_WINDOW_S + 0.2))
            engaging = tasks.create_task(
                operator.http.put(switch, json={"engaged": True, "reason": "while a worker is frozen"})
            )
        stack.kill("worker", number=SIGCONT)
        execution = await trader.settled(execution_id)

        assert frozen.done()
        assert engaging.result().status_code == 200, engaging.result().text
        assert filled(execution) == FILLED
        assert states(execution)[:3] == [State.RELEASED, State.SENDING, State.RELEASED]
        assert "the signature ran out before the request could be sent" in timeline(execution)
        assert await trader.send_statuses() == [200]


async def test_worker_goes_on_after_its_database_was_restarted(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        approved = await trader.approved()
        stack.restart("postgres")
        execution = await trader.settled((await trader.release(approved)).execution_id)

        assert filled(execution) == FILLED
        assert await trader.send_statuses() == [200]
