"""The gateway as a real process: who gets through, and what travels."""

import socket
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from gateway.route_table import CALLERS, ROUTE_TABLE, Caller, Row
from shared.identity import ActorType, Identity, mint_identity, verify_proof
from shared.ids import CorrelationId, CustomerId, uuid7
from shared.keys import Issuer, Purpose, TrustStore, make_signing_key
from tests.gateway_alone import GatewayAlone, running_gateway

DELIVERABLES = "/api/v1/deliverables"
EXECUTE = f"/api/v1/deliverables/{uuid4()}/execute"


@pytest.fixture(scope="module")
def gateway() -> Iterator[GatewayAlone]:
    with running_gateway() as alone:
        yield alone


@pytest.mark.parametrize("row", ROUTE_TABLE, ids=lambda row: f"{row.method} {row.path}")
def test_each_row_lets_through_exactly_its_callers(gateway: GatewayAlone, row: Row) -> None:
    path = _filled(row)

    answers = {caller: _call(gateway, row, path, caller) for caller in Caller}

    assert {caller for caller, answer in answers.items() if answer.status_code == 200} == row.callers
    refused = [answer for caller, answer in answers.items() if caller not in row.callers]
    assert all((answer.status_code, answer.json()["reason"]) == (403, "not_allowed") for answer in refused)


def test_customers_reach_nothing_internal_and_portals_nothing_else() -> None:
    internal = [row for row in ROUTE_TABLE if row.path.startswith("/internal/")]
    public = [row for row in ROUTE_TABLE if not row.path.startswith("/internal/")]

    assert internal
    assert public
    assert not [row for row in internal if Caller.CUSTOMER in row.callers]
    assert not [row for row in public if Caller.PORTAL in row.callers]


def test_a_request_arrives_as_it_was_sent_with_a_proof_for_exactly_its_path(gateway: GatewayAlone) -> None:
    token = gateway.customer_token()

    with gateway.client(token) as client:
        seen = client.post(
            f"{EXECUTE}?a=1&b=%20", json={"approval_id": "x"}, headers={"Idempotency-Key": "k"}
        ).json()

    assert (seen["method"], seen["path"], seen["query"]) == ("POST", EXECUTE, "a=1&b=%20")
    assert seen["body"] == '{"approval_id":"x"}'
    assert seen["headers"]["idempotency-key"] == "k"
    assert seen["headers"]["authorization"] == f"Bearer {token}"
    proof = seen["headers"]["x-gateway-proof"]
    verify_proof(
        proof, identity_token=token, method="POST", path=EXECUTE, trust=TrustStore(gateway.home.trust_file)
    )


def test_the_correlation_id_of_the_token_reaches_plant(gateway: GatewayAlone) -> None:
    correlation_id = uuid7()
    token = gateway.token(ActorType.CUSTOMER, customer_id=uuid7(), correlation_id=correlation_id)

    with gateway.client(token) as client:
        answer = client.get(DELIVERABLES, headers={"X-Correlation-ID": str(correlation_id)})

    assert answer.json()["headers"]["x-correlation-id"] == str(correlation_id)
    assert answer.headers["x-correlation-id"] == str(correlation_id)


@pytest.mark.parametrize(
    "name",
    [
        "X-Metering-Cost", "X-Customer-Id", "X-Operator-Id", "X-Internal-Actor", "X-Forwarded-For", "X-Real-IP",
        "X-Forwarded-Host", "Forwarded", "Cookie", "X-Anything-Else", "Proxy-Authorization", "Via", "TE",
    ],
)  # fmt: skip
def test_a_spoofed_header_is_dropped(gateway: GatewayAlone, name: str) -> None:
    with gateway.as_customer() as client:
        seen = client.get(DELIVERABLES, headers={name: "spoofed"}).json()

    assert "spoofed" not in seen["headers"].values()


