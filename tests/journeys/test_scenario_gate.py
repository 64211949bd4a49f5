"""Failure scenarios that the gate stops before anything is sent: F08, F17 and F34; and F17 past the gate."""

import asyncio
from decimal import Decimal

import httpx

from plant.execution.release import FRESH_MS
from shared.contracts.approvals import ApprovalStatus
from shared.contracts.trading import ExecutionState as State
from tests.exchange import Exchange
from tests.processes import frozen_worker
from tests.stack import Stack
from tests.trades import RUN, Approved, Trader, filled, new_trader, states, timeline

FILLED = (State.FILLED, Decimal(10), True)


async def test_f08_approval_carries_no_other_order(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        approved = await trader.approved()
        changes = (
            {"units": "0.02"},
            {"side": "short"},
            {"coin": "ETH"},
            {"market": None, "limit_price": "65000"},
        )
        before = [await trader.customer.http.post(RUN, json=approved.intent | change) for change in changes]
        assert await trader.send_statuses() == []

        done = await trader.settled((await trader.release(approved)).execution_id)
        after = [await trader.customer.http.post(RUN, json=approved.intent | change) for change in changes]

        assert [_denial(answer) for answer in before] == [(403, "approval_action_mismatch")] * len(changes)
        assert [_denial(answer) for answer in after] == [(403, "approval_action_mismatch")] * len(changes)
        assert filled(done) == FILLED
        assert await trader.send_statuses() == [200]


async def test_f17_exchange_of_another_time_is_noticed_before_the_send(
    stack: Stack, exchange: Exchange
) -> None:
    async with new_trader(stack) as trader:
        approved = await trader.approved()
        await _until_the_market_must_be_read_again()
        for offset_s in (6, -6):
            await exchange.set_clock(offset_s)
            denied, draft = await trader.execute(approved), await trader.run()

            assert _denial(denied) == (403, "risk_denied")
            assert denied.json()["risk_codes"] == ["CLOCK_SKEW"]
            assert "differ by more than 5 s" in denied.json()["detail"]
            assert (draft.status_code, draft.json()["risk_codes"]) == (409, ["CLOCK_SKEW"])
            assert await _is_still_good(trader, approved)
        assert await trader.send_statuses() == []

        await exchange.set_clock(0)
        done = await trader.settled((await trader.release(approved)).execution_id)
        assert filled(done) == FILLED


async def test_f17_clock_that_jumps_ahead_before_the_send_is_a_rejection(
    stack: Stack, exchange: Exchange
) -> None:
    async with new_trader(stack) as trader:
        with frozen_worker(stack):
            execution = await trader.trade()
            await exchange.set_clock(6)
        execution = await trader.settled(execution.execution_id)

        assert states(execution) == [State.RELEASED, State.SENDING, State.REJECTED]
        assert "CLOCK_SKEW: our clock and the exchange's differ by more than 5 s" in timeline(execution)
        assert await trader.send_statuses() == [401]
        assert await trader.order_count() == 0


async def test_f17_clock_that_jumps_back_disturbs_neither_order_nor_ages(
    stack: Stack, exchange: Exchange
) -> None:
    async with new_trader(stack) as trader:
        resting = await trader.trade(coin="ETH", units="0.1", limit_price="3490")
        await trader.until(resting.execution_id, State.OPEN)
        await exchange.set_clock(-4)
        await exchange.set_price("ETHUSD", "3490")
        done = await trader.settled(resting.execution_id)
        another = await trader.settled((await trader.trade()).execution_id)

        assert (filled(done), filled(another)) == (FILLED, FILLED)
        assert [entry.at for entry in done.timeline] == sorted(entry.at for entry in done.timeline)
        for trace in await trader.traces():
            read_at = (trace.inputs["quote"]["as_of_ms"], trace.inputs["account"]["as_of_ms"])
            assert max(read_at) <= trace.inputs["now_ms"]


async def test_f34_stale_card_is_denied_and_good_again_when_the_price_is_back(
    stack: Stack, exchange: Exchange
) -> None:
    async with new_trader(stack) as trader:
        approved = await trader.approved(coin="ETH", units="0.1")
        await _until_the_market_must_be_read_again()
        await exchange.set_price("ETHUSD", "3536")
        denied = await trader.execute(approved)

        assert _denial(denied) == (403, "precondition_failed")
        assert denied.json()["risk_codes"] == ["APPROVAL_PRICE_DRIFT"]
        assert await _is_still_good(trader, approved)
        assert await trader.send_statuses() == []

        await _until_the_market_must_be_read_again()
        await exchange.set_price("ETHUSD", "3535")
        done = await trader.settled((await trader.release(approved)).execution_id)
        assert filled(done) == FILLED


async def _until_the_market_must_be_read_again() -> None:
    await asyncio.sleep(FRESH_MS / 1000 + 0.1)


async def _is_still_good(trader: Trader, approved: Approved) -> bool:
    return (await trader.approval(approved.approval.approval_id)).status is ApprovalStatus.ACTIVE


def _denial(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["reason"]
