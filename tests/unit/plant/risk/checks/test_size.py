"""Size in contracts, in coins and in money."""

import pytest

from plant.risk.check import CheckStatus
from plant.risk.decision import Verdict
from plant.risk.gate import decide
from plant.risk.model import RiskInputs
from tests.unit.plant.risk.create import (
    Changes,
    Row,
    create_action,
    create_inputs,
    create_instrument,
    create_policy,
    result_of,
    row_id,
)

PASS, FAIL, SKIPPED, MISSING = (
    CheckStatus.PASS,
    CheckStatus.FAIL,
    CheckStatus.SKIPPED,
    CheckStatus.MISSING_INPUT,
)


def sized(size: str, **changes: Changes) -> RiskInputs:
    return create_inputs(**{"action": create_action(size=size), **changes})


ROWS = [
    Row("a multiple", "quantity_step", PASS, sized("10", instrument=create_instrument(size_step="5"))),
    Row("not a multiple", "quantity_step", FAIL, sized("11", instrument=create_instrument(size_step="5"))),
    Row("a step of zero", "quantity_step", FAIL, sized("10", instrument=create_instrument(size_step="0"))),
    Row("no instrument", "quantity_step", MISSING, create_inputs(instrument=None)),
    Row("at the limit", "quantity_minimum", PASS, sized("3", instrument=create_instrument(min_size="3"))),
    Row("below it", "quantity_minimum", FAIL, sized("2", instrument=create_instrument(min_size="3"))),
    Row("no instrument", "quantity_minimum", MISSING, create_inputs(instrument=None)),
    Row("at the limit", "quantity_maximum", PASS, sized("20", instrument=create_instrument(max_size="20"))),
    Row("above it", "quantity_maximum", FAIL, sized("21", instrument=create_instrument(max_size="20"))),
    Row("no instrument", "quantity_maximum", MISSING, create_inputs(instrument=None)),
    Row("at the limit", "units_maximum", PASS, sized("50")),
    Row("above it", "units_maximum", FAIL, sized("51")),
    Row("waived", "units_maximum", SKIPPED, sized("51", policy=create_policy(max_units_per_order="waived"))),
    Row("no instrument", "units_maximum", MISSING, create_inputs(instrument=None)),
    Row(
        "at the limit, by the lower price",
        "notional_minimum_of_venue",
        PASS,
        create_inputs(instrument=create_instrument(min_notional="650")),
    ),
    Row(
        "below it",
        "notional_minimum_of_venue",
        FAIL,
        create_inputs(instrument=create_instrument(min_notional="650.001")),
    ),
    Row(
        "the venue has none",
        "notional_minimum_of_venue",
        SKIPPED,
        create_inputs(instrument=create_instrument(min_notional="none")),
    ),
    Row("no instrument", "notional_minimum_of_venue", MISSING, create_inputs(instrument=None)),
    Row("no quote", "notional_minimum_of_venue", MISSING, create_inputs(quote=None)),
    Row("at the limit", "notional_minimum", PASS, create_inputs(policy=create_policy(min_notional="650"))),
    Row("below it", "notional_minimum", FAIL, create_inputs(policy=create_policy(min_notional="650.001"))),
    Row("waived", "notional_minimum", SKIPPED, create_inputs(policy=create_policy(min_notional="waived"))),
    Row("no quote", "notional_minimum", MISSING, create_inputs(quote=None)),
    Row(
        "at the limit, by the higher price",
        "notional_maximum",
        PASS,
        create_inputs(policy=create_policy(max_notional_per_order="650.005")),
    ),
    Row(
        "above it",
        "notional_maximum",
        FAIL,
        create_inputs(policy=create_policy(max_notional_per_order="650.004")),
    ),
    Row(
        "a low selling price is counted at the mark price",
        "notional_maximum",
        FAIL,
        create_inputs(
            action=create_action(side="sell", limit_price="64000"),
            policy=create_policy(max_notional_per_order="649.999"),
        ),
    ),
    Row(
        "waived",
        "notional_maximum",
        SKIPPED,
        create_inputs(policy=create_policy(max_notional_per_order="waived")),
    ),
    Row("no quote", "notional_maximum", MISSING, create_inputs(quote=None)),
    Row(
        "at the limit",
        "notional_maximum_inr",
        PASS,
        create_inputs(policy=create_policy(max_notional_inr="55250.425")),
    ),
    Row(
        "above it",
        "notional_maximum_inr",
        FAIL,
        create_inputs(policy=create_policy(max_notional_inr="55250.424")),
    ),
    Row(
        "waived",
        "notional_maximum_inr",
        SKIPPED,
        create_inputs(policy=create_policy(max_notional_inr="waived")),
    ),
    Row("no quote", "notional_maximum_inr", MISSING, create_inputs(quote=None)),
    Row("whole contracts, at the limit of units", "contract_units", PASS, sized("50")),
    Row("part of a contract", "contract_units", FAIL, sized("0.5")),
    Row("more units than the account may order", "contract_units", FAIL, sized("51")),
    Row(
        "a contract of no coins",
        "contract_units",
        FAIL,
        create_inputs(instrument=create_instrument(contract_value="0")),
    ),
    Row(
        "a contract of a negative amount",
        "contract_units",
        FAIL,
        create_inputs(instrument=create_instrument(contract_value="-0.001")),
    ),
    Row(
        "a contract in its quote currency",
        "contract_units",
        FAIL,
        create_inputs(instrument=create_instrument(contract_unit="USD")),
    ),
    Row(
        "quoted in another currency than the limits",
        "contract_units",
        FAIL,
        create_inputs(instrument=create_instrument(quote_currency="INR")),
    ),
    Row("no instrument", "contract_units", MISSING, create_inputs(instrument=None)),
]


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_size_check_in_each_situation_finds_as_stated(row: Row) -> None:
    decision = decide(row.inputs)

    result = result_of(row.check, decision)
    assert result.status is row.status, result
    assert (result.code in decision.risk_codes) or row.status in (PASS, SKIPPED)
    assert (decision.verdict is Verdict.DENY) or row.status in (PASS, SKIPPED)
