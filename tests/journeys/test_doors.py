"""The doors: Plant answers the gateway only, the gateway the portals only; no header makes anybody somebody else."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared.identity import PROOF_HEADER, ActorType, mint_proof
from shared.keys import Issuer, Purpose, SigningKey
from shared.tokens import sign
from tests.denied import Scene
from tests.forgery import Pretence, at_gateway, signing_key
from tests.stack import Stack
from tests.trades import RUN

PATH = "/api/v1/deliverables"


@dataclass(frozen=True, slots=True)
class Knocker:
    """Somebody who stands in front of Plant itself, with every key of the stack in hand."""

    stack: Stack
    customer_id: UUID

    def key(self, issuer: Issuer, purpose: Purpose = Purpose.IDENTITY) -> SigningKey:
        return signing_key(self.stack, issuer, purpose)

    def token(self, **changes: Any) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": "cp",
            "aud": "plant",
            "sub": str(self.customer_id),
            "act": {"type": "customer", "id": str(self.customer_id), "roles": []},
            "cid": str(uuid4()),
            "iat": now,
            "exp": now + 30,
        }
        return sign(claims | changes, key=self.key(Issuer.CP), typ="identity+jwt")

    def proof(
        self, token: str, *, method: str = "GET", path: str = PATH, key: SigningKey | None = None
    ) -> str:
        return mint_proof(token, method=method, path=path, key=key or self.key(Issuer.GATEWAY))

    def knock(self, token: str | None, proof: str | None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {PROOF_HEADER: proof} if proof else {}
        return httpx.get(f"{self.stack.plant_url}{PATH}", headers=headers, timeout=10, trust_env=False)


@pytest.fixture
def knocker(scene: Scene) -> Knocker:
    return Knocker(scene.stack, scene.customer_id)


def test_token_with_the_gateways_proof_is_let_in(knocker: Knocker) -> None:
    token = knocker.token()

    assert knocker.knock(token, knocker.proof(token)).status_code == 200


def _with_its_proof(token_of: Callable[[Knocker], str]) -> Callable[[Knocker], httpx.Response]:
    def attempt(knocker: Knocker) -> httpx.Response:
        token = token_of(knocker)
        return knocker.knock(token, knocker.proof(token))

    return attempt


def _with_proof(proof_of: Callable[[Knocker, str], str | None]) -> Callable[[Knocker], httpx.Response]:
    def attempt(knocker: Knocker) -> httpx.Response:
        token = knocker.token()
        return knocker.knock(token, proof_of(knocker, token))

    return attempt


PAST_THE_GATEWAY: dict[str, Callable[[Knocker], httpx.Response]] = {
    "nothing at all": lambda k: k.knock(None, None),
    "no proof": _with_proof(lambda _k, _token: None),
    "no token": lambda k: k.knock(None, k.proof(k.token())),
    "proof of another path": _with_proof(lambda k, token: k.proof(token, path="/api/v1/executions")),
    "proof of a longer path": _with_proof(lambda k, token: k.proof(token, path=f"{PATH}/{uuid4()}")),
    "proof of another method": _with_proof(lambda k, token: k.proof(token, method="POST")),
    "proof of another token": _with_proof(lambda k, _token: k.proof(k.token())),
    "proof of a portal": _with_proof(lambda k, token: k.proof(token, key=k.key(Issuer.CP))),
    "proof of Plant itself": _with_proof(lambda k, token: k.proof(token, key=k.key(Issuer.PLANT))),
    "the token as its own proof": _with_proof(lambda _k, token: token),
    "expired token": _with_its_proof(lambda k: k.token(exp=int(time.time()) - 1)),
    "token of tomorrow": _with_its_proof(lambda k: k.token(iat=int(time.time()) + 60)),
    "token that lasts too long": _with_its_proof(lambda k: k.token(exp=int(time.time()) + 3_600)),
    "token for another service": _with_its_proof(lambda k: k.token(aud="cp")),
    "token in another's name": _with_its_proof(lambda k: k.token(iss="pp")),
    "token without a person": _with_its_proof(lambda k: k.token(act=None)),
    "token without a time": _with_its_proof(lambda k: k.token(exp=None)),
}


@pytest.mark.parametrize("attempt", PAST_THE_GATEWAY)
def test_nobody_reaches_plant_past_the_gateway(knocker: Knocker, attempt: str) -> None:
    answer = PAST_THE_GATEWAY[attempt](knocker)

    assert (answer.status_code, answer.json()["reason"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("issuer", "audience", "status"),
    [
        (Issuer.CP, Issuer.PLANT, 200),
        (Issuer.CP, Issuer.GATEWAY, 401),
        (Issuer.CP, Issuer.PP, 401),
        (Issuer.GATEWAY, Issuer.PLANT, 403),
        (Issuer.PLANT, Issuer.PLANT, 403),
        (Issuer.PP, Issuer.PLANT, 403),
    ],
)
async def test_gateway_takes_customers_from_the_customer_portal_only(
    scene: Scene, issuer: Issuer, audience: Issuer, status: int
) -> None:
    key = signing_key(scene.stack, issuer, Purpose.IDENTITY)
    auth = Pretence(key, issuer, ActorType.CUSTOMER, scene.customer_id, audience=audience)
    async with httpx.AsyncClient(base_url=scene.stack.gateway_url, auth=auth) as http:
        answer = await http.get(PATH)

    assert answer.status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/internal/v1/oversight/policy-denials",
        "/internal/v1/kill-switches",
        "/internal/v1/approvals",
        "/health/ready/../../internal/v1/kill-switches",
        "/api/v1/../../internal/v1/kill-switches",
        "/api/v1//deliverables",
        "/api/v1/deliverables/%2e%2e/executions",
        "/metrics/../api/v1/deliverables",
    ],
)
async def test_customer_reaches_no_path_that_is_not_on_the_portals_list(scene: Scene, path: str) -> None:
    status = await _status_of_raw_path(scene, path)

    assert status in (404, 405)


def spoofed_headers(victim: Scene) -> dict[str, str]:
    victim_id = str(victim.customer_id)
    return {
        "X-Customer-Id": victim_id,
        "X-Customer-ID": victim_id,
        "X-Operator-Id": str(victim.operator.operator_id),
        "X-Operator-Roles": "admin",
        "X-Internal-Service": "pp",
        "X-Internal-Customer": victim_id,
        "X-Metering-Plan": "unlimited",
        "X-Metering-Tasks-Used": "0",
        "X-Forwarded-User": victim_id,
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Host": "localhost",
        "Forwarded": f"for=127.0.0.1;by={victim_id}",
        PROOF_HEADER: "eyJhbGciOiJub25lIn0.e30.",
        "X-Gateway-Proof-2": "x",
        "X-HTTP-Method-Override": "DELETE",
        "X-Original-URL": "/internal/v1/kill-switches",
        "X-Rewrite-URL": "/internal/v1/kill-switches",
        "Connection": "keep-alive, Authorization, X-Gateway-Proof",
    }


@pytest.mark.parametrize("door", ["portal", "gateway"])
async def test_spoofed_headers_make_nobody_somebody_else(scene: Scene, other_scene: Scene, door: str) -> None:
    theirs = await other_scene.trader.draft()
    own = await scene.trader.draft()
    headers = spoofed_headers(other_scene)
    http = scene.http if door == "portal" else _customer_at_gateway(scene)

    listed = await http.get(PATH, headers=headers, params={"customer_id": str(other_scene.customer_id)})
    peeked = await http.get(f"{PATH}/{theirs.deliverable_id}", headers=headers)
    run = await http.post(RUN, json=other_scene.trader.wish(), headers=headers)
    switch = await http.get("/internal/v1/kill-switches", headers=headers)

    assert listed.status_code == 200
    shown = {item["deliverable_id"] for item in listed.json()["items"]}
    assert str(own.deliverable_id) in shown
    assert {item["customer_id"] for item in listed.json()["items"]} == {str(scene.customer_id)}
    assert (peeked.status_code, peeked.json()["reason"]) == (404, "not_found")
    assert (run.status_code, run.json()["reason"]) == (403, "credential_unavailable")
    assert switch.status_code in (403, 404)


async def test_used_up_plan_is_not_helped_by_metering_headers(scene: Scene, other_scene: Scene) -> None:
    plan = {"plan": "trial", "task_limit": 0}
    path = f"/api/pp/entitlements/{other_scene.customer_id}"
    (await scene.operator.http.put(path, json=plan)).raise_for_status()
    try:
        answer = await other_scene.http.post(
            RUN, json=other_scene.trader.wish(), headers=spoofed_headers(scene)
        )
    finally:
        (await scene.operator.http.put(path, json={"plan": "standard"})).raise_for_status()

    assert (answer.status_code, answer.json()["reason"]) == (403, "trial_limit_reached")


async def test_account_announced_for_another_customer_than_the_tokens_is_refused(
    scene: Scene, other_scene: Scene
) -> None:
    ref = str(uuid4())
    account = {
        "credential_ref": ref,
        "customer_id": str(other_scene.customer_id),
        "provider": "delta_exchange_india",
        "vault": "cp",
        "default_coin": "BTC",
        "allowed_coins": ["BTC"],
        "max_units_per_order": "1",
        "max_notional_inr": None,
        "version": 1,
        "deleted": False,
    }
    async with at_gateway(scene.stack, customer_id=scene.customer_id) as http:
        foreign = await http.put(f"/internal/v1/exchange-accounts/{ref}", json=account)
        other_vault = await http.put(
            f"/internal/v1/exchange-accounts/{ref}",
            json=account | {"customer_id": str(scene.customer_id), "vault": "pp"},
        )
        another_path = await http.put(
            f"/internal/v1/exchange-accounts/{uuid4()}",
            json=account | {"customer_id": str(scene.customer_id)},
        )

    assert [answer.status_code for answer in (foreign, other_vault, another_path)] == [403, 403, 422]


def _customer_at_gateway(scene: Scene) -> httpx.AsyncClient:
    return at_gateway(scene.stack, customer_id=scene.customer_id, actor_type=ActorType.CUSTOMER)


async def _status_of_raw_path(scene: Scene, path: str) -> int:
    """Send the path to the portal as it is written; an HTTP client would tidy it up."""
    port = scene.stack.running.ports.cp
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    token = scene.http.headers["Authorization"]
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
    status_line = await reader.readline()
    writer.close()
    return int(status_line.split()[1])
