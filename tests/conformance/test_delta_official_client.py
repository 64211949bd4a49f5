"""The exchange's official Python client runs unchanged against the sandbox as a process of its own."""

import importlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests

ROOT = Path(__file__).parents[2]
BTC = 27
USD = 14
START_TIMEOUT_S = 15
STOP_TIMEOUT_S = 5

# The client comes without types.
Client = Any
official: Any = importlib.import_module("delta_rest_client")


@pytest.fixture(scope="module")
def sandbox_url() -> Iterator[str]:
    port = _free_port()
    environment = {**os.environ, "COUNTERSIGN_SANDBOX_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "sandbox"], env=environment, cwd=ROOT)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(STOP_TIMEOUT_S)


@pytest.fixture
def client(sandbox_url: str) -> Client:
    httpx.post(f"{sandbox_url}/_control/reset").raise_for_status()
    return official.DeltaRestClient(f"{sandbox_url}/delta", "demo-key-a", "demo-secret-a")


def test_market_data_is_read(client: Client) -> None:
    product = client.get_product(BTC)
    ticker = client.get_ticker("BTCUSD")
    book = client.get_l2_orderbook("BTCUSD")
    now = int(time.time())

    assert (product["id"], product["symbol"]) == (BTC, "BTCUSD")
    assert product == client.get_product("BTCUSD", auth=True)
    assert ticker["quotes"]["best_ask"] == book["sell"][0]["price"]
    assert "ETHUSD" in [row["symbol"] for row in client.get_products({"contract_types": "perpetual_futures"})]
    assert len(client.get_tickers({"underlying_asset_symbols": "BTC,ETH"})) == 2
    assert client.option_chain("BTC", "20-11-2026") == []
    assert len(client.get_candles("BTCUSD", "1m", now - 600, now)) in {10, 11}
    assert USD in [asset["id"] for asset in client.get_assets()]
    assert client.get_indices()


def test_market_order_fills_and_shows_everywhere(client: Client) -> None:
    order = client.place_order(BTC, 10, "buy", order_type=official.OrderType.MARKET, client_order_id="one")

    assert (order["state"], order["client_order_id"]) == ("closed", "one")
    assert client.get_order_by_id(order["id"])["id"] == order["id"]
    assert client.get_order_by_client_id("one")["id"] == order["id"]
    assert [row["id"] for row in client.order_history()["result"]] == [order["id"]]
    assert [row["order_id"] for row in client.fills()["result"]] == [order["id"]]
    assert client.get_position(BTC)["size"] == 10
    assert client.get_margined_position(BTC)["entry_price"] == order["average_fill_price"]
    assert client.get_public_trades("BTCUSD")["trades"][0]["size"] == 10


def test_limit_order_is_placed_edited_and_cancelled(client: Client) -> None:
    order = client.place_order(
        BTC, 5, "buy", limit_price="60000", time_in_force=official.TimeInForce.GTC, post_only="true"
    )
    assert [row["id"] for row in client.get_live_orders({"product_ids": "27,3136"})] == [order["id"]]

    edited = client.edit_order({"id": order["id"], "product_id": BTC, "size": 7, "limit_price": "60001"})
    cancelled = client.cancel_order(BTC, order["id"])

    assert (edited["size"], edited["limit_price"]) == (7, "60001")
    assert cancelled["state"] == "cancelled"
    assert client.get_live_orders() == []


def test_fill_or_kill_is_rejected(client: Client) -> None:
    with pytest.raises(requests.HTTPError, match="bad_schema"):
        client.place_order(BTC, 5, "buy", limit_price="66000", time_in_force=official.TimeInForce.FOK)


def test_batch_is_created_edited_and_cancelled(client: Client) -> None:
    drafts = [official.create_order_format(price, 1, "buy", BTC) for price in (60000, 60001)]

    created = client.batch_create(BTC, drafts)
    edited = client.batch_edit(BTC, [{"id": row["id"], "size": 2} for row in created])
    cancelled = client.batch_cancel(BTC, [official.cancel_order_format(row) for row in created])

    assert [row["limit_price"] for row in created] == ["60000", "60001"]
    assert [row["size"] for row in edited] == [2, 2]
    assert {row["state"] for row in cancelled} == {"cancelled"}


def test_cancel_all_without_body_changes_nothing(client: Client) -> None:
    client.place_order(BTC, 5, "buy", limit_price="60000")

    client.cancel_all_orders()

    assert len(client.get_live_orders()) == 1
    client.cancel_all_orders({"cancel_limit_orders": "true"})
    assert client.get_live_orders() == []


def test_stop_orders_wait_as_pending(client: Client) -> None:
    fixed = client.place_stop_order(BTC, 5, "sell", stop_price=60000, order_type=official.OrderType.MARKET)
    trailing = client.place_stop_order(
        BTC, 5, "sell", trail_amount=100, order_type=official.OrderType.MARKET, isTrailingStopLoss=True
    )

    assert (fixed["state"], trailing["state"]) == ("pending", "pending")
    assert trailing["stop_price"] == "64900"


def test_leverage_margin_and_wallet(client: Client) -> None:
    client.place_order(BTC, 10, "buy", order_type=official.OrderType.MARKET)

    assert client.set_leverage(BTC, 20)["leverage"] == "20"
    assert client.get_order_leverage(BTC)["leverage"] == "20"
    assert client.change_position_margin(BTC, "5")["size"] == 10
    assert client.auto_topup_position(BTC, True)["auto_topup"] is True
    assert client.get_balances(USD)["asset_symbol"] == "USD"
    assert client.get_balances(999) is None
    assert client.get_all_wallet_balances()[0]["position_margin"] != "0"
    assert client.get_wallet_transactions({"page_size": 5})
    assert client.change_margin_mode("isolated")["margin_mode"] == "isolated"


def test_close_all_positions_closes_them(client: Client) -> None:
    client.place_order(BTC, 10, "buy", order_type=official.OrderType.MARKET)

    client.close_all_positions(close_all_isolated=True)

    assert client.get_margined_position(BTC) is None


def test_bracket_orders_guard_a_position(client: Client) -> None:
    client.place_order(BTC, 10, "buy", order_type=official.OrderType.MARKET)
    bracket = {"product_id": BTC, "stop_loss_order": {"order_type": "market_order", "stop_price": "60000"}}

    client.place_bracket_order(bracket)

    assert [row["state"] for row in client.get_live_orders()] == ["pending"]


def test_history_is_walked_page_by_page(client: Client) -> None:
    placed = [client.place_order(BTC, 1, "buy", order_type=official.OrderType.MARKET)["id"] for _ in range(5)]

    seen: list[int] = []
    after = None
    while True:
        page = client.fills({}, page_size=2, after=after)
        seen.extend(row["order_id"] for row in page["result"])
        after = page["meta"]["after"]
        if after is None:
            break

    assert seen == placed[::-1]


def test_wrong_secret_raises_the_clients_error(sandbox_url: str) -> None:
    stranger = official.DeltaRestClient(f"{sandbox_url}/delta", "demo-key-a", "wrong")

    with pytest.raises(requests.HTTPError, match=r"401.*Signature Mismatch"):
        stranger.place_order(BTC, 1, "buy", order_type=official.OrderType.MARKET)


def test_duplicate_client_order_id_raises(client: Client) -> None:
    client.place_order(BTC, 1, "buy", order_type=official.OrderType.MARKET, client_order_id="once")

    with pytest.raises(requests.HTTPError, match="duplicate_client_order_id"):
        client.place_order(BTC, 1, "buy", order_type=official.OrderType.MARKET, client_order_id="once")


def test_dropped_answer_reaches_the_client_as_a_connection_error(client: Client, sandbox_url: str) -> None:
    fault = {"venue": "delta", "fault": "accept_then_drop", "match": {"method": "POST", "path": "/v2/orders"}}
    httpx.post(f"{sandbox_url}/_control/faults", json=fault).raise_for_status()

    with pytest.raises(requests.ConnectionError):
        client.place_order(BTC, 1, "buy", order_type=official.OrderType.MARKET, client_order_id="lost")

    assert client.get_order_by_client_id("lost")["state"] == "closed"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the sandbox ended before it was ready"
        try:
            if httpx.get(f"{url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"the sandbox was not ready within {START_TIMEOUT_S} s")
