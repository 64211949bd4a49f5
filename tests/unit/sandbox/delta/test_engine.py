"""Matching: what fills, at which price, and what becomes of the rest."""

from decimal import Decimal

import pytest

from sandbox.faults import FaultName, FaultParams
from tests.unit.sandbox.delta.create import BTC, Json, create_trader


def test_market_buy_fills_at_the_best_ask() -> None:
    trader = create_trader()

    order = trader.place(side="buy").result

    assert (order["state"], order["unfilled_size"]) == ("closed", 0)
    assert order["average_fill_price"] == "65000.5"


def test_market_sell_fills_at_the_best_bid() -> None:
    trader = create_trader()

    order = trader.place(side="sell").result

    assert order["average_fill_price"] == "64999.5"


def test_market_order_larger_than_the_first_level_fills_at_several_prices() -> None:
    trader = create_trader()

    order = trader.place(size=6_000).result

    assert [(fill["price"], fill["size"]) for fill in reversed(trader.fills())] == [
        ("65000.5", 5_000),
        ("65001", 1_000),
    ]
    assert Decimal(order["average_fill_price"]) == pytest.approx(Decimal("65000.583333333333"))


def test_crossing_limit_order_fills_as_taker_at_the_book_and_not_at_its_limit() -> None:
    trader = create_trader()

    order = trader.place_limit("65010").result

    assert (order["state"], order["average_fill_price"]) == ("closed", "65000.5")
    assert trader.fills()[0]["role"] == "taker"


@pytest.mark.parametrize(
    ("side", "limit", "moved_to", "state"),
    [
        ("buy", "64000", "64000.5", "open"),
        ("buy", "64000", "64000", "closed"),
        ("buy", "64000", "63000", "closed"),
        ("sell", "66000", "65999.5", "open"),
        ("sell", "66000", "66000", "closed"),
        ("sell", "66000", "67000", "closed"),
    ],
)
def test_resting_limit_order_fills_when_the_price_reaches_it(
    side: str, limit: str, moved_to: str, state: str
) -> None:
    trader = create_trader()
    order = trader.place_limit(limit, side=side).result
    assert order["state"] == "open"

    trader.market.set_price(moved_to)

    assert trader.order(order["id"])["state"] == state


def test_resting_order_fills_as_maker_at_its_own_price() -> None:
    trader = create_trader()
    order = trader.place_limit("64000").result

    trader.market.set_price("60000")

    assert trader.order(order["id"])["average_fill_price"] == "64000"
    fill = trader.fills()[0]
    assert (fill["role"], fill["order_id"]) == ("maker", order["id"])
    assert Decimal(fill["commission"]) == Decimal("64000") * Decimal("0.01") * Decimal("0.0002")


def test_ioc_with_some_liquidity_is_cancelled_for_the_rest() -> None:
    trader = create_trader()

    order = trader.place_limit("65000.5", size=6_000, time_in_force="ioc").result

    assert (order["state"], order["unfilled_size"]) == ("cancelled", 1_000)
    assert order["cancellation_reason"] == "ioc_remainder"


def test_ioc_without_liquidity_is_rejected() -> None:
    trader = create_trader()

    answer = trader.place_limit("64000", time_in_force="ioc")

    assert (answer.status, answer.code) == (400, "order_size_exceed_available")


def test_post_only_order_that_would_trade_is_rejected() -> None:
    trader = create_trader()

    answer = trader.place_limit("65000.5", post_only="true")

    assert answer.code == "immediate_execution_post_only"
    assert trader.place_limit("65000", post_only="true").result["state"] == "open"


def test_reduce_only_without_position_is_rejected() -> None:
    trader = create_trader()

    answer = trader.place(side="sell", reduce_only="true")

    assert (answer.status, answer.code) == (400, "no_position_for_reduce_only")


def test_reduce_only_on_the_side_of_the_position_is_rejected() -> None:
    trader = create_trader()
    trader.place(side="buy")

    answer = trader.place(side="buy", reduce_only=True)

    assert answer.code == "no_position_for_reduce_only"


def test_reduce_only_larger_than_the_position_is_capped() -> None:
    trader = create_trader()
    trader.place(side="buy", size=4)

    order = trader.place(side="sell", size=10, reduce_only="true").result

    assert (order["size"], order["state"]) == (4, "closed")
    assert trader.position() is None


def test_resting_reduce_only_order_never_flips_a_position_that_shrank() -> None:
    trader = create_trader()
    trader.place(side="buy", size=10)
    resting = trader.place_limit("66000", side="sell", size=10, reduce_only="true").result
    trader.place(side="sell", size=7)

    trader.market.set_price("66000")

    order = trader.order(resting["id"])
    assert (order["state"], order["unfilled_size"]) == ("cancelled", 7)
    assert trader.position() is None


def test_order_past_the_position_limit_is_rejected() -> None:
    trader = create_trader()

    answer = trader.place(size=229_168)

    assert answer.code == "risk_limits_breached"


