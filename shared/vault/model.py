"""What a vault knows of a credential (its secret only sealed), and of each request to release it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shared.contracts.vault import BundlePurpose, ExchangeProvider
from shared.denials import DenialReason
from shared.ids import CredentialRef, CustomerId
from shared.vault.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Limits:
    """The owner's limits on an account. Units: `max_units_per_order` in coins, `max_notional_inr` in rupees."""

    default_coin: str
    allowed_coins: tuple[str, ...]
    max_units_per_order: Decimal
    max_notional_inr: Decimal | None


@dataclass(frozen=True, slots=True)
class Credential:
    """All there is to know of a stored credential except its secret."""

    credential_ref: CredentialRef
    customer_id: CustomerId
    version: int
    provider: ExchangeProvider
    api_key_last4: str
    limits: Limits
    created_at: datetime
    updated_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SealedCredential:
    credential_ref: CredentialRef
    customer_id: CustomerId
    version: int
    provider: ExchangeProvider
    envelope: Envelope = field(repr=False)
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
