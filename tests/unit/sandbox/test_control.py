"""The control API: accounts, ledger, orders, prices, clock, limits, reset, and what it refuses."""

import httpx
import pytest

from sandbox.app import create_app
from sandbox.settings import SandboxSettings
from tests.unit.sandbox.traders import HttpTrader, Json


async def test_ledger_holds_every_request_with_its_outcome(trader: HttpTrader) -> None:
    placed = await trader.place(client_order_id="one")
    await trader.place(size=0)
    await HttpTrader(trader.client, api_secret="wrong").place()
    await trader.client.get("/delta/v2/tickers/BTCUSD?x=1")

    entries = await trader.ledger()

    assert [(entry["method"], entry["path"], entry["status"]) for entry in entries] == [
        ("POST", "/v2/orders", 200),
        ("POST", "/v2/orders", 400),
        ("POST", "/v2/orders", 401),
        ("GET", "/v2/tickers/BTCUSD", 200),
    ]
    assert entries[0]["order_id"] == placed.json()["result"]["id"]
    assert entries[0]["body"] == placed.request.content.decode()
    assert [entry["api_key"] for entry in entries] == ["demo-key-a"] * 3 + [None]
    assert entries[3]["query"] == "x=1"
    seqs = [entry["seq"] for entry in entries]
    assert seqs == sorted(set(seqs))


async def test_ledger_never_shows_a_secret_or_a_signature(trader: HttpTrader) -> None:
    sent = await trader.place(note="demo-secret-a")
    await HttpTrader(trader.client, api_key="demo-secret-a").place()
    await trader.client.get("/delta/v2/products?key=demo-secret-a")

    shown = (await trader.client.get("/_control/ledger?venue=delta")).text

    assert "[redacted]" in shown
    assert "demo-secret-a" not in shown
    assert sent.request.headers["signature"] not in shown


async def test_ledger_is_filtered_by_key_method_and_since(trader: HttpTrader) -> None:
    trader_b = HttpTrader(trader.client, "demo-key-b", "demo-secret-b")
    await trader.place()
    await trader_b.place()
    await trader_b.history()

    entries = await trader.ledger()
    after_first = await trader.ledger(since=entries[0]["seq"])
    from_second = await trader.ledger(since=entries[1]["at"])

    assert after_first == entries[1:]
    assert from_second == entries[1:]
    assert await trader.ledger(api_key="demo-key-b") == entries[1:]
    assert await trader.ledger(api_key="demo-key-b", method="GET") == entries[2:]


@pytest.mark.parametrize("at_s", [1_800_000_000.1234567, 1_800_000_000.1234564, 1_800_000_000.0])
async def test_entry_is_found_since_its_own_time(at_s: float) -> None:
    app = create_app(SandboxSettings())
    ledger = app.state.world.ledger
    ledger.record(at_s=at_s, venue="delta", method="GET", path="/", query="", body="", api_key=None)
    transport = httpx.ASGITransport(app)

    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        shown = (await http.get("/_control/ledger?venue=delta")).json()["items"]
        query = {"venue": "delta", "since": shown[0]["at"]}
        found = (await http.get("/_control/ledger", params=query)).json()["items"]

    assert found == shown


async def test_orders_of_all_accounts_are_listed_with_their_key(trader: HttpTrader) -> None:
    trader_b = HttpTrader(trader.client, "demo-key-b", "demo-secret-b")
    await trader.place(client_order_id="one")
    await trader_b.place(client_order_id="one")

    async def keys(**query: str) -> list[str]:
        answer = await trader.client.get("/_control/orders", params={"venue": "delta", **query})
        return [order["api_key"] for order in answer.json()["items"]]

    assert await keys(client_order_id="one") == ["demo-key-a", "demo-key-b"]
    assert await keys(api_key="demo-key-b") == ["demo-key-b"]
    assert await keys(client_order_id="two") == []


async def test_new_account_trades_with_its_balance(trader: HttpTrader) -> None:
    body = {
        "venue": "delta",
        "api_key": "key-c",
        "api_secret": "secret-c",
        "balances": {"USD": "2500.5", "BTC": 1},
    }
    created = await trader.client.post("/_control/accounts", json=body)
    assert created.status_code == 201
    assert "secret-c" not in created.text

    wallet = await HttpTrader(trader.client, "key-c", "secret-c").call("GET", "/v2/wallet/balances")

    balances = {row["asset_symbol"]: row["balance"] for row in wallet.json()["result"]}
    assert balances == {"USD": "2500.5", "BTC": "1"}
    assert (await trader.client.post("/_control/accounts", json=body)).status_code == 409