def test_cancelled_order_stays_out_of_later_price_moves() -> None:
    trader = create_trader()
    order = trader.place_limit("64000").result
    cancelled = trader.call("DELETE", "/v2/orders", body={"id": order["id"], "product_id": BTC}).result
    assert cancelled["state"] == "cancelled"

    trader.market.set_price("60000")

    assert trader.order(order["id"])["state"] == "cancelled"
    assert trader.fills() == []


@pytest.mark.parametrize(
    ("side", "kind", "stop_price", "just_before", "reached"),
    [
        ("sell", "stop_loss_order", "64000", "64000.5", "64000"),
        ("buy", "stop_loss_order", "66000", "65999.5", "66000"),
        ("sell", "take_profit_order", "66000", "65999.5", "66000"),
        ("buy", "take_profit_order", "64000", "64000.5", "64000"),
    ],
)
def test_stop_order_waits_for_its_price(
    side: str, kind: str, stop_price: str, just_before: str, reached: str
) -> None:
    trader = create_trader()
    order = trader.place(side=side, stop_order_type=kind, stop_price=stop_price).result
    assert order["state"] == "pending"
    trader.market.set_price(just_before)
    assert trader.order(order["id"])["state"] == "pending"

    trader.market.set_price(reached)

    assert trader.order(order["id"])["state"] == "closed"


def test_trailing_stop_follows_a_rise_and_not_a_fall() -> None:
    trader = create_trader()
    order = trader.place(side="sell", stop_order_type="stop_loss_order", trail_amount="-500").result
    assert order["stop_price"] == "64500"
    trader.market.set_price("66000")
    assert trader.order(order["id"])["stop_price"] == "65500"
    trader.market.set_price("65501")
    assert trader.order(order["id"])["state"] == "pending"

    trader.market.set_price("65500")

    assert trader.order(order["id"])["state"] == "closed"


def test_reduce_only_stop_without_position_is_cancelled_when_it_triggers() -> None:
    trader = create_trader()
    stop = {"stop_order_type": "stop_loss_order", "stop_price": "64000", "reduce_only": "true"}
    order = trader.place(side="sell", **stop).result

    trader.market.set_price("63000")

    assert trader.order(order["id"])["cancellation_reason"] == "no_position_for_reduce_only"
    assert trader.position() is None


def test_edited_order_has_the_new_total_and_price() -> None:
    trader = create_trader()
    order = trader.place_limit("64000", size=10).result
    change: Json = {"id": order["id"], "product_id": BTC, "size": 25, "limit_price": "63000"}

    edited = trader.call("PUT", "/v2/orders", body=change).result

    assert (edited["id"], edited["size"], edited["unfilled_size"]) == (order["id"], 25, 25)
    assert edited["limit_price"] == "63000"
    assert trader.wallet()["order_margin"] == Decimal("63000") * Decimal("0.025") / 200


def test_order_edited_across_the_book_fills() -> None:
    trader = create_trader()
    order = trader.place_limit("64000").result
    change: Json = {"id": order["id"], "product_id": BTC, "limit_price": "65100"}

    edited = trader.call("PUT", "/v2/orders", body=change).result

    assert (edited["state"], edited["average_fill_price"]) == ("closed", "65000.5")


def test_edit_that_the_account_cannot_carry_leaves_the_order_as_it_was() -> None:
    trader = create_trader(delta_demo_balance_usd="100")
    order = trader.place_limit("64000", size=10).result
    before = trader.wallet()
    change: Json = {"id": order["id"], "product_id": BTC, "size": 200_000}

    answer = trader.call("PUT", "/v2/orders", body=change)

    assert answer.code == "insufficient_margin"
    assert trader.order(order["id"])["size"] == 10
    assert trader.wallet() == before


def test_edit_below_the_filled_size_is_rejected() -> None:
    trader = create_trader()
    trader.market.plant(FaultName.PARTIAL_FILL, params=FaultParams(size=4))
    order = trader.place_limit("65000.5", size=10).result
    assert order["unfilled_size"] == 6

    answer = trader.call("PUT", "/v2/orders", body={"id": order["id"], "product_id": BTC, "size": 4})

    assert answer.code == "bad_schema"


def test_price_stands_still_by_default() -> None:
    trader = create_trader()
    trader.market.clock.offset_s = 3_600

    ticker = trader.call("GET", "/v2/tickers/BTCUSD").result

    assert ticker["mark_price"] == "65000"


def test_random_walk_of_one_seed_gives_the_same_prices_twice() -> None:
    def walked(seed: int) -> list[str]:
        trader = create_trader(random_walk=True, seed=seed)
        prices: list[str] = []
        for second in range(5):
            trader.market.clock.offset_s = second
            prices.append(trader.call("GET", "/v2/tickers/BTCUSD").result["mark_price"])
        return prices

    first, again, other = walked(1), walked(1), walked(2)

    assert first == again
    assert first != other
    assert len(set(first)) > 1


def test_random_walk_fills_a_resting_order() -> None:
    trader = create_trader(random_walk=True)
    order = trader.place_limit("64990", side="buy").result
    assert order["state"] == "open"

    trader.market.clock.offset_s = 3_000

    assert trader.order(order["id"])["state"] == "closed"
