"""Faults that concern orders, fills and positions: what a client then sees of them."""

from decimal import Decimal

import pytest

from sandbox.faults import FaultName, FaultParams, Match
from sandbox.venue import ControlError, ImmediateFault
from tests.unit.sandbox.delta.create import BTC, Json, Trader, create_trader


def cause(
    trader: Trader,
    name: FaultName,
    *,
    symbol: str = "BTCUSD",
    side: str | None = None,
    size: int | None = None,
    limit_price: Decimal | None = None,
) -> Json:
    fault = ImmediateFault(name, trader.api_key, symbol, side, size, limit_price)
    return trader.market.exchange.act(fault)


def test_partial_fill_leaves_the_rest_of_a_limit_order_open() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.PARTIAL_FILL, params=FaultParams(size=4))

    order = trader.place_limit("65000.5").result

    assert (order["state"], order["size"], order["unfilled_size"]) == ("open", 10, 6)
    assert trader.position()["size"] == 4
    assert [fill["size"] for fill in trader.fills()] == [4]


def test_partly_filled_market_order_can_be_cancelled_for_the_rest() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.PARTIAL_FILL, params=FaultParams(size=4))
    order = trader.place().result
    assert order["state"] == "open"

    body = {"id": order["id"], "product_id": BTC}
    cancelled = trader.call("DELETE", "/v2/orders", body=body).result

    assert (cancelled["state"], cancelled["unfilled_size"]) == ("cancelled", 6)
    assert trader.wallet()["order_margin"] == 0


def test_partly_filled_order_fills_up_at_the_next_price() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.PARTIAL_FILL, params=FaultParams(size=4))
    order = trader.place_limit("65000.5").result

    trader.market.set_price("65000")

    assert trader.order(order["id"])["state"] == "closed"
    assert sorted(fill["size"] for fill in trader.fills()) == [4, 6]


def test_partly_filled_ioc_is_cancelled_for_the_rest() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.PARTIAL_FILL, params=FaultParams(size=4))

    order = trader.place(time_in_force="ioc").result

    assert (order["state"], order["unfilled_size"]) == ("cancelled", 6)


def test_late_reject_is_open_at_first_and_cancelled_soon_after() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.LATE_REJECT, params=FaultParams(delay_s=0.2, reason="insufficient_margin"))
    order = trader.place().result
    assert (order["state"], order["unfilled_size"]) == ("open", 10)
    trader.market.clock.offset_s = 0.1
    assert trader.order(order["id"])["state"] == "open"

    trader.market.clock.offset_s = 0.2

    rejected = trader.order(order["id"])
    assert (rejected["state"], rejected["cancellation_reason"]) == ("cancelled", "insufficient_margin")
    assert trader.fills() == []
    assert trader.wallet()["available_balance"] == 100_000


def test_late_fill_fills_when_its_delay_is_over() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.LATE_FILL, params=FaultParams(delay_s=2))
    order = trader.place().result
    trader.market.set_price("65500")
    assert trader.order(order["id"])["state"] == "open"

    trader.market.clock.offset_s = 2

    filled = trader.order(order["id"])
    assert (filled["state"], filled["average_fill_price"]) == ("closed", "65500.5")


def test_order_cancelled_before_its_late_fill_stays_cancelled() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.LATE_FILL, params=FaultParams(delay_s=2))
    order = trader.place().result
    trader.call("DELETE", "/v2/orders", body={"id": order["id"], "product_id": BTC})

    trader.market.clock.offset_s = 2

    assert trader.order(order["id"])["state"] == "cancelled"
    assert trader.position() is None


def test_duplicate_fill_repeats_a_fill_in_one_answer() -> None:
    trader = create_trader()
    trader.place()
    trader.market.plant(FaultName.DUPLICATE_FILL)

    first, second = trader.fills(), trader.fills()

    assert [fill["id"] for fill in first] == [second[0]["id"]] * 2
    assert len(second) == 1


def test_duplicate_fill_of_an_order_repeats_its_fills_always() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.DUPLICATE_FILL, match=Match(method="POST", path="/v2/orders"))
    trader.place()

    fills = trader.fills()

    assert fills == trader.fills()
    assert [fill["id"] for fill in fills] == [fills[0]["id"]] * 2
    assert trader.position()["size"] == 10


def test_order_fault_waits_for_an_order_that_is_accepted() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.PARTIAL_FILL, params=FaultParams(size=4))
    assert trader.place(size=0).status == 400
    assert trader.call("GET", "/v2/orders").status == 200

    order = trader.place().result

    assert order["unfilled_size"] == 6
    assert trader.place().result["unfilled_size"] == 0


def test_order_fault_of_another_account_is_left_alone() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.PARTIAL_FILL, params=FaultParams(size=4), match=Match(api_key="demo-key-b"))

    assert trader.place().result["unfilled_size"] == 0
    assert len(trader.market.faults.faults) == 1


def test_liquidation_closes_the_position_and_cancels_the_orders() -> None:
    trader = create_trader()
    trader.place(size=10)
    resting = trader.place_limit("60000").result

    outcome = cause(trader, FaultName.LIQUIDATE)

    assert trader.position() is None
    newest = trader.fills()[0]
    assert (newest["fill_type"], newest["size"], newest["side"]) == ("liquidation", 10, "sell")
    assert newest["order_id"] == outcome["order"]["id"]
    assert trader.order(resting["id"])["cancellation_reason"] == "liquidation"


def test_liquidation_without_position_cannot_happen() -> None:
    trader = create_trader()

    with pytest.raises(ControlError, match="no_position"):
        cause(trader, FaultName.LIQUIDATE)


def test_external_order_has_no_client_order_id_and_moves_the_position() -> None:
    trader = create_trader()

    cause(trader, FaultName.EXTERNAL_ORDER, side="sell", size=3)

    order = trader.call("GET", "/v2/orders/history").result[0]
    assert (order["client_order_id"], order["size"], order["state"]) == (None, 3, "closed")
    assert trader.position()["size"] == -3


def test_external_limit_order_rests() -> None:
    trader = create_trader()

    cause(trader, FaultName.EXTERNAL_ORDER, side="buy", size=3, limit_price=Decimal(60_000))

    assert [row["client_order_id"] for row in trader.call("GET", "/v2/orders").result] == [None]


def test_position_change_leaves_no_order_and_no_fill() -> None:
    trader = create_trader()
    trader.place(size=10)
    fills_before, balance_before = trader.fills(), trader.wallet()["balance"]

    cause(trader, FaultName.POSITION_CHANGE, side="sell", size=25)

    assert trader.position()["size"] == -15
    assert trader.fills() == fills_before
    assert trader.wallet()["balance"] == balance_before


@pytest.mark.parametrize("symbol", ["NOPE", "btcusd"])
def test_immediate_fault_on_an_unknown_symbol_is_not_found(symbol: str) -> None:
    trader = create_trader()

    with pytest.raises(ControlError) as caught:
        cause(trader, FaultName.EXTERNAL_ORDER, symbol=symbol, side="buy", size=1)

    assert caught.value.status == 404
