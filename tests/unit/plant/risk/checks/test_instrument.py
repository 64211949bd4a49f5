"""Known, trading, allowed, and open to this kind of order."""

import pytest

from plant.risk.check import CheckStatus
from plant.risk.decision import Verdict
from plant.risk.gate import decide
from tests.unit.plant.risk.create import (
    Row,
    create_exit_inputs,
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

ROWS = [
    Row("known", "instrument_known", PASS, create_inputs()),
    Row("no instrument", "instrument_known", MISSING, create_inputs(instrument=None)),
    Row(
        "an instrument of another symbol",
        "instrument_known",
        MISSING,
        create_inputs(instrument=create_instrument(symbol="ETHUSD")),
    ),
    Row("live", "instrument_tradable", PASS, create_inputs()),
    Row("expired", "instrument_tradable", FAIL, create_inputs(instrument=create_instrument(state="expired"))),
    Row("no instrument", "instrument_tradable", MISSING, create_inputs(instrument=None)),
    Row("on the list", "symbol_allowed", PASS, create_inputs()),
    Row(
        "not on the list",
        "symbol_allowed",
        FAIL,
        create_inputs(policy=create_policy(allowed_symbols=("ETHUSD",))),
    ),
    Row("an empty list", "symbol_allowed", FAIL, create_inputs(policy=create_policy(allowed_symbols=()))),
    Row("waived", "symbol_allowed", SKIPPED, create_inputs(policy=create_policy(allowed_symbols="waived"))),
    Row("an exit", "symbol_allowed", SKIPPED, create_exit_inputs(policy=create_policy(allowed_symbols=()))),
    Row("on the list", "coin_allowed", PASS, create_inputs()),
    Row("not on the list", "coin_allowed", FAIL, create_inputs(policy=create_policy(allowed_coins=("ETH",)))),
    Row("waived", "coin_allowed", SKIPPED, create_inputs(policy=create_policy(allowed_coins="waived"))),
    Row("an exit", "coin_allowed", SKIPPED, create_exit_inputs(policy=create_policy(allowed_coins=("ETH",)))),
    Row("no instrument", "coin_allowed", MISSING, create_inputs(instrument=None)),
    Row("taken by both", "order_type_supported", PASS, create_inputs()),
    Row(
        "not taken by the policy",
        "order_type_supported",
        FAIL,
        create_inputs(policy=create_policy(order_types=("market_order",))),
    ),
    Row(
        "not taken by the venue",
        "order_type_supported",
        FAIL,
        create_inputs(instrument=create_instrument(order_types=("market_order",))),
    ),
    Row("no instrument", "order_type_supported", MISSING, create_inputs(instrument=None)),
    Row("taken by both", "time_in_force_supported", PASS, create_inputs()),
    Row(
        "not taken by the policy",
        "time_in_force_supported",
        FAIL,
        create_inputs(policy=create_policy(times_in_force=("ioc",))),
    ),
    Row(
        "not taken by the venue",
        "time_in_force_supported",
        FAIL,
        create_inputs(instrument=create_instrument(times_in_force=("ioc",))),
    ),
    Row("no instrument", "time_in_force_supported", MISSING, create_inputs(instrument=None)),
]


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_instrument_check_in_each_situation_finds_as_stated(row: Row) -> None:
    decision = decide(row.inputs)

    result = result_of(row.check, decision)
    assert result.status is row.status, result
    assert (result.code in decision.risk_codes) or row.status in (PASS, SKIPPED)
    assert (decision.verdict is Verdict.DENY) or row.status in (PASS, SKIPPED)
