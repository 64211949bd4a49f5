"""An exchange account as Plant knows it: a credential ref, whose it is, which vault holds it, its limits."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from plant.exchange_accounts.trading_hours import TradingHours
from shared.ids import CredentialRef, CustomerId
from shared.keys import Issuer


@dataclass(frozen=True, slots=True)
class Account:
    """Units: `max_units_per_order` in units of the coin, `max_notional_inr` in rupees.

    `trading_hours`: positions are entered only within all of them.
    `since`: when Plant learnt of the present key and settings, on the database's clock.
    """

    credential_ref: CredentialRef
    customer_id: CustomerId
    provider: str
    vault: Issuer
    default_coin: str
    allowed_coins: tuple[str, ...]
    max_units_per_order: Decimal
    max_notional_inr: Decimal | None
    version: int
    since: datetime
    trading_hours: tuple[TradingHours, ...] = ()