async def test_set_price_fills_a_resting_order(trader: HttpTrader) -> None:
    await trader.place(order_type="limit_order", limit_price="60000")
    assert await trader.history() == []

    answer = await trader.client.put(
        "/_control/prices", json={"venue": "delta", "symbol": "BTCUSD", "price": "60000"}
    )

    assert answer.json() == {"venue": "delta", "symbol": "BTCUSD", "price": "60000"}
    assert [order["state"] for order in await trader.history()] == ["closed"]


async def test_clock_offset_expires_signatures(trader: HttpTrader) -> None:
    assert (await trader.place()).status_code == 200

    await trader.client.put("/_control/clock", json={"offset_s": 6.5})

    refused = await trader.place()
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "SignatureExpired")


async def test_rate_limit_of_one_account_is_set(trader: HttpTrader) -> None:
    body = {"venue": "delta", "api_key": "demo-key-a", "units": 5}

    await trader.client.put("/_control/rate_limit", json=body)

    assert [(await trader.place()).status_code for _ in range(2)] == [200, 429]


async def test_reset_brings_everything_back_to_the_start(trader: HttpTrader) -> None:
    await trader.place(client_order_id="one")
    await trader.plant("maintenance")
    await trader.client.put("/_control/clock", json={"offset_s": 60})
    await trader.client.put("/_control/prices", json={"venue": "delta", "symbol": "BTCUSD", "price": "60000"})
    await trader.client.put("/_control/rate_limit", json={"venue": "delta", "units": 1})

    answer = await trader.client.post("/_control/reset")

    assert answer.status_code == 204
    assert await trader.ledger() == []
    assert (await trader.client.get("/_control/faults")).json() == {"items": []}
    assert await trader.history() == []
    again = (await trader.place(client_order_id="one")).json()["result"]
    assert again["average_fill_price"] == "65000.5"


async def test_planted_faults_are_listed(trader: HttpTrader) -> None:
    await trader.plant("slow", match={"path": "/v2/fills"}, times=3, params={"seconds": 1})

    items = (await trader.client.get("/_control/faults")).json()["items"]

    assert len(items) == 1
    described = {"venue": "delta", "fault": "slow", "match": {"path": "/v2/fills"}, "times_left": 3}
    assert items[0] == {"id": items[0]["id"], **described}


async def test_immediate_fault_answers_with_its_outcome(trader: HttpTrader) -> None:
    params = {"api_key": "demo-key-a", "symbol": "BTCUSD", "side": "buy", "size": 2}

    answer = await trader.plant("external_order", params=params)

    assert answer.json()["order"]["size"] == 2
    assert [order["client_order_id"] for order in await trader.history()] == [None]
    assert (await trader.client.get("/_control/faults")).json() == {"items": []}


FAULT = {"venue": "delta", "fault": "slow", "params": {"seconds": 1}}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "faults", {**FAULT, "extra": 1}, 422),
        ("POST", "faults", {**FAULT, "match": {"verb": "GET"}}, 422),
        ("POST", "faults", {**FAULT, "fault": "unheard_of"}, 422),
        ("POST", "faults", {**FAULT, "params": {}}, 422),
        ("POST", "faults", {**FAULT, "params": {"seconds": 1, "status": 500}}, 422),
        ("POST", "faults", {**FAULT, "times": 0}, 422),
        ("POST", "faults", {**FAULT, "venue": "nowhere"}, 404),
        ("POST", "faults", {"venue": "delta", "fault": "liquidate"}, 422),
        (
            "POST",
            "faults",
            {"venue": "delta", "fault": "liquidate", "params": {"api_key": "demo-key-a", "symbol": "BTCUSD"}},
            409,
        ),
        ("PUT", "prices", {"venue": "delta", "symbol": "NOPE", "price": "1"}, 404),
        ("PUT", "prices", {"venue": "delta", "symbol": "BTCUSD", "price": "0"}, 422),
        ("PUT", "prices", {"venue": "delta", "symbol": "BTCUSD", "price": "NaN"}, 422),
        ("PUT", "clock", {"offset_s": 1, "extra": 1}, 422),
        ("PUT", "rate_limit", {"venue": "delta", "units": -1}, 422),
        ("POST", "accounts", {"venue": "delta", "api_key": "k"}, 422),
        (
            "POST",
            "accounts",
            {"venue": "delta", "api_key": "k", "api_secret": "s", "balances": {"GOLD": 1}},
            422,
        ),
        ("GET", "ledger?venue=delta&colour=red", None, 422),
        ("GET", "ledger", None, 422),
        ("GET", "orders?venue=nowhere", None, 404),
    ],
    ids=str,
)
async def test_wrong_control_request_is_a_problem(
    trader: HttpTrader, method: str, path: str, body: Json, status: int
) -> None:
    answer = await trader.client.request(method, f"/_control/{path}", json=body)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
