"""The limits of the risk gate: what the platform sets, what an account tightens, and the hash of the result.

Every limit is a value or is waived by name; a limit that was forgotten does not parse.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, NonNegativeInt, PlainSerializer, PositiveInt

from plant.brokers.model import OrderType, PositiveDecimal, TimeInForce
from plant.exchange_accounts.trading_hours import TradingHours
from shared.canonical_json import content_hash
from shared.contracts.base import Name, ShortText, WireModel
from shared.money import canonical_decimal

WAIVED: Final = "waived"
NO_MARKET_ORDERS: Final = "no_market_orders"

Waived = Literal["waived"]


def _limit_text(limit: Decimal | str) -> str:
    return limit if isinstance(limit, str) else canonical_decimal(limit)


DecimalLimit = Annotated[
    PositiveDecimal | Waived, PlainSerializer(_limit_text, return_type=str, when_used="json")
]
CountLimit = PositiveInt | Waived
NameSet = tuple[Name, ...] | Waived
HourLimits = tuple[TradingHours, ...] | Waived
MarketProtection = PositiveInt | Literal["no_market_orders"]

T = TypeVar("T", Decimal, int)


class UsdInrRate(WireModel):
    """Units: rupees for one US dollar. `as_of` is an ISO date."""

    rate: PositiveDecimal
    source: ShortText
    as_of: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class PlatformLimits(WireModel):
    """What the operator of the platform allows at most for one provider.

    Units: notional in `notional_currency`, `max_units_per_order` in the coin.
    """

    v: Literal[1]
    provider: Name
    notional_currency: Literal["USD"]
    allowed_coins: NameSet
    allowed_symbols: NameSet
    order_types: tuple[OrderType, ...]
    times_in_force: tuple[TimeInForce, ...]
    max_units_per_order: DecimalLimit
    max_notional_inr: DecimalLimit
    usd_inr: UsdInrRate
    max_notional_per_order: DecimalLimit
    min_notional: DecimalLimit
    price_collar_bps: CountLimit
    price_band: Literal["enforced", "waived"]
    market_protection_bps: MarketProtection
    max_quote_age_ms: PositiveInt
    max_snapshot_age_ms: PositiveInt
    max_future_ms: NonNegativeInt
    max_position_contracts: DecimalLimit
    max_position_notional: DecimalLimit
    max_orders_per_second: CountLimit
    max_orders_per_minute: CountLimit
    max_orders_per_day: CountLimit
    max_daily_notional: DecimalLimit
    duplicate_window_s: CountLimit
    max_drift_bps: PositiveInt
    trading_hours: HourLimits


class AccountLimits(WireModel):
    """What the owner of an account allows; `waived` adds nothing to the platform's limit."""

    allowed_coins: NameSet
    max_units_per_order: DecimalLimit
    max_notional_inr: DecimalLimit
    allowed_symbols: NameSet = WAIVED
    max_notional_per_order: DecimalLimit = WAIVED
    price_collar_bps: CountLimit = WAIVED
    market_protection_bps: MarketProtection | Waived = WAIVED
    max_position_contracts: DecimalLimit = WAIVED
    max_position_notional: DecimalLimit = WAIVED
    max_orders_per_second: CountLimit = WAIVED
    max_orders_per_minute: CountLimit = WAIVED
    max_orders_per_day: CountLimit = WAIVED
    max_daily_notional: DecimalLimit = WAIVED
    max_drift_bps: CountLimit = WAIVED
    trading_hours: HourLimits = WAIVED


class RiskPolicy(PlatformLimits):
    """The limits that one account's orders are decided by: the platform's, tightened by the account's."""


def policy_for_account(platform: PlatformLimits, *, account: AccountLimits) -> RiskPolicy:
    """Combine both; of two limits the tighter one holds, so an account can never loosen the platform's."""
    return RiskPolicy.model_validate(
        {
            **platform.model_dump(),
            "allowed_coins": _common(platform.allowed_coins, account.allowed_coins),
            "allowed_symbols": _common(platform.allowed_symbols, account.allowed_symbols),
            "max_units_per_order": _tighter(platform.max_units_per_order, account.max_units_per_order),
            "max_notional_inr": _tighter(platform.max_notional_inr, account.max_notional_inr),
            "max_notional_per_order": _tighter(
                platform.max_notional_per_order, account.max_notional_per_order
            ),
            "price_collar_bps": _tighter(platform.price_collar_bps, account.price_collar_bps),
            "market_protection_bps": _protection(
                platform.market_protection_bps, account.market_protection_bps
            ),
            "max_position_contracts": _tighter(
                platform.max_position_contracts, account.max_position_contracts
            ),
            "max_position_notional": _tighter(platform.max_position_notional, account.max_position_notional),
            "max_orders_per_second": _tighter(platform.max_orders_per_second, account.max_orders_per_second),
            "max_orders_per_minute": _tighter(platform.max_orders_per_minute, account.max_orders_per_minute),
            "max_orders_per_day": _tighter(platform.max_orders_per_day, account.max_orders_per_day),
            "max_daily_notional": _tighter(platform.max_daily_notional, account.max_daily_notional),
            "max_drift_bps": _tighter(platform.max_drift_bps, account.max_drift_bps),
            "trading_hours": _all_of(platform.trading_hours, account.trading_hours),
        }
    )


def policy_hash(policy: RiskPolicy) -> str:
    """Name the policy by its content: SHA-256 over RFC 8785 canonical JSON."""
    return _hash_content(policy)  # pyright: ignore[reportArgumentType] frozen models hash by their fields


@lru_cache(maxsize=1024)
def _hash_content(policy: RiskPolicy) -> str:
    return content_hash(policy.model_dump(mode="json"))


def _tighter(platform: T | str, account: T | str) -> T | str:
    if isinstance(platform, str):
        return account
    return platform if isinstance(account, str) else min(platform, account)


def _common(platform: NameSet, account: NameSet) -> NameSet:
    if isinstance(platform, str):
        return account if isinstance(account, str) else tuple(sorted(set(account)))
    kept = set(platform) if isinstance(account, str) else set(platform) & set(account)
    return tuple(sorted(kept))


def _all_of(platform: HourLimits, account: HourLimits) -> HourLimits:
    if isinstance(platform, str):
        return account
    return platform if isinstance(account, str) else (*platform, *account)


def _protection(platform: MarketProtection, account: MarketProtection | Waived) -> MarketProtection:
    if account == WAIVED:
        return platform
    if isinstance(platform, str) or isinstance(account, str):
        return NO_MARKET_ORDERS
    return min(platform, account)
