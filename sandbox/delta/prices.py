"""Mark prices: still unless the control API sets one, or a seeded walk when the settings turn it on."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.delta.model import Product

STEP_S = 1
MAX_STEPS_AT_ONCE = 3_600
"""A longer pause is walked as its last hour."""

MAX_MOVE = Decimal("0.0005")
"""Largest move of one step, as a fraction of the price."""

_HASH_RANGE = 2**32


@dataclass(slots=True)
class PricePath:
    """The same seed gives the same moves for the same symbol and step."""

    seed: int
    is_walking: bool
    marks: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    last_step: int | None = None

    def steps_due(self, now_s: float) -> Iterator[int]:
        """Yield the numbers of the steps since the last call; none for a still path or a clock set back."""
        if not self.is_walking:
            return
        step = int(now_s // STEP_S)
        first = step if self.last_step is None else self.last_step + 1
        self.last_step = max(step, self.last_step or step)
        yield from range(max(first, step - MAX_STEPS_AT_ONCE), step + 1)

    def walked(self, product: Product, *, step: int) -> Decimal:
        """The price one step on, on the tick and at least one tick."""
        mark = self.marks[product.symbol]
        fraction = noise(self.seed, product.symbol, step) * MAX_MOVE
        ticks = (mark * (1 + fraction) / product.tick_size).to_integral_value()
        return max(ticks, Decimal(1)) * product.tick_size


def noise(seed: int, symbol: str, step: int) -> Decimal:
    """A number in [-1, 1) that depends on nothing but the arguments."""
    digest = hashlib.blake2b(f"{seed}|{symbol}|{step}".encode(), digest_size=4).digest()
    return Decimal(int.from_bytes(digest, "big")) * 2 / _HASH_RANGE - 1
