"""The credential bundle: what a vault signs, sealed to a one-time key of Plant's, and how Plant opens it.

A JWS of the vault (who released what, for what, until when) inside a JWE to an X25519 key that lives for
one request. Only `plant.credentials` opens one; only `shared.vault.bundles` makes one.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
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


class ExchangeKeys(WireModel):
    api_key: SecretStr
    api_secret: SecretStr


class PlatformTokens(WireModel):
    """`refresh_token` is there in a bundle for refreshing only."""

    access_token: SecretStr
    refresh_token: SecretStr | None = None
    posting_identity: str | None = None


class Renewal(WireModel):
    """What new tokens are handed back with (see shared/refresh_format.py): the version they follow, and a key."""

    version: int
    key: SecretStr


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
    secrets: ExchangeKeys | PlatformTokens
    renewal: Renewal | None = None
    iat: int = Field(ge=0)
    exp: int = Field(ge=0)

    @property
    def keys(self) -> ExchangeKeys:
        """Requires: the account is on an exchange."""
        assert isinstance(self.secrets, ExchangeKeys)
        return self.secrets

    @property
    def tokens(self) -> PlatformTokens:
        """Requires: the account is on a platform for posts."""
        assert isinstance(self.secrets, PlatformTokens)
        return self.secrets

    def is_expired(self, now: datetime) -> bool:
        return now.timestamp() >= self.exp


_SECRET_CLAIMS = frozenset(ExchangeKeys.model_fields) | frozenset(PlatformTokens.model_fields)


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
    if (contents.purpose is BundlePurpose.REFRESH) != (contents.renewal is not None):
        raise BundleRefusedError("the bundle's purpose and what it allows to hand back disagree")
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
        return BundleContents.model_validate(_nested(claims))
    except ValidationError:
        raise BundleRefusedError("the bundle's content is malformed") from None


def _nested(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Secrets are claims beside the others: so were an exchange's keys before there were platforms."""
    others = {name: value for name, value in claims.items() if name not in _SECRET_CLAIMS}
    return others | {"secrets": {name: claims[name] for name in _SECRET_CLAIMS & claims.keys()}}
