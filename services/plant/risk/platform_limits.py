"""The platform's own limits, version 1, one entry per provider: the data an operator reviews and changes here.

Rates are per exchange account, for one account that many agents trade on; accounts only tighten them.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from plant.risk.policy import WAIVED, PlatformLimits, UsdInrRate

_DELTA_INDIA = PlatformLimits(
    v=1,
    provider="delta_exchange_india",
    notional_currency="USD",
    allowed_coins=WAIVED,
    allowed_symbols=WAIVED,
    order_types=("limit_order", "market_order"),
    times_in_force=("gtc", "ioc"),
    max_units_per_order=WAIVED,
    max_notional_inr=WAIVED,
    usd_inr=UsdInrRate(
        rate=Decimal(85),
        source="Delta Exchange India fixed settlement rate, configurable",
        as_of="2026-11-20",
    ),
    max_notional_per_order=Decimal(100_000),
    min_notional=WAIVED,
    price_collar_bps=500,
    price_band="enforced",
    market_protection_bps=100,
    max_quote_age_ms=10_000,
    max_snapshot_age_ms=10_000,
    max_future_ms=1_000,
    max_position_contracts=WAIVED,
    max_position_notional=Decimal(500_000),
    max_orders_per_second=10,
    max_orders_per_minute=120,
    max_orders_per_day=2_000,
    max_daily_notional=Decimal(5_000_000),
    duplicate_window_s=10,
    max_drift_bps=100,
    trading_hours=WAIVED,
)

PLATFORM_LIMITS_V1: Final[Mapping[str, PlatformLimits]] = MappingProxyType(
    {_DELTA_INDIA.provider: _DELTA_INDIA}
)
