"""The signature check: what is signed, how long it is good, and how each refusal is called."""

import hashlib
import hmac

import pytest

from tests.unit.sandbox.delta.create import NOW_S, Trader, create_market, create_request, create_trader, send


@pytest.mark.parametrize(("age_s", "status"), [(0, 200), (5, 200), (6, 401), (-5, 200), (-6, 401)], ids=str)
def test_signature_is_good_inside_the_window_only(age_s: int, status: int) -> None:
    trader = create_trader()

    answer = trader.call("GET", "/v2/profile", timestamp=int(NOW_S) - age_s)

    assert answer.status == status


def test_expired_signature_tells_both_times() -> None:
    trader = create_trader()

    answer = trader.call("GET", "/v2/profile", timestamp=int(NOW_S) - 60)

    assert answer.code == "SignatureExpired"
    assert answer.context == {"request_time": int(NOW_S) - 60, "server_time": int(NOW_S)}


def test_configured_future_skew_counts() -> None:
    trader = create_trader(delta_future_skew_s=1)

    answer = trader.call("GET", "/v2/profile", timestamp=int(NOW_S) + 2)

    assert answer.code == "SignatureExpired"


def test_clock_offset_makes_an_honest_client_late() -> None:
    trader = create_trader()
    trader.market.clock.offset_s = 6

    answer = trader.call("GET", "/v2/profile", timestamp=int(NOW_S))

    assert answer.code == "SignatureExpired"


def test_wrong_secret_is_a_mismatch() -> None:
    trader = Trader(create_market(), api_secret="not-the-secret")

    answer = trader.place()

    assert (answer.status, answer.code) == (401, "Signature Mismatch")
    assert Trader(trader.market).call("GET", "/v2/orders/history").result == []


def test_unknown_key_is_named_so() -> None:
    answer = Trader(create_market(), api_key="nobody").call("GET", "/v2/profile")

    assert (answer.status, answer.code) == (401, "InvalidApiKey")


@pytest.mark.parametrize("missing", ["api-key", "timestamp", "signature"])
def test_missing_header_is_unauthorized(missing: str) -> None:
    trader = create_trader()
    trader.extra_headers = {missing: ""}

    answer = trader.call("GET", "/v2/profile")

    assert (answer.status, answer.code) == (401, "UnauthorizedApiAccess")


@pytest.mark.parametrize("timestamp", ["now", "-5", "1.5", "1e9", "²³"])
def test_timestamp_that_is_no_whole_number_is_unauthorized(timestamp: str) -> None:
    trader = create_trader()

    answer = trader.call("GET", "/v2/profile", timestamp=timestamp)

    assert answer.status == 401


def test_signature_covers_method_path_query_and_body_as_sent() -> None:
    market = create_market()
    stamp, body = str(int(NOW_S)), b'{ "leverage" : 5 }'
    signed = f"POST{stamp}/v2/products/27/orders/leverage?x=a%2Cb".encode() + body
    signature = hmac.new(b"demo-secret-a", signed, hashlib.sha256).hexdigest()
    headers = {"user-agent": "t", "api-key": "demo-key-a", "timestamp": stamp, "signature": signature}
    path = "/v2/products/27/orders/leverage"

    def status(method: str = "POST", path: str = path, query: str = "x=a%2Cb", body: bytes = body) -> int:
        return send(market, create_request(method, path, query=query, body=body, headers=headers)).status

    assert status() == 200
    assert status(query="x=a,b") == 401
    assert status(body=b'{"leverage":5}') == 401
    assert status(path="/v2/products/3136/orders/leverage") == 401
    assert status(method="GET") == 401


def test_upper_case_signature_is_a_mismatch() -> None:
    market = create_market()
    stamp = str(int(NOW_S))
    signature = hmac.new(b"demo-secret-a", f"GET{stamp}/v2/profile".encode(), hashlib.sha256).hexdigest()
    headers = {"user-agent": "t", "api-key": "demo-key-a", "timestamp": stamp}

    answers = [
        send(market, create_request("GET", "/v2/profile", headers={**headers, "signature": text}))
        for text in (signature, signature.upper(), "ü" * 64)
    ]

    assert [answer.status for answer in answers] == [200, 401, 401]


def test_missing_user_agent_is_refused_at_the_edge() -> None:
    market = create_market()

    answer = send(market, create_request("GET", "/v2/products", headers={"accept": "*/*"}))

    assert answer.status == 403
    assert answer.json is None


def test_public_endpoint_needs_no_signature_but_checks_one_that_is_sent() -> None:
    market = create_market()

    assert send(market, create_request("GET", "/v2/products")).status == 200
    assert send(market, create_request("GET", "/v2/profile")).status == 401
    assert Trader(market, api_secret="wrong").call("GET", "/v2/products").status == 401


def test_order_of_another_account_is_not_found() -> None:
    market = create_market()
    trader_a, trader_b = Trader(market), Trader(market, "demo-key-b", "demo-secret-b")
    order = trader_a.place_limit("60000", client_order_id="mine").result

    assert trader_b.call("GET", f"/v2/orders/{order['id']}").status == 404
    assert trader_b.call("GET", "/v2/orders/client_order_id/mine").status == 404
    cancel = {"id": order["id"], "product_id": 27}
    assert trader_b.call("DELETE", "/v2/orders", body=cancel).status == 404
    assert trader_a.order(order["id"])["state"] == "open"
