"""Public market data: products, tickers, book and candles agree with the mark."""

from decimal import Decimal
from itertools import pairwise

import pytest

from tests.unit.sandbox.delta.create import NOW_S, Answer, Json, create_market, create_request, send


def get(path: str, *, query: str = "", price: str | None = None, **settings: Json) -> Answer:
    market = create_market(**settings)
    if price is not None:
        market.set_price(price)
    return send(market, create_request("GET", path, query=query))


@pytest.mark.parametrize(
    ("symbol", "product_id", "contract_value", "tick_size"),
    [("BTCUSD", 27, "0.001", "0.5"), ("ETHUSD", 3136, "0.01", "0.05"), ("SOLUSD", None, "1", "0.0001")],
)
def test_product_has_its_contract(
    symbol: str, product_id: int | None, contract_value: str, tick_size: str
) -> None:
    product = get(f"/v2/products/{symbol}").result

    assert product_id in {None, product["id"]}
    assert (product["contract_value"], product["tick_size"]) == (contract_value, tick_size)
    assert (product["state"], product["trading_status"]) == ("live", "operational")
    assert product["underlying_asset"]["symbol"] == product["contract_unit_currency"]
    assert product["settling_asset"]["symbol"] == "USD"


def test_every_product_starts_on_its_tick_and_is_listed_once() -> None:
    products = get("/v2/products").result
    tickers = {ticker["symbol"]: ticker for ticker in get("/v2/tickers").result}

    assert [product["symbol"] for product in products] == ["BTCUSD", "ETHUSD", "SOLUSD", "XRPUSD", "DOGEUSD"]
    for product in products:
        mark = Decimal(tickers[product["symbol"]]["mark_price"])
        assert mark % Decimal(product["tick_size"]) == 0


def test_product_is_found_by_id_too() -> None:
    assert get("/v2/products/27").result["symbol"] == "BTCUSD"
    assert get("/v2/products/28").status == 404


@pytest.mark.parametrize(
    ("mark", "bid", "ask"),
    [("65000", "64999.5", "65000.5"), ("65000.2", "65000", "65000.5"), ("0.5", "0", "1")],
)
def test_quotes_lie_one_tick_around_the_mark(mark: str, bid: str, ask: str) -> None:
    ticker = get("/v2/tickers/BTCUSD", price=mark).result

    assert ticker["mark_price"] == mark
    assert (ticker["quotes"]["best_bid"], ticker["quotes"]["best_ask"]) == (bid, ask)


def test_order_book_has_the_quotes_on_top_and_prices_in_order() -> None:
    book = get("/v2/l2orderbook/BTCUSD", query="depth=3").result

    assert [level["price"] for level in book["buy"]] == ["64999.5", "64999", "64998.5"]
    assert [level["price"] for level in book["sell"]] == ["65000.5", "65001", "65001.5"]
    assert [level["size"] for level in book["sell"]] == [5_000, 10_000, 15_000]


def test_candles_are_seeded_and_end_at_the_mark() -> None:
    start, end = int(NOW_S) - 3_600, int(NOW_S)
    query = f"symbol=BTCUSD&resolution=5m&start={start}&end={end}"

    candles = get("/v2/history/candles", query=query, price="66000").result
    again = get("/v2/history/candles", query=query, price="66000").result
    other = get("/v2/history/candles", query=query, price="66000", seed=8).result

    assert candles == again
    assert candles != other
    assert [candle["time"] for candle in candles] == list(range(start, end + 1, 300))
    assert candles[-1]["close"] == "66000"
    for earlier, later in pairwise(candles):
        assert later["open"] == earlier["close"]
        assert Decimal(later["low"]) < Decimal(later["close"]) < Decimal(later["high"])


@pytest.mark.parametrize(
    "query",
    [
        "symbol=BTCUSD&resolution=7m&start=1&end=2",
        "symbol=NOPE&resolution=5m&start=1&end=2",
        "symbol=BTCUSD&resolution=5m&end=2",
    ],
)
def test_candles_with_a_wrong_parameter_are_bad_schema(query: str) -> None:
    assert get("/v2/history/candles", query=query).code == "bad_schema"


def test_candles_of_a_long_span_are_bounded() -> None:
    query = f"symbol=MARK:BTCUSD&resolution=1m&start=0&end={int(NOW_S)}"

    assert len(get("/v2/history/candles", query=query).result) == 2_000
