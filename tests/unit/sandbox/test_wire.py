"""Faults of the answer, on a real TCP connection: what the client gets, and what the venue did."""

import asyncio
import time

import httpx
import pytest

from tests.unit.sandbox.traders import HttpTrader, Json

ORDERS = {"method": "POST", "path": "/v2/orders"}


async def test_accept_then_drop_closes_the_connection_after_the_order(trader: HttpTrader) -> None:
    await trader.plant("accept_then_drop", match=ORDERS)

    with pytest.raises(httpx.RemoteProtocolError):
        await trader.place(client_order_id="lost")

    assert [order["client_order_id"] for order in await trader.history()] == ["lost"]
    entry = (await trader.ledger(method="POST"))[0]
    assert entry["status"] is None
    assert entry["order_id"] == (await trader.history())[0]["id"]


async def test_drop_before_accept_closes_the_connection_without_an_order(trader: HttpTrader) -> None:
    await trader.plant("drop_before_accept", match=ORDERS)

    with pytest.raises(httpx.RemoteProtocolError):
        await trader.place()

    assert await trader.history() == []
    entry = (await trader.ledger(method="POST"))[0]
    assert entry["status"] is None
    assert "order_id" not in entry


async def test_drop_sends_not_a_single_byte(trader: HttpTrader) -> None:
    await trader.plant("drop_before_accept")
    url = trader.client.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)

    writer.write(b"GET /delta/v2/products HTTP/1.1\r\nhost: x\r\nuser-agent: t\r\n\r\n")
    received = await reader.read()

    writer.close()
    assert received == b""


async def test_connection_works_again_after_a_drop(trader: HttpTrader) -> None:
    await trader.plant("drop_before_accept", match=ORDERS)
    with pytest.raises(httpx.RemoteProtocolError):
        await trader.place()

    answer = await trader.place()

    assert answer.status_code == 200


@pytest.mark.parametrize(("fault", "orders"), [("error_before", 0), ("error_after", 1)])
@pytest.mark.parametrize("status", [400, 500, 502, 504])
async def test_error_answers_with_its_status(
    trader: HttpTrader, fault: str, orders: int, status: int
) -> None:
    await trader.plant(fault, match=ORDERS, params={"status": status})

    answer = await trader.place()

    assert answer.status_code == status
    assert answer.json()["success"] is False
    assert len(await trader.history()) == orders
    assert [entry["status"] for entry in await trader.ledger(method="POST")] == [status]


async def test_slow_answers_late_although_the_order_is_there_at_once(trader: HttpTrader) -> None:
    await trader.plant("slow", match=ORDERS, params={"seconds": 0.3})

    started = time.perf_counter()
    placing = asyncio.create_task(trader.place())
    await asyncio.sleep(0.1)
    seen_meanwhile = await trader.history()
    answer = await placing

    assert len(seen_meanwhile) == 1
    assert answer.status_code == 200
    assert time.perf_counter() - started >= 0.3


async def test_malformed_answers_with_broken_json_after_the_order(trader: HttpTrader) -> None:
    await trader.plant("malformed", match=ORDERS)

    answer = await trader.place()

    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"(?i)expecting|unterminated|delimiter"):
        answer.json()
    assert len(await trader.history()) == 1


async def test_rate_limit_tells_the_milliseconds_and_places_nothing(trader: HttpTrader) -> None:
    await trader.plant("rate_limit", match=ORDERS, params={"reset_ms": 1_234})

    answer = await trader.place()

    assert answer.status_code == 429
    assert answer.headers["X-RATE-LIMIT-RESET"] == "1234"
    assert await trader.history() == []


async def test_maintenance_refuses_everything_until_it_is_cleared(trader: HttpTrader) -> None:
    await trader.plant("maintenance", times=1)

    statuses = [(await trader.call("GET", "/v2/products")).status_code for _ in range(3)]
    statuses.append((await trader.place()).status_code)

    assert statuses == [503, 503, 503, 503]
    await trader.client.delete("/_control/faults")
    assert (await trader.place()).status_code == 200


async def test_fault_is_used_up_after_its_times(trader: HttpTrader) -> None:
    await trader.plant("error_before", match=ORDERS, times=2, params={"status": 500})

    statuses = [(await trader.place()).status_code for _ in range(3)]

    assert statuses == [500, 500, 200]


@pytest.mark.parametrize(
    ("match", "is_met"),
    [
        ({}, True),
        ({"method": "POST"}, True),
        ({"method": "post"}, True),
        ({"method": "GET"}, False),
        ({"path": "/v2/orders"}, True),
        ({"path": "/delta/v2/orders"}, True),
        ({"path": "/v2/fills"}, False),
        ({"api_key": "demo-key-a"}, True),
        ({"api_key": "demo-key-b"}, False),
        ({"method": "POST", "path": "/v2/fills"}, False),
    ],
    ids=str,
)
async def test_fault_meets_the_requests_that_it_names(
    trader: HttpTrader, match: Json, *, is_met: bool
) -> None:
    await trader.plant("error_before", match=match, params={"status": 500})

    answer = await trader.place()

    assert (answer.status_code == 500) is is_met


async def test_order_fault_and_answer_fault_meet_the_same_order(trader: HttpTrader) -> None:
    await trader.plant("partial_fill", match=ORDERS, params={"size": 3})
    await trader.plant("accept_then_drop", match=ORDERS)

    with pytest.raises(httpx.RemoteProtocolError):
        await trader.place(client_order_id="both")

    order = (await trader.call("GET", "/v2/orders/client_order_id/both")).json()["result"]
    assert (order["state"], order["unfilled_size"]) == ("open", 7)


async def test_body_past_the_bound_is_refused(trader: HttpTrader) -> None:
    answer = await trader.place(padding="x" * 1_100_000)

    assert answer.status_code == 413
    assert await trader.history() == []


async def test_late_reject_happens_without_anyone_moving_the_clock(trader: HttpTrader) -> None:
    await trader.plant("late_reject", match=ORDERS, params={"delay_s": 0.05})
    order = (await trader.place()).json()["result"]
    assert order["state"] == "open"

    await asyncio.sleep(0.06)

    assert [row["state"] for row in await trader.history()] == ["cancelled"]
