"""Units of a coin become whole contracts, or the nearest amounts that would."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plant.risk.sizing import NotWholeContracts, contracts_for_units
from tests.unit.plant.risk.create import create_instrument


@pytest.mark.parametrize(
    ("units", "contracts"),
    [("0.001", "1"), ("0.01", "10"), ("0.0100", "10"), ("229.167", "229167"), ("300", "300000")],
)
def test_whole_amount_gives_contracts(units: str, contracts: str) -> None:
    assert contracts_for_units(Decimal(units), instrument=create_instrument()) == Decimal(contracts)


@pytest.mark.parametrize(
    ("units", "below", "above"),
    [
        ("0.0105", "0.01", "0.011"),
        ("0.0109999999999999999999999999999", "0.01", "0.011"),
        ("0.0005", None, "0.001"),
        ("0", None, "0.001"),
        ("-1", None, "0.001"),
        ("NaN", None, "0.001"),
        ("229.1675", "229.167", None),
    ],
)
def test_amount_between_contracts_is_refused_with_the_nearest(
    units: str, below: str | None, above: str | None
) -> None:
    with pytest.raises(NotWholeContracts) as caught:
        contracts_for_units(Decimal(units), instrument=create_instrument())

    assert caught.value.below == (None if below is None else Decimal(below))
    assert caught.value.above == (None if above is None else Decimal(above))


def test_refusal_names_both_amounts() -> None:
    with pytest.raises(NotWholeContracts, match=r"0\.0105 is not .* nearest: 0\.01 or 0\.011"):
        contracts_for_units(Decimal("0.0105"), instrument=create_instrument())


def test_minimum_between_steps_starts_at_the_next_step() -> None:
    instrument = create_instrument(size_step="5", min_size="7")

    with pytest.raises(NotWholeContracts) as caught:
        contracts_for_units(Decimal("0.005"), instrument=instrument)

    assert caught.value.above == Decimal("0.010")
    assert contracts_for_units(Decimal("0.010"), instrument=instrument) == 10


@given(units=st.decimals("0.0000001", 100, places=9))
def test_amounts_offered_are_orderable_and_surround_the_request(units: Decimal) -> None:
    instrument = create_instrument(contract_value="0.003", size_step="2", min_size="4", max_size="1000")
    assume(units % Decimal("0.006") != 0)

    with pytest.raises(NotWholeContracts) as caught:
        contracts_for_units(units, instrument=instrument)

    below, above = caught.value.below, caught.value.above
    offered = [amount for amount in (below, above) if amount is not None]
    assert all(contracts_for_units(amount, instrument=instrument) % 2 == 0 for amount in offered)
    assert offered
    assert below is None or below < units
    assert above is None or above > units


@given(lots=st.integers(2, 500))
def test_whole_lots_are_counted_exactly(lots: int) -> None:
    instrument = create_instrument(contract_value="0.003", size_step="2", min_size="4", max_size="1000")

    contracts = contracts_for_units(lots * Decimal("0.006"), instrument=instrument)

    assert contracts == 2 * lots
