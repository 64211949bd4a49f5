"""Statements that nobody should believe: approvals minted with any key, delivered at the real door.

A delivery needs a portal's identity token, so the forger here is one who stole that key too.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from shared.approvals.claims import TYP, ApprovalClaims
from shared.approvals.mint import Lifetimes, make_claims
from shared.clock import utc_now
from shared.contracts.approvals import Approver, Preconditions
from shared.contracts.trading import DraftRunResponse
from shared.identity import ActorType, Identity, mint_identity
from shared.ids import ApprovalId, CorrelationId, CustomerId, DeliverableId, uuid7
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, load_signing_key
from tests.actors import TIMEOUT_S
from tests.stack import Stack

DELIVERY = "/internal/v1/approvals"


@dataclass(frozen=True, slots=True)
class Pretence(httpx.Auth):
    """Signs each request with a fresh identity token, as the service or person of the given fields."""

    key: SigningKey
    issuer: Issuer
    actor_type: ActorType
    customer_id: UUID | None
    roles: tuple[str, ...] = ()
    audience: Issuer = Issuer.PLANT

    def token(self, correlation_id: UUID) -> str:
        identity = Identity(
            issuer=self.issuer,
            actor_type=self.actor_type,
            actor_id=str(uuid7()),
            customer_id=CustomerId(self.customer_id) if self.customer_id else None,
            correlation_id=CorrelationId(correlation_id),
            roles=self.roles,
        )
        return mint_identity(identity, key=self.key, audience=self.audience)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        correlation_id = UUID(request.headers.get("X-Correlation-ID", str(uuid7())))
        request.headers["Authorization"] = f"Bearer {self.token(correlation_id)}"
        yield request


def signing_key(stack: Stack, issuer: Issuer, purpose: Purpose) -> SigningKey:
    return load_signing_key(stack.keys / issuer, issuer=issuer, purpose=purpose)


def at_gateway(
    stack: Stack,
    *,
    customer_id: UUID | None,
    issuer: Issuer = Issuer.CP,
    actor_type: ActorType = ActorType.SERVICE,
    roles: tuple[str, ...] = (),
) -> httpx.AsyncClient:
    """Speak to the gateway as a portal does, with the portal's own identity key."""
    key = signing_key(stack, issuer, Purpose.IDENTITY)
    pretence = Pretence(key, issuer, actor_type, customer_id, roles)
    return httpx.AsyncClient(base_url=stack.gateway_url, auth=pretence, timeout=TIMEOUT_S)


def approval_claims(
    drafted: DraftRunResponse,
    *,
    issuer: Issuer = Issuer.CP,
    valid_for: timedelta = timedelta(minutes=15),
    is_for_deliverable: bool = True,
) -> ApprovalClaims:
    """What a genuine approval of the draft would say."""
    action, plan = drafted.draft.action, drafted.draft.plan
    assert plan is not None
    return make_claims(
        action,
        approval_id=ApprovalId(uuid7()),
        issuer=issuer,
        approver=Approver(type="customer", id=action.customer_id, method="session"),
        deliverable_id=DeliverableId(drafted.deliverable_id) if is_for_deliverable else None,
        preconditions=Preconditions(price_shown=plan.price_shown, allowed_drift_bps=plan.allowed_drift_bps),
        lifetimes=Lifetimes(trade=valid_for),
        now=utc_now(),
    )


def sign_raw(header: Mapping[str, Any], claims: Mapping[str, Any], *, key: SigningKey) -> str:
    """Sign with Ed25519 whatever the header says."""
    signing_input = f"{_part(header)}.{_part(claims)}"
    signature = key.jwk.get_op_key("sign").sign(signing_input.encode())  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportAttributeAccessIssue]  untyped key
    return f"{signing_input}.{_text(bytes(signature))}"  # pyright: ignore[reportUnknownArgumentType]


def sign_not_at_all(claims: Mapping[str, Any], *, kid: str) -> str:
    return f"{_part({'alg': 'none', 'typ': TYP, 'kid': kid})}.{_part(claims)}."


def sign_with_public_key_as_secret(claims: Mapping[str, Any], *, kid: str, trust_file: Path) -> str:
    """HS256 with the bytes of the trusted public key: what a verifier that lets the header choose accepts."""
    trusted = TrustStore(trust_file).find(kid, purpose=Purpose.APPROVAL)
    assert trusted is not None
    public = base64.urlsafe_b64decode(str(trusted.jwk.as_dict(private=False)["x"]) + "=")
    signing_input = f"{_part({'alg': 'HS256', 'typ': TYP, 'kid': kid})}.{_part(claims)}"
    return f"{signing_input}.{_text(hmac.digest(public, signing_input.encode(), hashlib.sha256))}"


def edited(statement: str, **changes: Any) -> str:
    """The same signature over other claims."""
    header, payload, signature = statement.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return f"{header}.{_part(claims | changes)}.{signature}"


def _part(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":"), sort_keys=True, default=str).encode())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
