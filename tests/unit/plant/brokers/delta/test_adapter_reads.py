"""Reading from the exchange: what is repeated, what is refused, and what proves nothing."""

from typing import Any

import pytest
import respx

from plant.brokers.base import BrokerRefusedError, BrokerUnreachableError
from plant.brokers.delta.adapter import DeltaAdapter
from tests.unit.plant.brokers.delta.create import BASE, create_credentials, refusal


async def test_read_is_repeated_and_then_reported(adapter: DeltaAdapter) -> None:
    with respx.mock(base_url=BASE) as venue:
        route = venue.get("/v2/tickers/BTCUSD").respond(502)

        with pytest.raises(BrokerUnreachableError):
            await adapter.quote("BTCUSD")

    assert route.call_count == 3


async def test_read_with_a_refused_key_is_not_repeated(adapter: DeltaAdapter) -> None:
    with respx.mock(base_url=BASE, assert_all_called=False) as venue:
        venue.route().respond(401, json=refusal("InvalidApiKey"))

        with pytest.raises(BrokerRefusedError) as caught:
            await adapter.find_order("cs1", credentials=create_credentials())

    assert caught.value.code == "READ_REFUSED"


async def test_order_that_no_list_shows_is_not_found(adapter: DeltaAdapter) -> None:
    empty: dict[str, Any] = {"success": True, "result": [], "meta": {"after": None}}
    with respx.mock(base_url=BASE) as venue:
        venue.get("/v2/orders/client_order_id/cs1").respond(404, json=refusal("order_not_found"))
        venue.get("/v2/orders").respond(200, json=empty)
        history = venue.get("/v2/orders/history").respond(200, json=empty)

        found = await adapter.find_order("cs1", credentials=create_credentials())

    assert found is None
    assert history.called


async def test_unhealthy_venue_proves_no_absence(adapter: DeltaAdapter) -> None:
    with respx.mock(base_url=BASE) as venue:
        venue.get("/v2/orders/client_order_id/cs1").respond(404, json=refusal("order_not_found"))
        venue.get("/v2/orders").respond(500)

        with pytest.raises(BrokerUnreachableError):
            await adapter.find_order("cs1", credentials=create_credentials())


@pytest.mark.parametrize("path", ["/v2/products/BTCUSD", "/v2/tickers/BTCUSD"])
@pytest.mark.parametrize("result", [{"state": "live"}, {"mark_price": "x"}, ["BTCUSD"], "BTCUSD"])
async def test_market_answer_without_what_is_documented_is_no_answer(
    adapter: DeltaAdapter, path: str, result: object
) -> None:
    with respx.mock(base_url=BASE, assert_all_called=False) as venue:
        venue.get(path).respond(200, json={"success": True, "result": result})
        read = adapter.instrument if "products" in path else adapter.quote

        with pytest.raises(BrokerUnreachableError):
            await read("BTCUSD")


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/v2/wallet/balances", [{"asset_symbol": "USD"}]),
        ("/v2/wallet/balances", [{"asset_symbol": "USD", "available_balance": "x"}]),
        ("/v2/wallet/balances", ["USD"]),
        ("/v2/wallet/balances", {}),
        ("/v2/positions/margined", [{"product_symbol": "BTCUSD"}]),
        ("/v2/positions/margined", [{"size": 10}]),
        ("/v2/orders", [{"id": 11}]),
        ("/v2/orders", None),
    ],
)
async def test_account_answer_without_what_is_documented_is_no_answer(
    adapter: DeltaAdapter, path: str, rows: object
) -> None:
    with respx.mock(base_url=BASE, assert_all_called=False) as venue:
        for each in ("/v2/wallet/balances", "/v2/positions/margined", "/v2/orders"):
            venue.get(each).respond(200, json={"success": True, "result": rows if each == path else []})

        with pytest.raises(BrokerUnreachableError):
            await adapter.account_snapshot(create_credentials(read_only=True))


async def test_order_answer_without_what_is_documented_proves_nothing(adapter: DeltaAdapter) -> None:
    with respx.mock(base_url=BASE) as venue:
        venue.get("/v2/orders/client_order_id/cs1").respond(200, json={"success": True, "result": {"id": 11}})

        with pytest.raises(BrokerUnreachableError):
            await adapter.find_order("cs1", credentials=create_credentials(read_only=True))
