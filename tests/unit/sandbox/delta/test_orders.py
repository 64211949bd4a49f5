"""Placing and cancelling over the wire: fields, their refusals, client order ids, batches."""

import pytest

from tests.unit.sandbox.delta.create import BTC, Json, create_request, create_trader, send


def schema_params(answer: Json) -> set[str]:
    assert (answer.status, answer.code) == (400, "bad_schema")
    assert {error["code"] for error in answer.context["schema_errors"]} == {"validation_error"}
    return {error["param"] for error in answer.context["schema_errors"]}


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": 1.5}, "size"),
        ({"size": "10"}, "size"),
        ({"size": True}, "size"),
        ({"size": None}, "size"),
        ({"side": "long"}, "side"),
        ({"order_type": "stop"}, "order_type"),
        ({"time_in_force": "fok"}, "time_in_force"),
        ({"limit_price": "0"}, "limit_price"),
        ({"limit_price": "-1"}, "limit_price"),
        ({"limit_price": "NaN"}, "limit_price"),
        ({"order_type": "limit_order"}, "limit_price"),
        ({"order_type": "limit_order", "limit_price": "65000.25"}, "limit_price"),
        ({"reduce_only": "yes"}, "reduce_only"),
        ({"post_only": 1}, "post_only"),
        ({"client_order_id": "x" * 33}, "client_order_id"),
        ({"client_order_id": ""}, "client_order_id"),
        ({"product_id": None}, "product_id"),
        ({"product_symbol": "BTCUSD"}, "product_id"),
        ({"stop_order_type": "stop_loss_order"}, "stop_price"),
        ({"bracket_stop_loss_price": "64000.3"}, "bracket_stop_loss_price"),
    ],
    ids=str,
)
def test_wrong_field_is_bad_schema_and_places_nothing(changes: Json, param: str) -> None:
    trader = create_trader()

    answer = trader.place(**changes)

    assert param in schema_params(answer)
    assert trader.market.exchange.list_orders(api_key=None, client_order_id=None) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"product_id": None, "product_symbol": "BTCUSD"},
        {"reduce_only": "false", "post_only": "false"},
        {"reduce_only": False},
        {"client_order_id": "x" * 32},
        {"unknown_field": {"a": 1}},
        {"order_type": "limit_order", "limit_price": "65000.5"},
        {"order_type": "limit_order", "limit_price": 65000.5},
        {"size": 1},
    ],
    ids=str,
)
def test_order_that_the_exchange_takes_is_taken(changes: Json) -> None:
    trader = create_trader()

    answer = trader.place(**changes)

    assert answer.result["state"] == "closed"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe"])
def test_body_that_is_no_object_is_bad_schema(body: bytes) -> None:
    trader = create_trader()

    answer = trader.call("POST", "/v2/orders", body=body)

    assert (answer.status, answer.code) == (400, "bad_schema")


def test_unknown_product_is_an_invalid_contract() -> None:
    trader = create_trader()

    assert trader.place(product_id=84).code == "invalid_contract"


@pytest.mark.parametrize("final", ["open", "closed", "cancelled"])
def test_client_order_id_is_used_once_for_ever(final: str) -> None:
    trader = create_trader()
    first = (
        trader.place(client_order_id="once")
        if final == "closed"
        else trader.place_limit("60000", client_order_id="once")
    ).result
    if final == "cancelled":
        trader.call("DELETE", "/v2/orders", body={"client_order_id": "once", "product_id": BTC})
    assert trader.order(first["id"])["state"] == final

    again = trader.place(client_order_id="once")

    assert (again.status, again.code) == (400, "duplicate_client_order_id")
    assert trader.call("GET", "/v2/orders/client_order_id/once").result["id"] == first["id"]


def test_code_of_a_duplicate_is_configured() -> None:
    trader = create_trader(delta_duplicate_client_order_id_code="bad_client_order_id")
    trader.place(client_order_id="once")

    assert trader.place(client_order_id="once").code == "bad_client_order_id"


def test_rejected_order_leaves_its_client_order_id_free() -> None:
    trader = create_trader()
    assert trader.place(client_order_id="again", size=10_000_000).status == 400

    assert trader.place(client_order_id="again").status == 200


def test_cancel_of_a_closed_order_is_not_found() -> None:
    trader = create_trader()
    order = trader.place().result

    answer = trader.call("DELETE", "/v2/orders", body={"id": order["id"], "product_id": BTC})

    assert (answer.status, answer.code) == (404, "open_order_not_found")


