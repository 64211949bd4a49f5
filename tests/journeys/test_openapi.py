"""The OpenAPI documents of all four services are kept: no crash, no undocumented answer, whatever is sent."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure

from cli.docs import Portal, render_openapi
from shared.identity import PROOF_HEADER, ActorType, mint_proof
from shared.ids import uuid7
from shared.keys import Issuer, Purpose
from tests.denied import Scene
from tests.forgery import Pretence, signing_key

# The library's generics are not filled in by the library itself.
Case = Any
Operation = Any
Headers = Callable[[Case], dict[str, str]]

_library: Any = schemathesis
CHECKS = [
    _library.checks.not_a_server_error,
    _library.checks.status_code_conformance,
    _library.checks.content_type_conformance,
    _library.checks.response_schema_conformance,
]
_BOUNDED = settings(
    max_examples=4,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
_SIGNING_OUT = ["/api/auth/logout", "/api/auth/logout-everywhere"]
_STREAMS = ["/api/cp/events", "/api/pp/events"]


def test_customer_portal_keeps_its_document(scene: Scene) -> None:
    assert broken_promises(scene.stack.cp_url, lambda _case: _bearer(scene.http)) == []


def test_platform_portal_keeps_its_document(scene: Scene) -> None:
    assert broken_promises(scene.stack.pp_url, lambda _case: _bearer(scene.operator.http)) == []


def test_gateway_keeps_its_document(scene: Scene) -> None:
    assert broken_promises(scene.stack.gateway_url, lambda case: _identity(scene, case)) == []


def test_plant_keeps_its_document(scene: Scene) -> None:
    key = signing_key(scene.stack, Issuer.GATEWAY, Purpose.IDENTITY)

    def headers(case: Case) -> dict[str, str]:
        identity = _identity(scene, case)
        token = identity["Authorization"].removeprefix("Bearer ")
        return identity | {PROOF_HEADER: mint_proof(token, method=case.method, path=_raw_path(case), key=key)}

    assert broken_promises(scene.stack.plant_url, headers) == []


@pytest.mark.parametrize("portal", Portal)
def test_document_that_is_printed_is_the_one_that_is_served(scene: Scene, portal: Portal) -> None:
    url = scene.stack.cp_url if portal is Portal.CP else scene.stack.pp_url

    served = httpx.get(f"{url}/openapi.json").json()

    assert json.loads(render_openapi(portal)) == served


def broken_promises(url: str, headers: Headers) -> list[str]:
    """Send each operation what its document allows and what it does not; return what went wrong."""
    schema = _library.openapi.from_url(f"{url}/openapi.json").exclude(path=[*_SIGNING_OUT, *_STREAMS])
    operations: list[Operation] = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 15
    return [
        wrong
        for operation in operations
        for mode in GenerationMode
        for wrong in _examine(operation, mode, headers)
    ]


def _examine(operation: Operation, mode: GenerationMode, headers: Headers) -> list[str]:
    @_BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def examine(case: Case) -> None:
        case.call_and_validate(headers=headers(case), checks=CHECKS)

    try:
        examine()
    except Unsatisfiable:
        return []
    except BaseExceptionGroup as failures:
        return [f"{operation.label}: {failure}" for failure in failures.exceptions]
    except Failure as failure:
        return [f"{operation.label}: {failure}"]
    return []


@pytest.fixture(scope="module", autouse=True)
def released_switches(scene: Scene) -> Iterator[None]:
    """Whatever was engaged by chance stops nobody afterwards."""
    yield
    headers = _bearer(scene.operator.http)
    with httpx.Client(base_url=scene.stack.pp_url, headers=headers) as http:
        for switch in http.get("/api/pp/kill-switches").json()["items"]:
            if switch["engaged"]:
                body = {"engaged": False, "reason": "after a test"}
                http.put(f"/api/pp/kill-switches/{switch['scope']}", json=body).raise_for_status()


def _bearer(http: httpx.AsyncClient) -> dict[str, str]:
    return {"Authorization": http.headers["Authorization"]}


def _identity(scene: Scene, case: Case) -> dict[str, str]:
    """A token of whoever may use this path."""
    deliveries = (
        "/internal/v1/approval",
        "/internal/v1/exchange-accounts",
        "/internal/v1/policy-denials",
        "/internal/v1/subscriptions",
        "/internal/v1/platform-accounts",
    )
    if case.path.startswith(deliveries):
        issuer, actor_type = Issuer.CP, ActorType.SERVICE
    elif case.path.startswith("/internal/"):
        issuer, actor_type = Issuer.PP, ActorType.OPERATOR
    else:
        issuer, actor_type = Issuer.CP, ActorType.CUSTOMER
    key = signing_key(scene.stack, issuer, Purpose.IDENTITY)
    pretence = Pretence(key, issuer, actor_type, scene.customer_id, ("admin",))
    return {"Authorization": f"Bearer {pretence.token(uuid7())}"}


def _raw_path(case: Case) -> str:
    """The path as it will be on the wire."""
    sendable = case.as_transport_kwargs()
    return requests.Request(sendable["method"], sendable["url"]).prepare().path_url.partition("?")[0]
