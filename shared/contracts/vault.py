"""Wire models of the vaults: exchange set-ups and platform credentials (people), bundles and refreshes (Plant only)."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator

from shared.contracts.base import Text, WireDecimal, WireModel
from shared.posts.model import Identity, Platform

Coin = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2,12}$")]
ExchangeProvider = Literal["delta_exchange_india"]


def _check_sendable(secret: SecretStr) -> SecretStr:
    if not all("!" <= character <= "~" for character in secret.get_secret_value()):
        raise ValueError("must be printable ASCII without spaces, as it goes into a request header")
    return secret


Secret = Annotated[SecretStr, Field(min_length=4, max_length=500), AfterValidator(_check_sendable)]
Token = Annotated[SecretStr, Field(min_length=4, max_length=4_000), AfterValidator(_check_sendable)]


class ExchangeSetupRequest(WireModel):
    """Units: `max_units_per_order` in units of the coin, `max_notional_inr` in rupees."""

    exchange_provider: ExchangeProvider
    api_key: Secret
    api_secret: Secret
    default_coin: Coin
    allowed_coins: Annotated[tuple[Coin, ...], Field(min_length=1, max_length=50)]
    max_units_per_order: Annotated[WireDecimal, Field(gt=0, max_digits=20, decimal_places=8)]
    max_notional_inr: Annotated[WireDecimal, Field(gt=0, max_digits=20, decimal_places=2)] | None = None
    credential_ref: UUID | None = None

    @model_validator(mode="after")
    def _default_is_allowed(self) -> Self:
        if self.default_coin not in self.allowed_coins:
            raise ValueError(f"default_coin {self.default_coin!r} must be one of allowed_coins")
        return self


class AssistedExchangeSetupRequest(ExchangeSetupRequest):
    customer_id: UUID


class ExchangeSetup(WireModel):
    credential_ref: UUID
    customer_id: UUID
    exchange_provider: ExchangeProvider
    api_key_last4: str
    default_coin: Coin
    allowed_coins: tuple[Coin, ...]
    max_units_per_order: WireDecimal
    max_notional_inr: WireDecimal | None
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None


class ExchangeSetupList(WireModel):
    items: tuple[ExchangeSetup, ...]
    next_cursor: str | None = None


class PlatformCredentialRequest(WireModel):
    """On Bluesky `access_token` is an app password, and `posting_identity` the handle that it belongs to."""

    platform: Platform
    access_token: Token
    refresh_token: Token | None = None
    posting_identity: Identity | None = None
    credential_ref: UUID | None = None

    @model_validator(mode="after")
    def _names_whose_password(self) -> Self:
        if self.platform is Platform.BLUESKY and self.posting_identity is None:
            raise ValueError("posting_identity must be the handle that the app password belongs to")
        return self


class PlatformCredential(WireModel):
    """`updated_at`: when its owner stored it last; tokens that were renewed meanwhile do not move it."""

    credential_ref: UUID
    platform: Platform
    posting_identity: str | None
    access_token_last4: str
    has_refresh_token: bool
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None


class PlatformCredentialList(WireModel):
    items: tuple[PlatformCredential, ...]
    next_cursor: str | None = None


class ConnectionTest(WireModel):
    ok: bool
    detail: Text


class ExchangeAccount(WireModel):
    """What Plant knows of an account: whose it is, which vault holds its key, and its owner's limits."""

    credential_ref: UUID
    customer_id: UUID
    provider: ExchangeProvider
    vault: Literal["cp", "pp"]
    default_coin: Coin
    allowed_coins: tuple[Coin, ...]
    max_units_per_order: WireDecimal
    max_notional_inr: WireDecimal | None
    version: int
    deleted: bool


class BundlePurpose(StrEnum):
    """`refresh` alone releases a refresh token, to one caller at a time."""

    EXECUTE = "execute"
    READ = "read"
    ASSISTANT = "assistant"
    REFRESH = "refresh"


class BundleRequest(WireModel):
    """`public_key` is the one-time X25519 key (JWK `x`) that the bundle is sealed to."""

    credential_ref: UUID
    customer_id: UUID
    purpose: BundlePurpose
    public_key: Annotated[str, StringConstraints(min_length=43, max_length=43)]
    approval: Annotated[str, StringConstraints(max_length=500_000)] | None = None
    execution_id: UUID | None = None


class SealedBundle(WireModel):
    """`bundle` is a JWE to the one-time key around a JWS of the vault; `expires_at` at most 60 s away."""

    bundle: str
    expires_at: datetime


class CredentialRefresh(WireModel):
    """`sealed` is a JWE under the key of the refresh bundle around a JWS of Plant; see shared/refresh_format.py.

    `version` is that of the tokens that were used up; when the vault has another by now, nothing changes.
    """

    credential_ref: UUID
    customer_id: UUID
    version: Annotated[int, Field(ge=1, le=2_000_000_000)]
    sealed: Annotated[str, StringConstraints(max_length=20_000)]


class CredentialRefreshed(WireModel):
    """`applied` is false when the vault had other tokens already: by an earlier delivery, or from their owner."""

    applied: bool
