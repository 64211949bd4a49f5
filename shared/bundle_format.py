"""The credential bundle: what a vault signs, sealed to a one-time key of Plant's, and how Plant opens it.

A JWS of the vault (who released what, for what, until when) inside a JWE to an X25519 key that lives for
one request. Only `plant.credentials` opens one; only `shared.vault.bundles` makes one.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import Field, SecretStr, ValidationError

from shared.contracts.base import WireModel
from shared.contracts.vault import BundlePurpose
from shared.keys import Issuer, Purpose, TrustStore
from shared.tokens import MalformedTokenError, UntrustedKeyError, verify

TYP = "credential-bundle+jwt"
JWE_TYP = "credential-bundle+jwe"
MAX_LIFETIME_S = 60
ALGORITHMS = ["ECDH-ES", "A256GCM"]
_CLOCK_LEEWAY_S = 5


class BundleRefusedError(Exception):
    """The bundle is not for this key, not from a vault, or no longer valid. The text says nothing of its content."""


@dataclass(frozen=True, slots=True)
class OneTimeKey:
    """`public_text` goes into the BundleRequest; the private half opens exactly that answer."""

    public_text: str
    private: OKPKey = field(repr=False)


class BundleContents(WireModel):
    """Shape: `iat` and `exp` in seconds since the epoch; at most 60 s apart."""

    iss: Issuer
    aud: Issuer
    credential_ref: UUID
    customer_id: UUID
    purpose: BundlePurpose
    read_only: bool
    execution_id: UUID | None
    provider: str
    api_key: SecretStr
    api_secret: SecretStr
    iat: int = Field(ge=0)
    exp: int = Field(ge=0)

    def is_expired(self, now: datetime) -> bool:
        return now.timestamp() >= self.exp


def make_one_time_key() -> OneTimeKey:
    private = OKPKey.generate_key("X25519", private=True)
    return OneTimeKey(str(private.as_dict(private=False)["x"]), private)


def open_bundle(text: str, *, key: OneTimeKey, trust: TrustStore) -> BundleContents:
    """Decrypt, and check the vault's signature, the audience and the times.

    That it is the bundle that was asked for (account, customer, execution) is for the caller to check.

    Raises: BundleRefusedError.
    """
    contents = _verified(_decrypted(text, key=key), trust=trust)
    now = time.time()
    if contents.iss not in (Issuer.CP, Issuer.PP) or contents.aud is not Issuer.PLANT:
        raise BundleRefusedError("the bundle is not from a vault to Plant")
    if (
        contents.exp - contents.iat > MAX_LIFETIME_S
        or contents.iat > now + _CLOCK_LEEWAY_S
        or now >= contents.exp
    ):
        raise BundleRefusedError("the bundle is expired, or valid for too long")
    if contents.read_only == (contents.purpose is BundlePurpose.EXECUTE):
        raise BundleRefusedError("the bundle's purpose and its read-only mark disagree")
    return contents


def _decrypted(text: str, *, key: OneTimeKey) -> str:
    try:
        opened = jwe.decrypt_compact(text, key.private, algorithms=ALGORITHMS)
        if opened.headers().get("typ") != JWE_TYP or opened.plaintext is None:
            raise BundleRefusedError("the text is not a credential bundle")
        return opened.plaintext.decode("ascii")
    except (JoseError, ValueError) as error:
        raise BundleRefusedError("the bundle is not sealed to this key") from error


def _verified(signed: str, *, trust: TrustStore) -> BundleContents:
    try:
        claims = verify(signed, typ=TYP, purpose=Purpose.VAULT, trust=trust).claims
    except (MalformedTokenError, UntrustedKeyError) as error:
        raise BundleRefusedError("the bundle is not signed by a trusted vault") from error
    try:
        return BundleContents.model_validate(claims)
    except ValidationError:
        raise BundleRefusedError("the bundle's content is malformed") from None
