"""The gateway as a real process: streams, too many callers, and what it says when Plant is in trouble."""

import asyncio
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.gateway_alone import GatewayAlone, running_gateway
from tests.upstream import EVENT_PAUSE_S

DELIVERABLES = "/api/v1/deliverables"
EXECUTE = f"/api/v1/deliverables/{uuid4()}/execute"


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayAlone]:
    with running_gateway() as alone:
        yield alone


@pytest.fixture(scope="module")
def strict_gateway() -> Iterator[GatewayAlone]:
    limits = {"COUNTERSIGN_GATEWAY_READ_RATE_PER_S": "5", "COUNTERSIGN_GATEWAY_MAX_IN_FLIGHT": "2"}
    with running_gateway(limits) as alone:
        yield alone


def test_events_arrive_one_by_one(gateway: GatewayAlone) -> None:
    arrivals: list[float] = []

    with gateway.as_customer() as client, client.stream("GET", f"{DELIVERABLES}?mode=events") as answer:
        for _ in answer.iter_raw():
            arrivals.append(time.monotonic())

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert len(arrivals) == 3
    assert arrivals[1] - arrivals[0] > EVENT_PAUSE_S / 2


def test_plant_breaking_off_a_short_answer_is_502(gateway: GatewayAlone) -> None:
    with gateway.as_customer() as client:
        answer = client.post(f"{EXECUTE}?mode=break_off_short")

    assert (answer.status_code, answer.json()["reason"]) == (502, "plant_answer_lost")


def test_plant_breaking_off_a_stream_breaks_ours(gateway: GatewayAlone) -> None:
    with gateway.as_customer() as client, pytest.raises(httpx.RemoteProtocolError):
        client.get(f"{DELIVERABLES}?mode=break_off_stream")


def test_plant_dying_before_it_answers_is_502_and_nothing_is_sent_twice(gateway: GatewayAlone) -> None:
    before = gateway.ledger

    with gateway.as_customer() as client:
        answer = client.post(f"{EXECUTE}?mode=die")
        gateway.restart_upstream()
        afterwards = client.post(EXECUTE)

    assert (answer.status_code, answer.json()["reason"]) == (502, "plant_answer_lost")
    assert afterwards.status_code == 200
    assert gateway.ledger == [*before, f"POST {EXECUTE}", f"POST {EXECUTE}"]


def test_plant_being_away_is_503_with_a_time_to_come_back(gateway: GatewayAlone) -> None:
    gateway.stop_upstream()

    with gateway.as_customer() as client:
        answer = client.post(EXECUTE)

    gateway.restart_upstream()
    assert (answer.status_code, answer.json()["reason"]) == (503, "plant_unavailable")
    assert int(answer.headers["retry-after"]) >= 1


def test_a_caller_beyond_its_rate_is_429_and_others_are_not(strict_gateway: GatewayAlone) -> None:
    customer_a, customer_b = strict_gateway.customer_token(), strict_gateway.customer_token()

    with strict_gateway.client(customer_a) as client:
        answers = [client.get(DELIVERABLES) for _ in range(20)]
    with strict_gateway.client(customer_b) as client:
        other = client.get(DELIVERABLES)

    refused = [answer for answer in answers if answer.status_code == 429]
    assert answers[0].status_code == 200
    assert refused
    assert refused[0].json()["reason"] == "rate_limited"
    assert int(refused[0].headers["retry-after"]) >= 1
    assert other.status_code == 200


async def test_more_in_flight_than_allowed_is_503_and_the_rest_is_answered(
    strict_gateway: GatewayAlone,
) -> None:
    headers = {"Authorization": f"Bearer {strict_gateway.customer_token()}"}
    async with httpx.AsyncClient(base_url=strict_gateway.url, headers=headers, trust_env=False) as client:
        answers = await asyncio.gather(*(client.post(f"{EXECUTE}?mode=slow") for _ in range(5)))
        afterwards = await client.post(EXECUTE)

    assert sorted(answer.status_code for answer in answers) == [200, 200, 503, 503, 503]
    busy = next(answer for answer in answers if answer.status_code == 503)
    assert busy.json()["reason"] == "gateway_busy"
    assert busy.headers["retry-after"] == "1"
    assert afterwards.status_code == 200
