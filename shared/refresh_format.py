"""New tokens of a platform on their way back to the vault: what Plant signs, sealed to the tokens it used up.

A JWS of Plant inside a JWE under a key that the vault derives from the record that is to be replaced and gives
out in the bundle for refreshing (shared/bundle_format.py). The key ends with that version of the record, so
what was sealed can be delivered again and again and is taken once. Only `plant.credentials` seals one; only
`shared.vault.refreshes` opens one.
"""

import time
from base64 import urlsafe_b64decode
from uuid import UUID

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import Field, ValidationError

from shared.bundle_format import BundleContents, PlatformTokens, Renewal
from shared.contracts.base import WireModel
from shared.contracts.vault import CredentialRefresh, Token
from shared.keys import Issuer, Purpose, SigningKey, TrustStore
from shared.tokens import MalformedTokenError, UntrustedKeyError, sign, verify

TYP = "credential-refresh+jwt"
JWE_TYP = "credential-refresh+jwe"
MAX_LIFETIME_S = 300
_ALGORITHMS = ["dir", "A256GCM"]
_CLOCK_LEEWAY_S = 5


class RefreshRefusedError(Exception):
    """The text is not sealed to this record, not Plant's, or too old. The text says nothing of its content."""


class RefreshContents(WireModel):
    """Shape: `iat` and `exp` in seconds since the epoch. Whose name the tokens are for cannot be changed."""

    iss: Issuer
    aud: Issuer
    credential_ref: UUID
    customer_id: UUID
    version: int
    access_token: Token
    refresh_token: Token | None
    iat: int = Field(ge=0)
    exp: int = Field(ge=0)


def seal_refresh(released: BundleContents, tokens: PlatformTokens, *, key: SigningKey) -> CredentialRefresh:
    """Requires: the bundle was released for refreshing."""
    assert released.renewal is not None
    now, refresh_token = int(time.time()), tokens.refresh_token
    claims = {
        "iss": key.issuer,
        "aud": released.iss,
        "credential_ref": str(released.credential_ref),
        "customer_id": str(released.customer_id),
        "version": released.renewal.version,
        "access_token": tokens.access_token.get_secret_value(),
        "refresh_token": None if refresh_token is None else refresh_token.get_secret_value(),
        "iat": now,
        "exp": now + MAX_LIFETIME_S,
    }
    header = {"alg": "dir", "enc": "A256GCM", "typ": JWE_TYP}
    signed = sign(claims, key=key, typ=TYP).encode()
    return CredentialRefresh(
        credential_ref=released.credential_ref,
        customer_id=released.customer_id,
        version=released.renewal.version,
        sealed=jwe.encrypt_compact(header, signed, _key_of(released.renewal), algorithms=_ALGORITHMS),
    )


def open_refresh(
    request: CredentialRefresh, *, key: bytes, audience: Issuer, trust: TrustStore
) -> RefreshContents:
    """Decrypt, and check Plant's signature, the times, and that it is for this record.

    Raises: RefreshRefusedError.
    """
    contents = _verified(_decrypted(request.sealed, key=key), trust=trust)
    now = time.time()
    named = (contents.credential_ref, contents.customer_id, contents.version)
    if (contents.iss, contents.aud) != (Issuer.PLANT, audience):
        raise RefreshRefusedError("the tokens are not from Plant to this vault")
    if named != (request.credential_ref, request.customer_id, request.version):
        raise RefreshRefusedError("the tokens are for another credential")
    if (
        contents.exp - contents.iat > MAX_LIFETIME_S
        or contents.iat > now + _CLOCK_LEEWAY_S
        or now >= contents.exp
    ):
        raise RefreshRefusedError("the tokens come too late")
    return contents


def _key_of(renewal: Renewal) -> OctKey:
    return OctKey.import_key(urlsafe_b64decode(renewal.key.get_secret_value()))


def _decrypted(text: str, *, key: bytes) -> str:
    try:
        opened = jwe.decrypt_compact(text, OctKey.import_key(key), algorithms=_ALGORITHMS)
        if opened.headers().get("typ") != JWE_TYP or opened.plaintext is None:
            raise RefreshRefusedError("the text is not a credential refresh")
        return opened.plaintext.decode("ascii")
    except (JoseError, ValueError) as error:
        raise RefreshRefusedError("the tokens are not sealed to this record") from error


def _verified(signed: str, *, trust: TrustStore) -> RefreshContents:
    try:
        claims = verify(signed, typ=TYP, purpose=Purpose.IDENTITY, trust=trust).claims
    except (MalformedTokenError, UntrustedKeyError) as error:
        raise RefreshRefusedError("the tokens are not signed by a trusted service") from error
    try:
        return RefreshContents.model_validate(claims)
    except ValidationError:
        raise RefreshRefusedError("the tokens' statement is malformed") from None