def test_a_spoofed_proof_is_replaced(gateway: GatewayAlone) -> None:
    with gateway.as_customer() as client:
        seen = client.get(DELIVERABLES, headers={"X-Gateway-Proof": "spoofed"}).json()

    assert seen["headers"]["x-gateway-proof"].count(".") == 2


def test_of_plants_headers_only_listed_ones_come_back(gateway: GatewayAlone) -> None:
    with gateway.as_customer() as client:
        answer = client.get(f"{DELIVERABLES}?mode=headers")

    assert answer.headers["etag"] == '"7"'
    assert not {"set-cookie", "x-internal-note", "x-metering-cost"} & set(answer.headers)


def test_a_caller_without_a_valid_token_is_401(gateway: GatewayAlone) -> None:
    for name, token in _bad_tokens(gateway).items():
        with gateway.client(token) as client:
            answer = client.get(DELIVERABLES)

        assert (answer.status_code, answer.json()["reason"]) == (401, "unauthenticated"), name


def test_two_authorization_headers_are_401(gateway: GatewayAlone) -> None:
    pair = [("Authorization", f"Bearer {gateway.customer_token()}")] * 2

    answer = httpx.get(f"{gateway.url}{DELIVERABLES}", headers=pair, trust_env=False)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("actor_type", "issuer"),
    [pair for pair in ((a, i) for a in ActorType for i in Issuer) if (pair[1], pair[0]) not in CALLERS],
)
def test_a_service_that_speaks_for_whom_it_may_not_is_403(
    gateway: GatewayAlone, actor_type: ActorType, issuer: Issuer
) -> None:
    token = gateway.token(actor_type, issuer=issuer, customer_id=uuid7(), roles=("admin",))

    with gateway.client(token) as client:
        answers = [client.get(DELIVERABLES), client.put("/internal/v1/approvals", json={})]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_token_without_a_customer_is_403_where_a_customer_is_needed(gateway: GatewayAlone) -> None:
    with gateway.client(gateway.token(ActorType.CUSTOMER)) as client:
        assert client.get(DELIVERABLES).status_code == 403


@pytest.mark.parametrize(
    ("roles", "path", "expected"),
    [
        ((), "/internal/v1/kill-switches", (403, 403)),
        (("viewer",), "/internal/v1/kill-switches", (200, 403)),
        (("operator",), "/internal/v1/kill-switches", (200, 200)),
        (("operator",), "/internal/v1/entitlements", (200, 403)),
        (("admin",), "/internal/v1/entitlements", (200, 200)),
        (("root",), "/internal/v1/entitlements", (403, 403)),
    ],
)
def test_an_operator_needs_the_rows_role(
    gateway: GatewayAlone, roles: tuple[str, ...], path: str, expected: tuple[int, int]
) -> None:
    target = f"{path}/{uuid4()}"
    read = target if "entitlements" in path else path

    with gateway.client(gateway.token(ActorType.OPERATOR, issuer=Issuer.PP, roles=roles)) as client:
        statuses = (client.get(read).status_code, client.put(target, json={}).status_code)

    assert statuses == expected


@pytest.mark.parametrize(
    "target",
    [
        "/", "/api/v1", "/api/v1/nothing", "/internal/v1/credential-bundles", "/docs",
        f"{DELIVERABLES}/", f"/{DELIVERABLES}", f"{DELIVERABLES}//x", f"{DELIVERABLES}/..", f"{DELIVERABLES}/.",
        f"{DELIVERABLES}/%2e%2e", f"{DELIVERABLES}/%2E", f"{DELIVERABLES}/a%2fb", f"{DELIVERABLES}/a%2Fexecute",
        f"{DELIVERABLES}/../../../internal/v1/approvals", f"{DELIVERABLES}/..%2f..%2finternal%2fv1%2fapprovals",
        f"{DELIVERABLES}/a%00b", f"{DELIVERABLES}/a%0d%0ab", f"{DELIVERABLES}/a;b", f"{DELIVERABLES}/a\\b",
        f"{DELIVERABLES}/%61", "/%61pi/v1/deliverables", "/api/v1/Deliverables", f"{DELIVERABLES}/a%252fb",
        "/api/v1/./deliverables", "/api/v1/x/../deliverables",
    ],
)  # fmt: skip
def test_a_path_that_is_no_row_word_for_word_is_404_and_reaches_nobody(
    gateway: GatewayAlone, target: str
) -> None:
    before = gateway.ledger

    status = _raw_status(gateway, f"GET {target} HTTP/1.1")

    assert status == 404
    assert gateway.ledger == before


