"""The limits that a hired agent's configuration sets beside those of its exchange account."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from pydantic import JsonValue, ValidationError

from plant.exchange_accounts.model import Account
from plant.exchange_accounts.trading_hours import NEVER, TradingHours
from plant.hired_agents.model import Instance
from shared.contracts.agent_types import Role


def tightened(account: Account, instance: Instance) -> Account:
    """The account under the limits of the instance as well: the tighter one holds, so it can never loosen one."""
    coins = instance.value(Role.ALLOWED_COINS)
    allowed = (
        tuple(coin for coin in account.allowed_coins if coin in coins) if isinstance(coins, list) else None
    )
    units = _limit(instance.value(Role.MAX_UNITS_PER_ORDER))
    notional = _limit(instance.value(Role.MAX_NOTIONAL_INR))
    known = [limit for limit in (account.max_notional_inr, notional) if limit is not None]
    return replace(
        account,
        allowed_coins=account.allowed_coins if allowed is None else allowed,
        max_units_per_order=account.max_units_per_order
        if units is None
        else min(units, account.max_units_per_order),
        max_notional_inr=min(known, default=None),
        trading_hours=(*account.trading_hours, *_hours(instance)),
    )


def _hours(instance: Instance) -> tuple[TradingHours, ...]:
    """Of one bound alone, the other is midnight. Hours that are there and cannot be read allow nothing."""
    start, end = instance.value(Role.ACTIVE_FROM), instance.value(Role.ACTIVE_UNTIL)
    if not start and not end:
        return ()
    hours = {"start": start or "00:00", "end": end or "00:00", "timezone": instance.timezone}
    try:
        return (TradingHours.model_validate(hours),)
    except ValidationError:
        return (NEVER,)


def _limit(value: JsonValue) -> Decimal | None:
    """A limit that is there and cannot be read allows nothing."""
    if value in (None, ""):
        return None
    try:
        limit = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return limit if limit.is_finite() else Decimal(0)
