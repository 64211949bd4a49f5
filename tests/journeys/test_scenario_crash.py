"""Failure scenarios in which a worker dies or freezes around a send: F02, F03, F04, F05, F06, F09, F31.

One outage is played for all of them. Each order has its own account and is brought to its own line; then
one worker is killed, one stays frozen, and two new ones find what is left. All the while the exchange's
clock is almost as far behind as it tolerates, so that it takes a late signature for as long as it ever will.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from signal import SIGCONT, SIGKILL, SIGSTOP
from uuid import UUID

import pytest_asyncio

from cli.stack.supervisor import Child
from shared.contracts.approvals import ApprovalStatus
from shared.contracts.trading import DeliverableState, Execution
from shared.contracts.trading import ExecutionState as State
from tests.actors import demo_operator
from tests.exchange import Exchange, Json
from tests.exchange_line import ExchangeLine, Hold, exchange_line
from tests.held_rows import held_execution, repeat_job
from tests.processes import another_worker, no_worker
from tests.stack import Stack
from tests.trades import Trader, eventually, filled, new_trader, new_traders, states, timeline

CLOCK_BEHIND_S = -4.9
FILLED = (State.FILLED, Decimal(10), True)
NAMES = (
    "F02 delivered after absence",
    "F03 before the attempt",
    "F04 delivered after absence",
    "F04 delivered after the crash",
    "F04 answer lost",
    "F04 frozen and thawed",
    "F05",
    "F06 another's order",
    "F09",
)
ORDERS_ON_THEIR_WAY = (
    "F02 delivered after absence",
    "F04 delivered after absence",
    "F04 delivered after the crash",
)


@dataclass(slots=True)
class Outage:
    """What the scenarios share while they are played, and the executions that came of them."""

    stack: Stack
    exchange: Exchange
    traders: dict[str, Trader]
    line: ExchangeLine
    executions: dict[str, UUID] = field(default_factory=dict[str, UUID])
    switch_status: int = 0

    async def release(self, *names: str) -> None:
        for name in names:
            self.executions[name] = (await self.traders[name].trade()).execution_id

    async def settle(self, *names: str) -> None:
        await asyncio.gather(*(self.traders[name].settled(self.executions[name]) for name in names))

    async def until(self, name: str, state: State) -> None:
        await self.traders[name].until(self.executions[name], state)

    async def deliver_when_absent(self, name: str, order: Hold) -> None:
        """Let the order reach the exchange at the moment when its absence is proved."""
        await self.until(name, State.ABSENT)
        order.let_go()
        await eventually(self.traders[name].send_statuses, lambda answers: len(answers) > 0)

    async def end(self, name: str) -> tuple[Execution, list[Json], list[int | None]]:
        """The execution, the exchange's orders, and its answers to requests for one."""
        trader = self.traders[name]
        execution = await trader.execution(self.executions[name])
        return execution, await self.exchange.orders(trader.account), await trader.send_statuses()


@pytest_asyncio.fixture(scope="module")
async def outage(stack: Stack) -> AsyncIterator[Outage]:
    async with (
        new_traders(stack, *NAMES) as traders,
        new_trader(stack) as killed,
        exchange_line(stack) as line,
    ):
        played = Outage(stack, killed.exchange, {**traders, "F31": killed}, line)
        await played.exchange.set_clock(CLOCK_BEHIND_S)
        try:
            await _play(played)
            yield played
        finally:
            await played.exchange.calm()


async def test_f03_order_released_before_the_crash_is_sent_once_after_it(outage: Outage) -> None:
    execution, orders, answers = await outage.end("F03 before the attempt")

    assert filled(execution) == FILLED
    assert states(execution) == [State.RELEASED, State.SENDING, State.FILLED]
    assert (len(orders), answers) == (1, [200])


async def test_f02_order_that_arrives_after_absence_was_proved_is_refused(outage: Outage) -> None:
    execution, orders, answers = await outage.end("F02 delivered after absence")

    assert states(execution) == [State.RELEASED, State.SENDING, State.UNKNOWN, State.ABSENT]
    assert "the connection broke before an answer" in timeline(execution)
    assert (orders, answers) == ([], [401])


async def test_f04_order_that_arrives_after_absence_was_proved_is_refused(outage: Outage) -> None:
    execution, orders, answers = await outage.end("F04 delivered after absence")
    trader = outage.traders["F04 delivered after absence"]
    deliverable = await trader.deliverable(execution.deliverable_id)
    approval = await trader.approval(execution.approval_id)

    assert states(execution) == [State.RELEASED, State.SENDING, State.UNKNOWN, State.ABSENT]
    assert "the sender did not report the outcome" in timeline(execution)
    assert (deliverable.state, approval.status) == (DeliverableState.FAILED, ApprovalStatus.CONSUMED)
    assert (orders, answers) == ([], [401])


async def test_f04_order_that_arrives_after_its_sender_died_is_found(outage: Outage) -> None:
    execution, orders, answers = await outage.end("F04 delivered after the crash")

    assert filled(execution) == FILLED
    assert states(execution) == [State.RELEASED, State.SENDING, State.UNKNOWN, State.FILLED]
    assert f"found at the venue as order {orders[0]['id']}" in timeline(execution)
    assert (len(orders), answers) == (1, [200])


async def test_f04_order_whose_answer_never_came_is_found(outage: Outage) -> None:
    execution, orders, answers = await outage.end("F04 answer lost")

    assert filled(execution) == FILLED
    assert states(execution) == [State.RELEASED, State.SENDING, State.UNKNOWN, State.FILLED]
    assert (len(orders), answers) == (1, [200])