def test_cancel_with_another_product_is_not_found() -> None:
    trader = create_trader()
    order = trader.place_limit("60000").result

    answer = trader.call("DELETE", "/v2/orders", body={"id": order["id"], "product_id": 3136})

    assert answer.status == 404
    assert trader.order(order["id"])["state"] == "open"


@pytest.mark.parametrize(
    ("flags", "left"),
    [
        (None, "limit stop reduce"),
        ({"cancel_limit_orders": "true"}, "stop reduce"),
        ({"cancel_stop_orders": True}, "limit reduce"),
        ({"cancel_reduce_only_orders": "true"}, "limit stop"),
        ({"cancel_limit_orders": "true", "product_id": 3136}, "limit stop reduce"),
        ({"cancel_limit_orders": "true", "contract_types": "call_options"}, "limit stop reduce"),
    ],
)
def test_cancel_all_cancels_what_its_flags_name(flags: Json, left: str) -> None:
    trader = create_trader()
    trader.place(size=5)
    trader.place_limit("60000", client_order_id="limit")
    trader.place(client_order_id="stop", stop_order_type="stop_loss_order", stop_price="70000")
    trader.place_limit("70000", side="sell", reduce_only="true", client_order_id="reduce")

    answer = trader.call("DELETE", "/v2/orders/all", body=flags)

    assert answer.json == {"success": True, "result": {}}
    assert {order["client_order_id"] for order in trader.call("GET", "/v2/orders").result} == set(
        left.split()
    )


def test_batch_leaves_out_what_the_account_cannot_carry() -> None:
    trader = create_trader()
    order = {"size": 1, "side": "buy", "order_type": "limit_order", "limit_price": "60000"}
    orders = [order, {**order, "size": 200_000_000}, {**order, "client_order_id": "third"}]

    placed = trader.call("POST", "/v2/orders/batch", body={"product_id": BTC, "orders": orders}).result

    assert [row["client_order_id"] for row in placed] == [None, "third"]


@pytest.mark.parametrize(
    "changes", [{"time_in_force": "ioc"}, {"stop_order_type": "stop_loss_order", "stop_price": "1"}], ids=str
)
def test_batch_with_ioc_or_stop_is_refused_whole(changes: Json) -> None:
    trader = create_trader()
    order = {"size": 1, "side": "buy", "order_type": "limit_order", "limit_price": "65100"}

    answer = trader.call(
        "POST", "/v2/orders/batch", body={"product_id": BTC, "orders": [order, {**order, **changes}]}
    )

    assert answer.code == "bad_schema"
    assert trader.fills() == []


@pytest.mark.parametrize(("count", "status"), [(0, 400), (50, 200), (51, 400)])
def test_batch_holds_one_to_fifty_orders(count: int, status: int) -> None:
    trader = create_trader()
    order = {"size": 1, "side": "buy", "order_type": "limit_order", "limit_price": "60000"}

    answer = trader.call("POST", "/v2/orders/batch", body={"product_id": BTC, "orders": [order] * count})

    assert answer.status == status


def test_batch_edit_and_cancel_answer_with_what_they_reached() -> None:
    trader = create_trader()
    first, second = (trader.place_limit("60000").result["id"] for _ in range(2))
    edits = [{"id": first, "size": 11}, {"id": 999, "size": 11}]

    edited = trader.call("PUT", "/v2/orders/batch", body={"product_id": BTC, "orders": edits}).result
    cancelled = trader.call(
        "DELETE", "/v2/orders/batch", body={"product_id": BTC, "orders": [{"id": second}, {"id": 999}]}
    ).result

    assert [(row["id"], row["size"]) for row in edited] == [(first, 11)]
    assert [(row["id"], row["state"]) for row in cancelled] == [(second, "cancelled")]


def test_unknown_path_and_method_have_their_status() -> None:
    trader = create_trader()

    assert trader.call("GET", "/v2/nothing").status == 404
    assert trader.call("GET", "/v2/orders/abc").status == 400
    assert trader.call("PATCH", "/v2/orders").status == 405
    assert send(trader.market, create_request("POST", "/v2/products/BTCUSD")).status == 405


def test_missed_heartbeat_cancels_the_orders() -> None:
    trader = create_trader()
    order = trader.place_limit("60000").result
    trader.call("POST", "/v2/heartbeat/create", body={"heartbeat_id": "beat"})
    trader.call("POST", "/v2/heartbeat", body={"heartbeat_id": "beat", "ttl": 10_000})
    trader.market.clock.offset_s = 9
    assert trader.order(order["id"])["state"] == "open"

    trader.market.clock.offset_s = 10

    assert trader.order(order["id"])["cancellation_reason"] == "heartbeat_missed"
