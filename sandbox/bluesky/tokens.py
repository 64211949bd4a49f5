"""The sessions' tokens: real JWTs of three parts, signed with a key that a reset throws away."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from sandbox.social.call import SocialError

ACCESS_S = 2 * 3_600
REFRESH_S = 90 * 24 * 3_600
ACCESS, REFRESH = "com.atproto.appPass", "com.atproto.refresh"
AUDIENCE = "did:web:bluesky.test"


@dataclass(slots=True)
class TokenMint:
    """`spent` holds the ids of refresh tokens that were used: each is good once."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    spent: set[str] = field(default_factory=set[str])

    def issue(self, did: str, *, scope: str, now_s: float) -> str:
        life_s = ACCESS_S if scope == ACCESS else REFRESH_S
        claims = {
            "scope": scope,
            "sub": did,
            "aud": AUDIENCE,
            "iat": int(now_s),
            "exp": int(now_s) + life_s,
            "jti": secrets.token_urlsafe(16),
        }
        kind = "at+jwt" if scope == ACCESS else "refresh+jwt"
        signed = f"{_encode({'typ': kind, 'alg': 'HS256'})}.{_encode(claims)}"
        return f"{signed}.{self._sign(signed)}"

    def read(self, token: str, *, scope: str, now_s: float) -> dict[str, Any]:
        """Raises: SocialError for a token that is not ours, not of this scope, expired, or spent."""
        signed, _, signature = token.rpartition(".")
        if signed.count(".") != 1 or not hmac.compare_digest(signature.encode(), self._sign(signed).encode()):
            raise SocialError(400, "InvalidToken", "Token could not be verified")
        claims: dict[str, Any] = json.loads(_decode(signed.split(".")[1]))
        if claims["scope"] != scope or claims["jti"] in self.spent:
            raise SocialError(400, "InvalidToken", "Bad token scope")
        if claims["exp"] <= now_s:
            raise SocialError(400, "ExpiredToken", "Token has expired")
        return claims

    def _sign(self, signed: str) -> str:
        return _base64(hmac.new(self.key, signed.encode(), hashlib.sha256).digest())


def _encode(value: object) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
