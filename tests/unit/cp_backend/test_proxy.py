"""The customer portal's passages: what goes along, what does not, and what comes back."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cp_backend.proxy.passages import PASSAGES
from shared.identity import ActorType
from shared.web.passages import Passage
from tests.portals import RunningPortal

RUN = "/api/v1/reference-agents/AGT-TRD-DELTA-001/run"


def concrete(passage: Passage) -> str:
    path = passage.path.replace("{agent_id}", "AGT-TRD-DELTA-001")
    path = path.replace("{agent_type_id}", "trading.delta_futures.v1")
    return re.sub(r"\{\w+\}", str(uuid4()), path)


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: f"{passage.method} {passage.path}")
async def test_anonymous_reaches_nothing(cp: RunningPortal, passage: Passage) -> None:
    answer = await cp.client().request(passage.method, concrete(passage), json={})

    assert answer.status_code == 401
    assert cp.plant.calls == []


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: f"{passage.method} {passage.path}")
async def test_customer_reaches_plant_as_themselves(cp: RunningPortal, passage: Passage) -> None:
    customer_id, http = await cp.customer()
    path = concrete(passage)

    await http.request(passage.method, path, params={"limit": "3"}, json={})

    call = cp.plant.calls[-1]
    assert (call.method, call.path, call.query) == (passage.method, path, "limit=3")
    assert (call.identity.actor_type, call.identity.customer_id) == (ActorType.CUSTOMER, customer_id)


async def test_headers_of_the_browser_do_not_go_along(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    spoofed = {
        "X-Customer-Id": str(uuid4()),
        "X-Operator-Id": "admin",
        "X-Metering-Units": "0",
        "X-Internal-Debug": "1",
        "X-Forwarded-For": "10.0.0.1",
        "X-Gateway-Proof": "forged",
        "Cookie": "countersign_pp=x",
    }

    await http.get("/api/v1/executions", headers=spoofed)

    seen = cp.plant.calls[-1].headers
    assert not set(seen) & {name.lower() for name in spoofed}
    assert seen["Authorization"] != http.headers["Authorization"]


async def test_body_goes_along_byte_for_byte(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    bodies: list[bytes] = []

    def note(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200, json={})

    cp.plant.scripted["POST", RUN] = note
    await http.post(RUN, content=b'{ "units": "0.010",  "unknown": 1 }')

    assert bodies == [b'{ "units": "0.010",  "unknown": 1 }']


async def test_refusal_comes_back_as_it_is(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    problem = {"reason": "risk_denied", "detail": "no", "risk_codes": ["SIZE"], "decision_id": str(uuid4())}
    headers = {"Content-Type": "application/problem+json", "Retry-After": "7", "Set-Cookie": "a=b"}
    cp.plant.scripted["POST", RUN] = lambda _request: httpx.Response(403, json=problem, headers=headers)

    answer = await http.post(RUN, json={}, headers={"X-Correlation-ID": (correlation_id := str(uuid4()))})

    assert (answer.status_code, answer.json()) == (403, problem)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.headers["Retry-After"], answer.headers["X-Correlation-ID"]) == ("7", correlation_id)
    assert "Set-Cookie" not in answer.headers
    assert str(cp.plant.calls[-1].identity.correlation_id) == correlation_id


async def test_plant_down_is_a_503_with_retry_after(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    cp.plant.is_down = True

    answer = await http.get("/api/v1/executions")

    assert (answer.status_code, answer.json()["reason"]) == (503, "plant_unavailable")
    assert "Retry-After" in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/approvals",
        "/api/v1/hired-agents-summary",
        "/internal/v1/approvals",
        "/internal/v1/kill-switches",
        "/api/v1/deliverables/../../internal/v1/kill-switches",
        "/api/v1/reference-agents/a%2Fb/run",
        "/api/pp/approvals",
    ],
)
async def test_path_that_is_not_in_the_table_is_not_found(cp: RunningPortal, path: str) -> None:
    _, http = await cp.customer()

    answer = await http.get(path)

    assert answer.status_code in (404, 405)
    assert cp.plant.calls == []


@pytest.mark.parametrize("agent_id", ["..", "%2e%2e", "a%20b", "-x", "a" * 101])
async def test_odd_parameter_goes_nowhere(cp: RunningPortal, agent_id: str) -> None:
    _, http = await cp.customer()

    answer = await http.post(f"/api/v1/reference-agents/{agent_id}/run", json={})

    assert answer.status_code in (404, 405, 422)
    assert cp.plant.calls == []


async def test_review_that_approves_mints_the_approval(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)
    body = {"decision": "approved", "action_hash": deliverable["draft"]["action_hash"]}

    answer = await http.post(f"/api/v1/deliverables/{deliverable['deliverable_id']}/review", json=body)

    assert (answer.status_code, answer.json()["status"]) == (200, "active")
    assert answer.json()["delivered"] is True


async def test_review_that_approves_needs_the_hash(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)

    answer = await http.post(
        f"/api/v1/deliverables/{deliverable['deliverable_id']}/review", json={"decision": "approved"}
    )

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["action_hash"]


async def test_review_that_rejects_is_passed_on(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)
    path = f"/api/v1/deliverables/{deliverable['deliverable_id']}/review"

    answer = await http.post(path, json={"decision": "rejected", "notes": "no"})

    assert answer.status_code == 200
    call = cp.plant.calls[-1]
    assert (call.path, call.body) == (path, {"decision": "rejected", "notes": "no"})
    assert "PUT /internal/v1/approvals" not in cp.plant.paths()


async def test_passages_are_documented_with_their_bodies(cp: RunningPortal) -> None:
    document: dict[str, Any] = (await cp.client().get("/openapi.json")).json()

    for passage in PASSAGES:
        operation = document["paths"][passage.path][passage.method.lower()]
        assert "200" in operation["responses"]
        assert ("requestBody" in operation) == (passage.body is not None)
        described = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert described >= set(re.findall(r"\{(\w+)\}", passage.path))
