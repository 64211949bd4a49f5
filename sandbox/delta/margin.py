"""What orders and positions block of a balance, and the check before an order is taken."""

from collections.abc import Iterable
from decimal import Decimal

from sandbox.delta.book import Level
from sandbox.delta.errors import DeltaError, insufficient_margin
from sandbox.delta.model import ZERO, Account, Holding, RestingSide, Side
from sandbox.delta.products import SETTLING_ASSET


def position_margin(holding: Holding) -> Decimal:
    notional = abs(holding.position.cost) * holding.product.contract_value
    return notional / holding.leverage + holding.position.added_margin


def order_margin(holding: Holding) -> Decimal:
    return _opening_notional(holding) / holding.leverage


def order_commission(holding: Holding) -> Decimal:
    return _opening_notional(holding) * holding.product.taker_rate


def blocked(holding: Holding) -> Decimal:
    """Sum of what position, open orders and their possible commission hold back."""
    if not holding.live_orders and not holding.position.size:
        return ZERO
    return position_margin(holding) + order_margin(holding) + order_commission(holding)


def available_balance(account: Account) -> Decimal:
    held_back = sum((blocked(holding) for holding in account.holdings.values()), ZERO)
    return account.balances[SETTLING_ASSET] - held_back


def check_margin(account: Account, holding: Holding, *, side: Side, parts: Iterable[Level]) -> None:
    """Refuse an order whose opening part costs more than is available.

    Raises: DeltaError 400 insufficient_margin.
    """
    incoming = list(parts)
    size = sum(part.size for part in incoming)
    opening = _opening_size(holding, side, extra=size) - _opening_size(holding, side, extra=0)
    if opening == 0:
        return
    cost = sum((part.price * part.size for part in incoming), ZERO) * opening / size
    notional = cost * holding.product.contract_value
    required = notional / holding.leverage + notional * holding.product.taker_rate
    available = available_balance(account)
    if required > available:
        raise insufficient_margin(available=available, required=required)


def check_position_limit(holding: Holding, *, side: Side, size: int) -> None:
    """Raises: DeltaError 400 risk_limits_breached when all open orders of the side would pass the limit."""
    reached = abs(holding.position.size + side.sign * (holding.resting[side].size + size))
    if reached > holding.product.position_size_limit:
        context = {"position_size_limit": holding.product.position_size_limit, "position_size": reached}
        raise DeltaError(400, "risk_limits_breached", context)


def check_leverage(account: Account, holding: Holding, *, leverage: Decimal) -> None:
    """Refuse a leverage under which the account could not carry what it holds.

    Raises: DeltaError 400 insufficient_margin.
    """
    carried = abs(holding.position.cost) * holding.product.contract_value + _opening_notional(holding)
    required = carried / leverage - carried / holding.leverage
    available = available_balance(account)
    if required > available:
        raise insufficient_margin(available=available, required=required)


def _opening_notional(holding: Holding) -> Decimal:
    return sum((_opening_cost(holding, side) for side in Side), ZERO) * holding.product.contract_value


def _opening_cost(holding: Holding, side: Side) -> Decimal:
    resting: RestingSide = holding.resting[side]
    if resting.size == 0:
        return ZERO
    return resting.cost * _opening_size(holding, side, extra=0) / resting.size


def _opening_size(holding: Holding, side: Side, *, extra: int) -> int:
    """The part of the side's open orders, plus `extra`, that goes past closing the position."""
    closable = max(0, -side.sign * holding.position.size)
    return max(0, holding.resting[side].size + extra - closable)