def test_an_absolute_target_gets_no_further_than_its_path(gateway: GatewayAlone) -> None:
    before = gateway.ledger

    outside = _raw_status(gateway, "GET http://elsewhere.test/internal/v1/nothing HTTP/1.1")
    inside = _raw_status(gateway, "GET http://elsewhere.test/internal/v1/kill-switches HTTP/1.1")

    assert (outside, inside) == (404, 403)
    assert gateway.ledger == before


def test_a_wrong_method_is_405(gateway: GatewayAlone) -> None:
    with gateway.as_customer() as client:
        assert client.delete(DELIVERABLES).status_code == 405
        assert client.get(EXECUTE).status_code == 405


def test_a_body_beyond_the_rows_limit_is_413_and_reaches_nobody(gateway: GatewayAlone) -> None:
    before = gateway.ledger

    with gateway.as_customer() as client:
        at_limit = client.post(EXECUTE, content=b"x" * 64 * 1024)
        declared = client.post(EXECUTE, content=b"x" * (64 * 1024 + 1))
        chunked = client.post(EXECUTE, content=iter([b"x" * 40_000, b"x" * 40_000]))
        on_get = client.request("GET", DELIVERABLES, content=b"x")

    assert at_limit.status_code == 200
    assert [answer.status_code for answer in (declared, chunked, on_get)] == [413, 413, 413]
    assert gateway.ledger == [*before, f"POST {EXECUTE}"]


def test_every_row_is_documented(gateway: GatewayAlone) -> None:
    document = httpx.get(f"{gateway.url}/openapi.json", trust_env=False).json()

    documented = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert {(row.method, row.path) for row in ROUTE_TABLE} <= documented


def _call(gateway: GatewayAlone, row: Row, path: str, caller: Caller) -> httpx.Response:
    issuer, actor_type = next(pair for pair, name in CALLERS.items() if name is caller)
    token = gateway.token(actor_type, issuer=issuer, customer_id=uuid7(), roles=("admin",))
    with gateway.client(token) as client:
        return client.request(row.method, path, json={} if row.body_limit else None)


def _filled(row: Row) -> str:
    segments = (str(uuid4()) if segment.startswith("{") else segment for segment in row.path.split("/"))
    return "/".join(segments)


def _bad_tokens(gateway: GatewayAlone) -> dict[str, str | None]:
    good = gateway.customer_token()
    customer = CustomerId(uuid7())
    identity = Identity(Issuer.CP, ActorType.CUSTOMER, str(customer), customer, CorrelationId(uuid7()))
    stranger = make_signing_key(gateway.home.root / "stranger", issuer=Issuer.CP, purpose=Purpose.IDENTITY)
    return {
        "none": None,
        "nonsense": "nonsense",
        "cut": good[:-4],
        "signature of another": good.rsplit(".", 1)[0] + "." + gateway.customer_token().rsplit(".", 1)[1],
        "untrusted key": mint_identity(identity, key=stranger, audience=Issuer.PLANT),
        "meant for another service": mint_identity(identity, key=gateway.key(Issuer.CP), audience=Issuer.PP),
    }


def _raw_status(gateway: GatewayAlone, request_line: str) -> int:
    """Send a request line exactly as written; HTTP clients tidy paths up."""
    head = f"{request_line}\r\nHost: localhost\r\nAuthorization: Bearer {gateway.customer_token()}\r\n"
    with socket.create_connection(("127.0.0.1", gateway.ports.gateway), timeout=5) as connection:
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        return int(connection.makefile("rb").readline().split()[1])
