"""Failure scenarios in which nobody knows what became of an order: F01, F02, F06, F13, F15, F16.

All orders are sent first, each from its own account with its own fault, so that the waits go by together.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
import pytest_asyncio

from shared.contracts.approvals import ApprovalStatus
from shared.contracts.trading import DeliverableState, Execution
from shared.contracts.trading import ExecutionState as State
from tests.exchange import Json, open_exchange
from tests.stack import Stack
from tests.trades import Approved, Trader, filled, new_traders, states, timeline

SERVER_ERRORS = (500, 502, 503, 504)
LOST = {"F02": "drop_before_accept", **{f"F15 before {status}": "error_before" for status in SERVER_ERRORS}}
TAKEN = {
    "F01": "accept_then_drop",
    "F16": "malformed",
    **{f"F15 after {status}": "error_after" for status in SERVER_ERRORS},
}
BACK_OFF = timedelta(seconds=1.5)
FILLED = (State.FILLED, Decimal(10), True)


@dataclass(frozen=True, slots=True)
class End:
    """What became of one order. `meanwhile`: another order of the account, tried while this one was unknown."""

    trader: Trader
    approved: Approved
    execution: Execution
    meanwhile: httpx.Response | None
    orders: list[Json]
    sends: list[Json]


@pytest_asyncio.fixture(scope="module")
async def ends(stack: Stack) -> AsyncIterator[dict[str, End]]:
    faults = LOST | TAKEN | {"F06": "error_after", "F13": "rate_limit"}
    async with new_traders(stack, *faults) as traders, open_exchange(stack) as exchange:
        for name, trader in traders.items():
            await exchange.plant(faults[name], trader.account, **_params(name))
        found = await asyncio.gather(*(_play(name, trader) for name, trader in traders.items()))
        yield dict(zip(faults, found, strict=True))
        await exchange.calm()


async def test_f01_answer_lost_is_looked_up_and_found(ends: dict[str, End]) -> None:
    end = ends["F01"]

    assert filled(end.execution) == FILLED
    assert states(end.execution) == [State.RELEASED, State.SENDING, State.UNKNOWN, State.FILLED]
    assert "the connection broke before an answer" in timeline(end.execution)
    assert f"found at the venue as order {end.orders[0]['id']}" in timeline(end.execution)
    await _assert_one_order(end, answers=[None])


@pytest.mark.parametrize("name", LOST)
async def test_f02_f15_order_that_never_arrived_is_proved_absent(ends: dict[str, End], name: str) -> None:
    end = ends[name]
    deliverable = await end.trader.deliverable(end.execution.deliverable_id)

    assert (end.execution.state, end.execution.filled_size, end.execution.fees) == (State.ABSENT, 0, None)
    assert states(end.execution) == [State.RELEASED, State.SENDING, State.UNKNOWN, State.ABSENT]
    assert "not found, read 2 of 3" in timeline(end.execution)
    assert "the order never reached the venue; the approval stays used" in timeline(end.execution)
    assert deliverable.state is DeliverableState.FAILED
    assert (end.orders, len(end.sends)) == ([], 1)


async def test_f02_absence_takes_longer_than_a_signature_is_good(ends: dict[str, End]) -> None:
    entries = {entry.state: entry.at for entry in reversed(ends["F02"].execution.timeline)}
    last = ends["F02"].execution.timeline[-1]

    assert (last.at - entries[State.SENDING]).total_seconds() > 5


async def test_f02_key_stays_used_and_a_new_approval_sends(ends: dict[str, End]) -> None:
    end = ends["F02"]
    trader = end.trader
    assert (await trader.approval(end.approved.approval.approval_id)).status is ApprovalStatus.CONSUMED

    again = await trader.execute(end.approved)
    anew = await trader.settled((await trader.trade()).execution_id)

    assert (again.json()["replayed"], again.json()["execution"]["state"]) == (True, "absent")
    assert filled(anew) == FILLED
    assert await trader.send_statuses() == [None, 200]


async def test_f02_nothing_more_is_sent_beside_an_unknown_order(ends: dict[str, End]) -> None:
    meanwhile = ends["F02"].meanwhile
    assert meanwhile is not None

    assert (meanwhile.status_code, meanwhile.json()["reason"]) == (403, "risk_denied")
    assert "UNKNOWN_OUTCOME_OUTSTANDING" in meanwhile.json()["risk_codes"]


@pytest.mark.parametrize("name", [name for name in TAKEN if name != "F01"])
async def test_f15_f16_broken_answer_is_unknown_never_failed(ends: dict[str, End], name: str) -> None:
    end = ends[name]

    assert filled(end.execution) == FILLED
    assert states(end.execution) == [State.RELEASED, State.SENDING, State.UNKNOWN, State.FILLED]
    status = 200 if name == "F16" else int(name.rsplit(maxsplit=1)[-1])
    assert f"answer {status}" in timeline(end.execution) or f"answered {status}" in timeline(end.execution)
    await _assert_one_order(end, answers=[status])


async def test_f06_duplicate_id_answer_means_that_ours_is_there(ends: dict[str, End]) -> None:
    end = ends["F06"]

    assert filled(end.execution) == FILLED
    assert states(end.execution) == [State.RELEASED, State.SENDING, State.UNKNOWN, State.FILLED]
    assert "already has an order with this client order id" in timeline(end.execution)
    await _assert_one_order(end, answers=[400])


async def test_f13_rate_limited_order_is_sent_again_when_the_venue_allows(ends: dict[str, End]) -> None:
    end = ends["F13"]
    first, second = (datetime.fromisoformat(entry["at"]) for entry in end.sends)

    assert filled(end.execution) == FILLED
    assert states(end.execution) == [
        State.RELEASED,
        State.SENDING,
        State.RELEASED,
        State.SENDING,
        State.FILLED,
    ]
    assert "not sent: out of rate" in timeline(end.execution)
    assert second - first >= BACK_OFF
    await _assert_one_order(end, answers=[429, 200])


async def _play(name: str, trader: Trader) -> End:
    approved = await trader.approved()
    other = await trader.approved(units="0.02") if name == "F02" else None
    execution_id = (await trader.release(approved)).execution_id
    meanwhile = None
    if other is not None:
        await trader.until(execution_id, State.UNKNOWN)
        meanwhile = await trader.execute(other)
    execution = await trader.settled(execution_id)
    orders, sends = await asyncio.gather(
        trader.exchange.orders(trader.account), trader.exchange.sends(trader.account)
    )
    return End(trader, approved, execution, meanwhile, orders, sends)


async def _assert_one_order(end: End, *, answers: list[int | None]) -> None:
    (order,) = end.orders
    deliverable = await end.trader.deliverable(end.execution.deliverable_id)
    assert order["client_order_id"] == end.execution.client_order_id
    assert end.execution.broker_order_ids == (str(order["id"]),)
    assert [entry["status"] for entry in end.sends] == answers
    assert deliverable.state is DeliverableState.EXECUTED
    assert (await end.trader.approval(end.approved.approval.approval_id)).status is ApprovalStatus.CONSUMED
    assert await end.trader.exchange.position(end.trader.account) == 10


def _params(name: str) -> dict[str, Any]:
    if name == "F06":
        return {"status": 400, "code": "duplicate_client_order_id"}
    if name == "F13":
        return {"reset_ms": BACK_OFF // timedelta(milliseconds=1)}
    return {"status": int(name.rsplit(maxsplit=1)[-1])} if name.startswith("F15") else {}
