"""Invented price history: seeded candles that lead to the present mark."""

from decimal import Decimal

from sandbox.delta.model import Product
from sandbox.delta.prices import noise
from sandbox.delta.render import decimal_text

RESOLUTIONS_S = {
    "1m": 60,
    "3m": 180,
    "5m": 300,
    "15m": 900,
    "30m": 1_800,
    "1h": 3_600,
    "2h": 7_200,
    "4h": 14_400,
    "6h": 21_600,
    "1d": 86_400,
    "1w": 604_800,
}
MAX_CANDLES = 2_000
SWING = Decimal("0.004")
"""Largest distance of an invented price from the mark, as a fraction."""

FUNDING_RATE = Decimal("0.0001")


def candles_between(
    product: Product,
    *,
    kind: str,
    seed: int,
    mark: Decimal,
    resolution_s: int,
    start_s: int,
    end_s: int,
) -> list[dict[str, object]]:
    """The newest `MAX_CANDLES` of the span, oldest first; the candle of `end_s` closes at the mark."""
    last = end_s // resolution_s
    first = max(-(-start_s // resolution_s), last - MAX_CANDLES + 1)
    closes = {number: _close(product, seed, mark, number) for number in range(first - 1, last)}
    closes[last] = mark
    return [
        _candle(kind, product, opened=closes[number - 1], closed=closes[number], time_s=number * resolution_s)
        for number in range(first, last + 1)
    ]


def _close(product: Product, seed: int, mark: Decimal, number: int) -> Decimal:
    ticks = (mark * (1 + noise(seed, product.symbol, number) * SWING) / product.tick_size).to_integral_value()
    return max(ticks, Decimal(1)) * product.tick_size


def _candle(
    kind: str, product: Product, *, opened: Decimal, closed: Decimal, time_s: int
) -> dict[str, object]:
    if kind in {"FUNDING", "OI"}:
        opened = closed = FUNDING_RATE if kind == "FUNDING" else Decimal(0)
        high = low = closed
    else:
        high, low = max(opened, closed) + product.tick_size, min(opened, closed) - product.tick_size
    return {
        "time": time_s,
        "open": decimal_text(opened),
        "high": decimal_text(high),
        "low": decimal_text(low),
        "close": decimal_text(closed),
        "volume": 0 if kind else 100,
    }
