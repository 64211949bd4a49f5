"""From an amount of the coin to whole contracts, or the nearest amounts that would be whole."""

from decimal import Context, Decimal, localcontext
from typing import Final

from plant.brokers.model import Instrument
from shared.money import canonical_decimal, ceil_to_step, floor_to_step, is_multiple

_EXACT: Final = Context(prec=180)


class NotWholeContracts(ValueError):
    """Units: the coin. `below` is None if nothing smaller can be ordered, `above` if nothing larger can."""

    def __init__(self, units: Decimal, *, below: Decimal | None, above: Decimal | None) -> None:
        nearest = " or ".join(canonical_decimal(amount) for amount in (below, above) if amount is not None)
        super().__init__(f"{units} is not a whole number of contracts; nearest: {nearest}")
        self.units = units
        self.below = below
        self.above = above


def contracts_for_units(units: Decimal, *, instrument: Instrument) -> Decimal:
    """Units: `units` in the coin, the result in contracts, a multiple of the instrument's size step.

    The venue's largest order is left to the risk gate.

    Raises: NotWholeContracts with the nearest amounts that can be ordered.
    Requires: an instrument with a positive contract value and size step.
    """
    with localcontext(_EXACT):
        lot = instrument.contract_value * instrument.size_step
        smallest = ceil_to_step(instrument.min_size, step=instrument.size_step) * instrument.contract_value
        if not units.is_finite() or units < smallest:
            raise NotWholeContracts(units, below=None, above=smallest)
        if not is_multiple(units, step=lot):
            raise _between_lots(units, lot=lot, instrument=instrument)
        return units / instrument.contract_value


def _between_lots(units: Decimal, *, lot: Decimal, instrument: Instrument) -> NotWholeContracts:
    largest = floor_to_step(instrument.max_size, step=instrument.size_step) * instrument.contract_value
    above = ceil_to_step(units, step=lot)
    return NotWholeContracts(
        units,
        below=min(floor_to_step(units, step=lot), largest),
        above=above if above <= largest else None,
    )
