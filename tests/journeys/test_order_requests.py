"""What is asked of the trading agent: exits, quantities, prices, coins, limits; and what is refused, and how."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from shared.contracts.trading import ExecutionState as State
from tests.exchange import Exchange
from tests.stack import Stack
from tests.trades import Trader, filled, new_trader

EXIT = {"action": "exit", "side": "long"}


@pytest_asyncio.fixture(scope="module")
async def trader(stack: Stack) -> AsyncIterator[Trader]:
    """Up to 0.02 bitcoins in an order, worth up to 100,000 rupees: 1176.47 dollars; nothing is ever sent."""
    async with new_trader(stack, max_units_per_order="0.02", max_notional_inr="100000") as ready:
        yield ready


async def test_exit_closes_the_position_reduce_only(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        await _enter(trader)
        approved = await trader.approved(**EXIT)
        done = await trader.settled((await trader.release(approved)).execution_id)

        action = approved.draft.draft.action
        assert (action.kind, action.order.side, action.order.reduce_only) == (
            "close_position",
            "sell",
            True,
        )
        assert filled(done) == (State.FILLED, Decimal(10), True)
        assert '"reduce_only":"true"' in (await trader.exchange.sends(trader.account))[-1]["body"]
        assert await trader.exchange.position(trader.account) == 0


async def test_exit_of_a_short_buys(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        await _enter(trader, side="short")
        assert await trader.exchange.position(trader.account) == -10
        done = await trader.settled((await trader.trade(action="exit", side="short")).execution_id)

        assert filled(done) == (State.FILLED, Decimal(10), True)
        assert await trader.exchange.position(trader.account) == 0


async def test_exit_without_a_position_is_refused(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        nothing = await trader.run(**EXIT)
        await _enter(trader, side="short")
        other_side = await trader.run(**EXIT)

        for answer in (nothing, other_side):
            assert (answer.status_code, answer.json()["reason"]) == (409, "no_open_position")
            assert "no open long position in BTCUSD" in answer.json()["detail"]


async def test_two_exits_in_flight_never_flip_the_position(stack: Stack) -> None:
    async with new_trader(stack) as trader:
        await _enter(trader)
        whole, most = await trader.approved(**EXIT), await trader.approved(**EXIT, units="0.008")
        answers = await asyncio.gather(trader.execute(whole), trader.execute(most))
        released = [answer.json()["execution"] for answer in answers if answer.is_success]
        denied = [answer.json() for answer in answers if not answer.is_success]
        for execution in released:
            await trader.settled(execution["execution_id"])

        assert (len(released), len(denied)) == (1, 1)
        assert (denied[0]["status"], denied[0]["reason"]) == (403, "risk_denied")
        assert await trader.exchange.position(trader.account) in (0, 2)
        assert len(await trader.send_statuses()) == 2


async def test_exit_that_the_venue_trims_to_the_position_is_still_ours(
    stack: Stack, exchange: Exchange
) -> None:
    async with new_trader(stack) as trader:
        await _enter(trader)
        approved = await trader.approved(**EXIT)
        await exchange.plant("accept_then_drop", trader.account)
        await exchange.happen("external_order", trader.account, symbol="BTCUSD", side="sell", size=4)
        done = await trader.settled((await trader.release(approved)).execution_id)

        assert (done.state, done.filled_size) == (State.FILLED, 6)
        assert await exchange.position(trader.account) == 0


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"units": "0.0105"}, "units", "nearest: 0.01 or 0.011"),
        ({"units": "0.0001"}, "units", "nearest: 0.001"),
        (
            {"limit_price": "65000.3"},
            "limit_price",
            "must be a multiple of the tick 0.5; nearest: 65000.0 or 65000.5",
        ),
        ({"coin": "NOPE"}, "coin", "the exchange lists no NOPEUSD"),
        ({"units": "0"}, "units", "greater than 0"),
        ({"limit_price": "65000", "market": True}, "", "either market: true or a limit_price"),
        ({"leverage": "5"}, "leverage", "not permitted"),
    ],
)
async def test_what_the_venue_has_no_step_for_is_refused_with_the_nearest(
    trader: Trader, changes: dict[str, Any], field: str, message: str
) -> None:
    answer = await trader.run(**changes)

    assert (answer.status_code, answer.json()["reason"]) == (422, "validation_failed")
    (error,) = answer.json()["errors"]
    assert error["field"].endswith(field)
    assert message in error["message"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"coin": "SOL", "units": "1"}, "SYMBOL_NOT_ALLOWED"),
        ({"units": "0.021"}, "QTY_ABOVE_MAX"),
        ({"units": "0.02"}, "NOTIONAL_ABOVE_MAX"),
        ({"limit_price": "70000"}, "PRICE_COLLAR"),
    ],
)
async def test_order_beyond_the_limits_is_denied_though_approved(
    trader: Trader, changes: dict[str, Any], code: str
) -> None:
    approved = await trader.approved(**changes)
    answer = await trader.execute(approved)

    risk = approved.draft.draft.risk
    assert risk is not None
    assert (risk.verdict, code in {check.code for check in risk.checks if check.status == "fail"}) == (
        "deny",
        True,
    )
    assert (answer.status_code, answer.json()["reason"]) == (403, "risk_denied")
    assert code in answer.json()["risk_codes"]
    assert await trader.send_statuses() == []


@pytest.mark.parametrize("changes", [{"units": "0.018"}, {"units": "0.005", "limit_price": "64000.5"}])
async def test_order_within_the_limits_passes(trader: Trader, changes: dict[str, Any]) -> None:
    draft = await trader.draft(**changes)

    assert draft.draft.risk is not None
    assert draft.draft.risk.verdict == "pass", draft.draft.risk


async def _enter(trader: Trader, **changes: Any) -> None:
    done = await trader.settled((await trader.trade(**changes)).execution_id)
    assert filled(done) == (State.FILLED, Decimal(10), True)
