"""Rate limits: weights, the fixed window, and the matching operations of a product."""

import pytest

from sandbox.delta.router import ROUTES
from tests.unit.sandbox.delta.create import BTC, Trader, create_market, create_request, create_trader, send

NEXT_WINDOW_S = 300


def left(trader: Trader) -> int:
    """The quota; asking costs one unit itself."""
    return trader.call("GET", "/v2/rate_limits/quota").result["current_quota"]


@pytest.mark.parametrize(
    ("method", "path", "weight"),
    [
        ("GET", "/v2/products", 3),
        ("GET", "/v2/l2orderbook/{symbol}", 3),
        ("GET", "/v2/tickers/{symbol}", 3),
        ("GET", "/v2/orders", 3),
        ("GET", "/v2/positions", 3),
        ("GET", "/v2/wallet/balances", 3),
        ("GET", "/v2/history/candles", 3),
        ("POST", "/v2/orders", 5),
        ("PUT", "/v2/orders", 5),
        ("DELETE", "/v2/orders", 5),
        ("POST", "/v2/positions/change_margin", 5),
        ("GET", "/v2/orders/history", 10),
        ("GET", "/v2/fills", 10),
        ("GET", "/v2/wallet/transactions", 10),
        ("POST", "/v2/orders/batch", 25),
        ("GET", "/v2/orders/{order_id}", 1),
        ("GET", "/v2/profile", 1),
    ],
)
def test_route_has_the_weight_of_the_exchange(method: str, path: str, weight: int) -> None:
    weights = {(route.method, route.path): int(route.weight) for route in ROUTES}

    assert weights[(method, path)] == weight


def test_call_uses_its_weight_of_the_quota() -> None:
    trader = create_trader()
    before = left(trader)

    trader.place()

    assert before - left(trader) == 5 + 1


def test_call_past_the_limit_is_refused_until_the_next_window() -> None:
    trader = create_trader(delta_rate_limit_units=12)
    trader.market.clock.offset_s = 100
    assert [trader.place(size=1).status for _ in range(2)] == [200, 200]

    refused = trader.place(size=1)

    assert (refused.status, refused.code) == (429, "rate_limit_exceeded")
    assert refused.headers["X-RATE-LIMIT-RESET"] == "200000"
    trader.market.clock.offset_s = NEXT_WINDOW_S
    assert trader.place(size=1).status == 200
    assert trader.position()["size"] == 3


def test_accounts_and_addresses_have_windows_of_their_own() -> None:
    market = create_market(delta_rate_limit_units=5)
    trader_a, trader_b = Trader(market), Trader(market, "demo-key-b", "demo-secret-b")
    assert [trader_a.place().status, trader_a.place().status] == [200, 429]

    assert trader_b.place().status == 200
    assert send(market, create_request("GET", "/v2/products")).status == 200
    assert send(market, create_request("GET", "/v2/products")).status == 429


def test_refused_signature_uses_no_quota_of_the_account() -> None:
    market = create_market(delta_rate_limit_units=5)
    forger = Trader(market, api_secret="wrong")
    assert [forger.place().status for _ in range(3)] == [401, 401, 401]

    assert Trader(market).place().status == 200


def test_limit_of_one_key_can_be_set() -> None:
    market = create_market()
    trader_a, trader_b = Trader(market), Trader(market, "demo-key-b", "demo-secret-b")

    market.exchange.set_rate_limit(api_key="demo-key-a", units=5, matching_operations_per_s=None)

    assert [trader_a.place().status, trader_a.place().status] == [200, 429]
    assert [trader_b.place().status, trader_b.place().status] == [200, 200]


def test_matching_operations_of_one_product_are_limited_by_the_second() -> None:
    trader = create_trader(delta_matching_operations_per_s=3)
    order = {"size": 1, "side": "buy", "order_type": "limit_order", "limit_price": "60000"}
    batch = {"product_id": BTC, "orders": [order, order]}
    assert trader.call("POST", "/v2/orders/batch", body=batch).status == 200

    refused = trader.call("POST", "/v2/orders/batch", body=batch)

    assert refused.status == 429
    assert int(refused.headers["X-RATE-LIMIT-RESET"]) <= 1_000
    assert trader.place(product_id=3136).status == 200
    trader.market.clock.offset_s = 1
    assert trader.call("POST", "/v2/orders/batch", body=batch).status == 200
