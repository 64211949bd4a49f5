"""The synthetic order book: levels one tick apart around the mark, full again for every order."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from sandbox.delta.model import Product, Side

DEPTH = 20
SIZE_OF_FIRST_LEVEL = 5_000
"""Contracts; level n holds n times as many."""


@dataclass(frozen=True, slots=True)
class Level:
    price: Decimal
    size: int


def best_ask(product: Product, *, mark: Decimal) -> Decimal:
    return ((mark / product.tick_size).to_integral_value(ROUND_FLOOR) + 1) * product.tick_size


def best_bid(product: Product, *, mark: Decimal) -> Decimal:
    """Zero when the mark is so low that no bid fits under it."""
    return ((mark / product.tick_size).to_integral_value(ROUND_CEILING) - 1) * product.tick_size


def levels(product: Product, *, mark: Decimal, side: Side) -> Iterator[Level]:
    """Yield the bids (buy) or asks (sell), best first."""
    best = best_bid(product, mark=mark) if side is Side.BUY else best_ask(product, mark=mark)
    for number in range(DEPTH):
        price = best - side.sign * number * product.tick_size
        if price > 0:
            yield Level(price, SIZE_OF_FIRST_LEVEL * (number + 1))


def take(
    product: Product, *, mark: Decimal, side: Side, size: int, limit_price: Decimal | None
) -> list[Level]:
    """List what an incoming order of this side gets, best first; less than `size` when the book runs out."""
    taken: list[Level] = []
    for level in levels(product, mark=mark, side=side.opposite):
        if size == 0 or not accepts(side, limit_price=limit_price, price=level.price):
            break
        part = min(size, level.size)
        taken.append(Level(level.price, part))
        size -= part
    return taken


def accepts(side: Side, *, limit_price: Decimal | None, price: Decimal) -> bool:
    """True when an order with this limit would trade at this price."""
    return limit_price is None or (price <= limit_price if side is Side.BUY else price >= limit_price)
