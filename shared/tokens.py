"""Signed statements (JWS, EdDSA) between services: sign and verify, with the header pinned.

Every kind of statement has its own `typ`, key purpose and audience, so none can stand in for another.
"""

import json
import warnings
from dataclasses import dataclass
from typing import Any, cast

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning

from shared.keys import Purpose, SigningKey, TrustedKey, TrustStore

_ALGORITHMS = ["EdDSA"]

# RFC 9864 renames the algorithm to "Ed25519"; the approval format says "EdDSA", with Ed25519 keys only.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)


@dataclass(frozen=True, slots=True)
class UntrustedKeyError(Exception):
    kid: str


class MalformedTokenError(Exception):
    """The text is not a statement of the expected kind, or its signature does not verify."""


@dataclass(frozen=True, slots=True)
class Verified:
    key: TrustedKey
    claims: dict[str, Any]


def sign(claims: dict[str, Any], *, key: SigningKey, typ: str) -> str:
    header = {"alg": "EdDSA", "typ": typ, "kid": key.kid}
    payload = json.dumps(claims, separators=(",", ":"), sort_keys=True)
    return jws.serialize_compact(header, payload, key.jwk, algorithms=_ALGORITHMS)


def verify(text: str, *, typ: str, purpose: Purpose, trust: TrustStore) -> Verified:
    """Check signature, header type, key purpose and that the claimed issuer owns the key.

    Raises: UntrustedKeyError for a key id that is not trusted for the purpose;
        MalformedTokenError for anything else that is wrong.
    """
    key = _trusted_key(text, typ=typ, purpose=purpose, trust=trust)
    try:
        payload = jws.deserialize_compact(text, key.jwk, algorithms=_ALGORITHMS).payload
        claims: object = json.loads(payload)
    except (JoseError, ValueError) as error:
        raise MalformedTokenError("the signature does not verify") from error
    if not isinstance(claims, dict):
        raise MalformedTokenError("the payload is not an object")
    typed = cast("dict[str, Any]", claims)
    if typed.get("iss") != key.issuer:
        raise MalformedTokenError("the issuer does not own the key")
    return Verified(key, typed)


def _trusted_key(text: str, *, typ: str, purpose: Purpose, trust: TrustStore) -> TrustedKey:
    try:
        header = jws.extract_compact(text.encode("ascii")).headers()
    except (JoseError, ValueError) as error:
        raise MalformedTokenError("not a compact JWS") from error
    if set(header) != {"alg", "typ", "kid"} or header["typ"] != typ or header["alg"] not in _ALGORITHMS:
        raise MalformedTokenError(f"the header is not that of a {typ!r}")
    key = trust.find(str(header["kid"]), purpose=purpose)
    if key is None:
        raise UntrustedKeyError(str(header["kid"]))
    return key
