"""Positions, balances and margin: what trades do to the money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.delta.fills import move_position
from sandbox.delta.model import Position
from sandbox.delta.products import PRODUCTS
from tests.unit.sandbox.delta.create import BTC, Trader, create_trader

START = Decimal(100_000)
BITCOIN = PRODUCTS[0]


def test_buys_at_two_prices_have_the_average_entry() -> None:
    trader = create_trader()
    trader.place(size=10)
    trader.market.set_price("66000")

    trader.place(size=30)

    position = trader.position()
    assert position["size"] == 40
    expected = (Decimal("65000.5") * 10 + Decimal("66000.5") * 30) / 40
    assert Decimal(position["entry_price"]) == expected


def test_closing_in_profit_pays_the_difference_less_fees() -> None:
    trader = create_trader()
    trader.place(size=10)
    trader.market.set_price("66000")

    trader.place(side="sell", size=10)

    profit = (Decimal("65999.5") - Decimal("65000.5")) * Decimal("0.010")
    fees = (Decimal("65999.5") + Decimal("65000.5")) * Decimal("0.010") * Decimal("0.0005")
    assert trader.position() is None
    assert trader.wallet()["balance"] == START + profit - fees
    assert trader.wallet()["available_balance"] == START + profit - fees


def test_sell_through_zero_flips_the_position_at_the_new_price() -> None:
    trader = create_trader()
    trader.place(side="buy", size=5)

    trader.place(side="sell", size=12)

    position = trader.position()
    assert (position["size"], position["entry_price"]) == (-7, "64999.5")


def test_short_position_wins_when_the_price_falls() -> None:
    trader = create_trader()
    trader.place(side="sell", size=10)
    trader.market.set_price("60000")

    trader.place(side="buy", size=4)

    position = trader.position()
    assert position["size"] == -6
    gained = (Decimal("64999.5") - Decimal("60000.5")) * Decimal("0.004")
    assert Decimal(position["realized_pnl"]) == gained


def test_real_time_position_is_an_object_with_size_and_entry() -> None:
    trader = create_trader()
    assert trader.call("GET", "/v2/positions", product_id=BTC).result == {"size": 0, "entry_price": None}

    trader.place(size=3)

    assert trader.call("GET", "/v2/positions", underlying_asset_symbol="BTC").result == {
        "size": 3,
        "entry_price": "65000.5",
    }


def test_position_without_product_is_bad_schema() -> None:
    trader = create_trader()

    answer = trader.call("GET", "/v2/positions")

    assert (answer.status, answer.code) == (400, "bad_schema")


def test_open_order_blocks_margin_until_it_is_cancelled() -> None:
    trader = create_trader()
    order = trader.place_limit("60000", size=100).result
    notional = Decimal("60000") * Decimal("0.1")
    assert trader.wallet()["order_margin"] == notional / 200
    assert trader.wallet()["available_balance"] == START - notional / 200 - notional * Decimal("0.0005")

    trader.call("DELETE", "/v2/orders", body={"id": order["id"], "product_id": BTC})

    assert trader.wallet()["available_balance"] == START
    assert trader.wallet()["blocked_margin"] == 0


def test_order_that_closes_the_position_blocks_no_margin() -> None:
    trader = create_trader()
    trader.place(side="buy", size=10)
    before = trader.wallet()

    trader.place_limit("70000", side="sell", size=10)

    assert trader.wallet() == before


def test_order_beyond_the_balance_is_rejected_with_what_is_missing() -> None:
    trader = create_trader(delta_demo_balance_usd="100")

    answer = trader.place_limit("65000", size=10_000)

    required = Decimal("65000") * 10 * (Decimal(1) / 200 + Decimal("0.0005"))
    assert (answer.status, answer.code) == (400, "insufficient_margin")
    assert Decimal(answer.context["available_balance"]) == 100
    assert Decimal(answer.context["required_additional_balance"]) == required - 100
    assert trader.call("GET", "/v2/orders").result == []


def test_lower_leverage_blocks_more() -> None:
    trader = create_trader()
    trader.place(size=10)
    before = trader.wallet()["position_margin"]

    answer = trader.call("POST", f"/v2/products/{BTC}/orders/leverage", body={"leverage": 10}).result

    assert answer == {"leverage": "10", "order_margin": "0", "product_id": BTC}
    assert trader.wallet()["position_margin"] == before * 20


@pytest.mark.parametrize("leverage", ["0", "-1", "201", "much"])
def test_leverage_out_of_range_is_rejected(leverage: str) -> None:
    trader = create_trader()

    answer = trader.call("POST", f"/v2/products/{BTC}/orders/leverage", body={"leverage": leverage})

    assert answer.code == "bad_schema"


def test_added_margin_moves_the_liquidation_price_away() -> None:
    trader = create_trader()
    trader.place(size=10)
    before = trader.position()

    trader.call("POST", "/v2/positions/change_margin", body={"product_id": BTC, "delta_margin": "5"})

    after = trader.position()
    assert Decimal(after["margin"]) == Decimal(before["margin"]) + 5
    assert Decimal(after["liquidation_price"]) < Decimal(before["liquidation_price"])


def test_margin_never_added_cannot_be_taken_away() -> None:
    trader = create_trader()
    trader.place(size=10)

    answer = trader.call(
        "POST", "/v2/positions/change_margin", body={"product_id": BTC, "delta_margin": "-1"}
    )

    assert answer.code == "bad_schema"


def test_close_all_without_flags_closes_nothing() -> None:
    trader = create_trader()
    trader.place(size=10)
    flags = {"close_all_portfolio": False, "close_all_isolated": False}

    answer = trader.call("POST", "/v2/positions/close_all", body=flags)

    assert answer.json == {"success": True, "result": {}}
    assert trader.position()["size"] == 10


def test_close_all_closes_every_position() -> None:
    trader = create_trader()
    trader.place(size=10)
    trader.place(product_id=3136, side="sell", size=2)
    flags = {"close_all_portfolio": False, "close_all_isolated": True}

    trader.call("POST", "/v2/positions/close_all", body=flags)

    assert trader.call("GET", "/v2/positions/margined").result == []


def test_bracket_closes_the_position_and_cancels_the_other_leg() -> None:
    trader = create_trader()
    trader.place(size=10, bracket_stop_loss_price="64000", bracket_take_profit_price="66000")
    legs = trader.call("GET", "/v2/orders", states="pending").result
    assert {(leg["stop_order_type"], leg["size"], leg["side"]) for leg in legs} == {
        ("stop_loss_order", 10, "sell"),
        ("take_profit_order", 10, "sell"),
    }

    trader.market.set_price("64000")

    assert trader.position() is None
    states = {leg["stop_order_type"]: trader.order(leg["id"])["state"] for leg in legs}
    assert states == {"stop_loss_order": "closed", "take_profit_order": "cancelled"}


def test_bracket_on_a_position_can_be_attached_once() -> None:
    trader = create_trader()
    trader.place(size=10)
    body = {"product_id": BTC, "stop_loss_order": {"order_type": "market_order", "stop_price": "64000"}}
    assert trader.call("POST", "/v2/orders/bracket", body=body).status == 200

    answer = trader.call("POST", "/v2/orders/bracket", body=body)

    assert answer.code == "bracket_order_exists"


def test_edited_entry_bracket_replaces_the_legs() -> None:
    trader = create_trader()
    entry = trader.place(size=10, bracket_stop_loss_price="64000").result
    body = {"id": entry["id"], "product_id": BTC, "bracket_stop_loss_price": "63000"}

    trader.call("PUT", "/v2/orders/bracket", body=body)

    legs = trader.call("GET", "/v2/orders").result
    assert [(leg["stop_price"], leg["size"]) for leg in legs] == [("63000", 10)]


def test_transactions_explain_the_balance() -> None:
    trader = create_trader()
    _trade_about(trader)

    listed = trader.call("GET", "/v2/wallet/transactions", page_size=50).result

    assert sum(Decimal(row["amount"]) for row in listed) == trader.wallet()["balance"]
    assert {row["transaction_type"] for row in listed} == {"deposit", "pnl", "commission"}


def test_fills_agree_with_orders() -> None:
    trader = create_trader()
    _trade_about(trader)

    history = trader.call("GET", "/v2/orders/history", page_size=50).result

    for order in history:
        parts = [fill for fill in trader.fills() if fill["order_id"] == order["id"]]
        assert sum(fill["size"] for fill in parts) == order["size"] - order["unfilled_size"]
        assert sum(Decimal(fill["commission"]) for fill in parts) == Decimal(order["paid_commission"])
    assert len({fill["id"] for fill in trader.fills()}) == len(trader.fills())


@given(
    st.lists(st.tuples(st.integers(-500, 500).filter(bool), st.integers(1, 200_000)), min_size=1, max_size=30)
)
def test_any_trades_leave_profit_and_open_value_equal_to_the_cash_flow(trades: list[tuple[int, int]]) -> None:
    position = Position()
    mark = Decimal(50_000)

    profit = sum(
        move_position(position, signed_size=size, price=Decimal(price), product=BITCOIN)
        for size, price in trades
    )

    unrealised = (position.size * mark - position.cost) * BITCOIN.contract_value
    cash = sum((-size * Decimal(price) for size, price in trades), Decimal(0))
    worth = (cash + sum(size for size, _ in trades) * mark) * BITCOIN.contract_value
    assert position.size == sum(size for size, _ in trades)
    assert abs(profit + unrealised - worth) < Decimal("1e-12")


def _trade_about(trader: Trader) -> None:
    trader.place(size=6_000)
    trader.market.set_price("65300")
    trader.place(side="sell", size=2_500)
    trader.place_limit("65200", side="buy", size=700)
    trader.market.set_price("65100")
    trader.place(side="sell", size=9_000)
