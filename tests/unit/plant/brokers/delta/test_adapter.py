"""How each answer of the exchange to an order is sorted: accepted, refused, not sent, or unknown."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
import respx
from delta_rest_client.delta_rest_client import generate_signature  # pyright: ignore[reportUnknownVariableType]  untyped
from pydantic import SecretStr

from plant.brokers.base import (
    Accepted,
    NotSent,
    ReadOnlyCredentialError,
    Refused,
    Unknown,
)
from plant.brokers.delta.adapter import DeltaAdapter
from plant.brokers.delta.endpoints import EndpointNotAllowedError, check_allowed
from plant.brokers.delta.signing import signed_headers
from plant.permits import Permit, PermitMismatchError
from shared.clock import utc_now
from shared.ids import ActionHash, ExecutionId
from tests.unit.plant.brokers.delta.create import (
    BASE,
    ORDER,
    create_action,
    create_credentials,
    create_permit,
    prepare,
    refusal,
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.Response(200, json={"success": True, "result": ORDER}), Accepted),
        (httpx.Response(200, json={"success": True, "result": {}}), Unknown),
        (httpx.Response(200, text="{broken"), Unknown),
        (httpx.Response(200, json=[]), Unknown),
        (httpx.Response(400, json=refusal("insufficient_margin")), Refused),
        (httpx.Response(400, json=refusal("InsufficientMargin")), Refused),
        (httpx.Response(401, json=refusal("Signature Mismatch")), Refused),
        (httpx.Response(401, json=refusal("SignatureExpired")), Refused),
        (httpx.Response(400, json=refusal("duplicate_client_order_id")), Unknown),
        (httpx.Response(400, json=refusal("something_new")), Unknown),
        (httpx.Response(429, headers={"X-RATE-LIMIT-RESET": "1500"}, json=refusal("rate")), NotSent),
        (httpx.Response(500, json=refusal("insufficient_margin")), Unknown),
        (httpx.Response(502, text="bad gateway"), Unknown),
        (httpx.Response(503, json=refusal("maintenance")), Unknown),
        (httpx.Response(504), Unknown),
        (httpx.ConnectError("no"), NotSent),
        (httpx.ConnectTimeout("no"), NotSent),
        (httpx.ReadTimeout("slow"), Unknown),
        (httpx.WriteError("cut"), Unknown),
        (httpx.RemoteProtocolError("cut"), Unknown),
    ],
)
async def test_answer_to_an_order_is_sorted(
    adapter: DeltaAdapter, answer: httpx.Response | Exception, expected: type
) -> None:
    with respx.mock(base_url=BASE) as venue:
        route = venue.post("/v2/orders")
        route.side_effect = [answer]

        outcome = await adapter.send(prepare(adapter))

    assert type(outcome) is expected
    assert route.call_count == 1


async def test_exchange_that_repeats_the_key_is_not_quoted_on_it(adapter: DeltaAdapter) -> None:
    prepared = prepare(adapter)
    echo = {"code": "badschema", "context": {"seen": prepared.headers["signature"], "key": "key-1"}}
    with respx.mock(base_url=BASE) as venue:
        venue.post("/v2/orders").respond(400, json={"success": False, "error": echo})

        outcome = await adapter.send(prepared)

    assert isinstance(outcome, Refused)
    assert "key-1" not in outcome.detail
    assert prepared.headers["signature"] not in outcome.detail


async def test_rate_limit_says_how_long_to_wait(adapter: DeltaAdapter) -> None:
    with respx.mock(base_url=BASE) as venue:
        venue.post("/v2/orders").respond(429, headers={"X-RATE-LIMIT-RESET": "1500"}, json=refusal("rate"))

        outcome = await adapter.send(prepare(adapter))

    assert outcome == NotSent("out of rate; nothing was placed", retry_after_s=1.5)


async def test_request_carries_the_approved_parameters_and_the_official_signature(
    adapter: DeltaAdapter,
) -> None:
    with respx.mock(base_url=BASE) as venue:
        route = venue.post("/v2/orders").respond(200, json={"success": True, "result": ORDER})

        await adapter.send(prepare(adapter))

    request = cast("Any", route.calls).last.request  # the library leaves its calls untyped
    body = json.loads(request.content)
    params = create_action().order.model_dump()
    assert body == {**params, "size": 10, "reduce_only": "false", "client_order_id": "cs1"}
    prehash = "POST" + request.headers["timestamp"] + "/v2/orders" + request.content.decode()
    assert request.headers["signature"] == official_signature(prehash)


@pytest.mark.parametrize("query", ["", "?states=open%2Cpending&page_size=50"])
async def test_read_signature_equals_the_official_one(query: str) -> None:
    key, secret = SecretStr("key-1"), SecretStr("secret-1")

    headers = signed_headers(
        "GET", f"/v2/orders{query}", body=b"", api_key=key, api_secret=secret, timestamp=1_700_000_000
    )

    assert headers["signature"] == official_signature(f"GET1700000000/v2/orders{query}")


def official_signature(message: str) -> str:
    return generate_signature("secret-1", message)


async def test_frozen_request_is_not_sent_after_its_signature_ran_out(adapter: DeltaAdapter) -> None:
    late = replace(prepare(adapter), valid_until=utc_now() - timedelta(milliseconds=1))
    with respx.mock(base_url=BASE, assert_all_called=False) as venue:
        route = venue.post("/v2/orders")

        outcome = await adapter.send(late)

    assert isinstance(outcome, NotSent)
    assert not route.called


async def test_permit_for_another_action_signs_nothing(adapter: DeltaAdapter) -> None:
    other = Permit(ActionHash("sha256:" + "0" * 64), ExecutionId(UUID(int=3)))

    with pytest.raises(PermitMismatchError):
        adapter.prepare(create_action(), permit=other, client_order_id="x", credentials=create_credentials())


async def test_read_only_credential_signs_no_order(adapter: DeltaAdapter) -> None:
    action, credentials = create_action(), create_credentials(read_only=True)

    with pytest.raises(ReadOnlyCredentialError):
        adapter.prepare(action, permit=create_permit(action), client_order_id="x", credentials=credentials)


async def test_prepared_order_shows_no_secret(adapter: DeltaAdapter) -> None:
    shown = repr(prepare(adapter)) + repr(create_credentials())

    assert "secret-1" not in shown
    assert "key-1" not in shown


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v2/orders/all"),
        ("POST", "/v2/positions/close_all"),
        ("PUT", "/v2/orders"),
        ("POST", "/v2/orders/batch"),
        ("GET", "/v2/profile"),
        ("GET", "/v2/orders/../profile"),
        ("GET", "/v2/orders/client_order_id/a/b"),
    ],
)
def test_endpoint_off_the_list_is_refused(method: str, path: str) -> None:
    with pytest.raises(EndpointNotAllowedError):
        check_allowed(method, path)