async def test_f04_frozen_order_is_refused_when_it_thaws_after_absence_was_proved(outage: Outage) -> None:
    execution, orders, answers = await outage.end("F04 frozen and thawed")

    assert states(execution) == [State.RELEASED, State.SENDING, State.UNKNOWN, State.ABSENT]
    assert (orders, answers) == ([], [401])


async def test_f05_order_accepted_but_not_recorded_is_found(outage: Outage) -> None:
    execution, orders, answers = await outage.end("F05")

    assert filled(execution) == FILLED
    assert states(execution) == [State.RELEASED, State.SENDING, State.UNKNOWN, State.FILLED]
    assert (len(orders), answers) == (1, [200])


async def test_f06_another_order_under_our_id_is_not_taken_for_ours(outage: Outage) -> None:
    execution, orders, answers = await outage.end("F06 another's order")

    assert (execution.state, execution.filled_size, execution.broker_order_ids) == (State.REJECTED, 0, ())
    assert f"R20: order {orders[0]['id']} holds our id but is another order" in timeline(execution)
    assert ([order["size"] for order in orders], answers) == ([7], [200, 400])


async def test_f09_two_workers_with_one_job_many_times_send_one_order(outage: Outage) -> None:
    execution, orders, answers = await outage.end("F09")

    assert filled(execution) == FILLED
    assert (len(orders), answers) == (1, [200])
    assert len(execution.timeline) == 4


async def test_f31_kill_switch_between_approval_and_send_stops_the_send(outage: Outage) -> None:
    execution, orders, answers = await outage.end("F31")
    trader = outage.traders["F31"]
    deliverable = await trader.deliverable(execution.deliverable_id)
    (denial,) = [denial for denial in await trader.denials() if denial.stage == "before_send"]

    assert outage.switch_status == 200
    assert states(execution) == [State.RELEASED, State.VETOED]
    assert "kill_switch" in timeline(execution)
    assert "Nothing was sent" in timeline(execution)
    assert (denial.reason, deliverable.state) == ("kill_switch", DeliverableState.FAILED)
    assert (orders, answers) == ([], [])


async def _play(outage: Outage) -> None:
    with no_worker(outage.stack) as start_worker:
        async with _frozen_worker(outage) as (frozen, frozen_order):
            given_up, dead = await _kill_a_worker_at_every_line(outage)
            await _release_without_a_worker(outage)
            start_worker()
            with another_worker(outage.stack, called="worker-second"):
                await asyncio.gather(
                    outage.deliver_when_absent("F02 delivered after absence", given_up),
                    outage.deliver_when_absent("F04 delivered after absence", dead),
                    outage.settle(*outage.traders),
                )
            frozen.process.send_signal(SIGCONT)
            await outage.deliver_when_absent("F04 frozen and thawed", frozen_order)


@asynccontextmanager
async def _frozen_worker(outage: Outage) -> AsyncGenerator[tuple[Child, Hold]]:
    """A worker that is frozen while its order is on the way."""
    name = "F04 frozen and thawed"
    await outage.release(name)
    async with exchange_line(outage.stack) as line:
        order = line.hold_order(outage.traders[name].account)
        with another_worker(outage.stack, called="worker-frozen", exchange_url=line.url) as worker:
            await order.arrived()
            worker.process.send_signal(SIGSTOP)
            yield worker, order


async def _kill_a_worker_at_every_line(outage: Outage) -> tuple[Hold, Hold]:
    """Kill a worker that has orders on their way, answers on their way, and one answer not yet written down.

    Returns two orders that are still on their way: one that the worker had given up, one that died with it.
    """
    orders, answers = ORDERS_ON_THEIR_WAY, ("F04 answer lost", "F05")
    await outage.release(*orders, *answers)
    hung_up, dead, late = (outage.line.hold_order(outage.traders[name].account) for name in orders)
    lost, accepted = (outage.line.hold_answer(outage.traders[name].account) for name in answers)
    with another_worker(outage.stack, called="worker-killed", exchange_url=outage.line.url) as worker:
        await asyncio.gather(*(hold.arrived() for hold in (hung_up, dead, late, lost, accepted)))
        hung_up.hang_up()
        await outage.until(orders[0], State.UNKNOWN)
        async with held_execution(outage.stack, outage.executions["F05"]) as row:
            accepted.let_go()
            await row.is_waited_for()
            worker.process.send_signal(SIGKILL)
            worker.process.wait()
    late.let_go()
    return hung_up, dead


async def _release_without_a_worker(outage: Outage) -> None:
    await outage.release("F03 before the attempt", "F06 another's order", "F09", "F31")
    await repeat_job(outage.stack, outage.executions["F09"], times=20)
    await _take_id(outage, "F06 another's order")
    async with demo_operator(outage.stack) as operator:
        switch = f"/api/pp/kill-switches/customer:{outage.traders['F31'].customer.customer_id}"
        answer = await operator.http.put(switch, json={"engaged": True, "reason": "scenario F31"})
    outage.switch_status = answer.status_code


async def _take_id(outage: Outage, name: str) -> None:
    """Somebody else with the same key places another order under the id that ours will have."""
    execution = await outage.traders[name].execution(outage.executions[name])
    owner = outage.exchange.as_owner(outage.traders[name].account)
    (await owner.place(size=7, client_order_id=execution.client_order_id)).raise_for_status()
