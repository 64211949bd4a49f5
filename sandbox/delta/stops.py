"""When a stop order wakes up, and how a trailing stop follows the price."""

from decimal import Decimal

from sandbox.delta.model import Order, Side, StopOrderType


def is_triggered(order: Order, *, mark: Decimal) -> bool:
    """True when the mark has reached the stop price from the side on which it waits."""
    if order.stop_price is None:
        return False
    waits_for_rise = (order.side is Side.BUY) == (order.stop_order_type is StopOrderType.STOP_LOSS)
    return mark >= order.stop_price if waits_for_rise else mark <= order.stop_price


def trail(order: Order, *, mark: Decimal) -> None:
    """Pull a trailing stop after a favourable move; it never moves back."""
    if order.trail_amount is None or order.stop_price is None:
        return
    distance = abs(order.trail_amount)
    if order.side is Side.BUY:
        order.stop_price = min(order.stop_price, mark + distance)
    else:
        order.stop_price = max(order.stop_price, mark - distance)
