"""Who is calling: the short-lived token a portal mints for each call, and the gateway's proof on top.

portal --(identity token)--> gateway --(identity token + proof bound to it)--> Plant; Plant checks both.
"""

import hashlib
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.ids import CorrelationId, CustomerId
from shared.keys import Issuer, Purpose, SigningKey, TrustStore
from shared.tokens import MalformedTokenError, UntrustedKeyError, sign, verify

IDENTITY_HEADER = "Authorization"
PROOF_HEADER = "X-Gateway-Proof"
LIFETIME_S = 30
CLOCK_LEEWAY_S = 5
_IDENTITY_TYP = "identity+jwt"
_PROOF_TYP = "gateway-proof+jwt"


class ActorType(StrEnum):
    CUSTOMER = "customer"
    OPERATOR = "operator"
    SERVICE = "service"


class IdentityRefusedError(Exception):
    """The caller's token is missing, forged, expired, or meant for somebody else."""


@dataclass(frozen=True, slots=True)
class Identity:
    """`customer_id` is whose data the call is bound to; an operator's overview call has none."""

    issuer: Issuer
    actor_type: ActorType
    actor_id: str
    customer_id: CustomerId | None
    correlation_id: CorrelationId
    roles: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        return f"{self.actor_type}:{self.actor_id}"


def mint_identity(identity: Identity, *, key: SigningKey, audience: Issuer) -> str:
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": identity.issuer,
        "aud": audience,
        "act": {"type": identity.actor_type, "id": identity.actor_id, "roles": list(identity.roles)},
        "cid": str(identity.correlation_id),
        "iat": now,
        "exp": now + LIFETIME_S,
    }
    if identity.customer_id is not None:
        claims["sub"] = str(identity.customer_id)
    return sign(claims, key=key, typ=_IDENTITY_TYP)


def verify_identity(token: str, *, audience: Issuer, trust: TrustStore) -> Identity:
    """Raises: IdentityRefusedError."""
    claims = _verified_claims(token, typ=_IDENTITY_TYP, audience=audience, trust=trust)
    try:
        return Identity(
            issuer=Issuer(claims["iss"]),
            actor_type=ActorType(claims["act"]["type"]),
            actor_id=str(claims["act"]["id"]),
            customer_id=CustomerId(UUID(claims["sub"])) if "sub" in claims else None,
            correlation_id=CorrelationId(UUID(claims["cid"])),
            roles=tuple(claims["act"]["roles"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise IdentityRefusedError("the identity token lacks a claim") from error


def bearer_token(authorization: str | None) -> str:
    """Raises: IdentityRefusedError when there is no bearer token."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise IdentityRefusedError("no bearer token")
    return token.strip()


def mint_proof(identity_token: str, *, method: str, path: str, key: SigningKey) -> str:
    now = int(time.time())
    claims = {
        "iss": Issuer.GATEWAY,
        "aud": Issuer.PLANT,
        "iat": now,
        "exp": now + LIFETIME_S,
        "tok": _digest(identity_token),
        "htm": method,
        "htp": path,
    }
    return sign(claims, key=key, typ=_PROOF_TYP)


def verify_proof(proof: str, *, identity_token: str, method: str, path: str, trust: TrustStore) -> None:
    """Check that the gateway let exactly this token, method and path through.

    Raises: IdentityRefusedError.
    """
    claims = _verified_claims(proof, typ=_PROOF_TYP, audience=Issuer.PLANT, trust=trust)
    expected = (Issuer.GATEWAY, _digest(identity_token), method, path)
    if (claims.get("iss"), claims.get("tok"), claims.get("htm"), claims.get("htp")) != expected:
        raise IdentityRefusedError("the gateway's proof is for another request")


def _verified_claims(token: str, *, typ: str, audience: Issuer, trust: TrustStore) -> dict[str, Any]:
    try:
        claims = verify(token, typ=typ, purpose=Purpose.IDENTITY, trust=trust).claims
    except (MalformedTokenError, UntrustedKeyError) as error:
        raise IdentityRefusedError("the token does not verify") from error
    now = time.time()
    issued_at, expires_at = claims.get("iat"), claims.get("exp")
    if not isinstance(issued_at, int) or not isinstance(expires_at, int):
        raise IdentityRefusedError("the token has no times")
    if claims.get("aud") != audience:
        raise IdentityRefusedError("the token is meant for another service")
    if now > expires_at or issued_at > now + CLOCK_LEEWAY_S or expires_at - issued_at > 60:
        raise IdentityRefusedError("the token is expired, or valid for too long")
    return claims


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
