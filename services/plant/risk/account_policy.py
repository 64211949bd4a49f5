"""The policy of one account: the platform's limits for its provider, tightened by its owner's."""

from functools import lru_cache

from plant.exchange_accounts.model import Account
from plant.risk.platform_limits import PLATFORM_LIMITS_V1
from plant.risk.policy import WAIVED, AccountLimits, RiskPolicy, policy_for_account


@lru_cache(maxsize=4096)
def policy_of(account: Account) -> RiskPolicy:
    """Raises: KeyError for a provider without platform limits, which no account can be stored with."""
    limits = AccountLimits(
        allowed_coins=account.allowed_coins,
        max_units_per_order=account.max_units_per_order,
        max_notional_inr=account.max_notional_inr if account.max_notional_inr is not None else WAIVED,
        trading_hours=account.trading_hours or WAIVED,
    )
    return policy_for_account(PLATFORM_LIMITS_V1[account.provider], account=limits)
