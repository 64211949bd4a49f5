"""Exact decimal arithmetic: canonical text, steps, and the only place that rounds."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal


def canonical_decimal(value: Decimal) -> str:
    """Write a decimal in its one canonical form: plain notation, no trailing zeros, no negative zero.

    Raises: ValueError for NaN and infinities.
    """
    if not value.is_finite():
        raise ValueError("a quantity or price must be a finite number")
    if not value:
        return "0"
    text = str(value)
    if "E" in text or "e" in text:
        text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_multiple(value: Decimal, *, step: Decimal) -> bool:
    return step > 0 and value % step == 0


def floor_to_step(value: Decimal, *, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(rounding=ROUND_FLOOR) * step


def ceil_to_step(value: Decimal, *, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(rounding=ROUND_CEILING) * step
