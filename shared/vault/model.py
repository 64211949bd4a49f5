"""What a vault knows of a credential (its secret only sealed), and of each request to release or renew it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.contracts.vault import BundlePurpose
from shared.denials import DenialReason
from shared.ids import CredentialRef, CustomerId
from shared.vault.envelope import Envelope


class CredentialKind(StrEnum):
    """What a credential is for; Plant knows the account as an `<kind>-account`."""

    EXCHANGE = "exchange"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Limits:
    """The owner's limits on an account. Units: `max_units_per_order` in coins, `max_notional_inr` in rupees."""

    default_coin: str
    allowed_coins: tuple[str, ...]
    max_units_per_order: Decimal
    max_notional_inr: Decimal | None


@dataclass(frozen=True, slots=True)
class Posting:
    """Under whose name is posted, and whether the token can be renewed."""

    identity: str | None
    has_refresh_token: bool


Settings = Limits | Posting


def kind_of(settings: Settings) -> CredentialKind:
    return CredentialKind.EXCHANGE if isinstance(settings, Limits) else CredentialKind.PLATFORM


@dataclass(frozen=True, slots=True)
class Submitted:
    """A credential as its owner gives it. Shape: `secret` is sealed as JSON and comes out in bundles."""

    provider: str
    settings: Settings
    last4: str
    secret: Mapping[str, str | None] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Credential:
    """All there is to know of a stored credential except its secret."""

    credential_ref: CredentialRef
    customer_id: CustomerId
    version: int
    provider: str
    last4: str
    settings: Settings
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None

    @property
    def limits(self) -> Limits:
        """Requires: it is an exchange's."""
        assert isinstance(self.settings, Limits)
        return self.settings

    @property
    def posting(self) -> Posting:
        """Requires: it is a platform's."""
        assert isinstance(self.settings, Posting)
        return self.settings


@dataclass(frozen=True, slots=True)
class SealedCredential:
    """`changed_at`: when its owner stored it last."""

    credential_ref: CredentialRef
    customer_id: CustomerId
    kind: CredentialKind
    version: int
    provider: str
    envelope: Envelope = field(repr=False)
    has_refresh_token: bool = False
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """One request for a bundle, granted or not; `reason` is None when granted."""

    credential_ref: UUID
    customer_id: CustomerId
    purpose: BundlePurpose
    approval_id: UUID | None
    execution_id: UUID | None
    reason: DenialReason | None


class RefreshOutcome(StrEnum):
    """What became of new tokens that Plant handed in: `stale` when the vault had others already."""

    APPLIED = "applied"
    STALE = "stale"
    INVALID = "invalid"
    UNAVAILABLE = "credential_unavailable"


def last4_of(secret: str) -> str:
    """Of a short secret, four characters would be too much of it."""
    return secret[-4:] if len(secret) >= 8 else secret[-1:].rjust(4, "*")
