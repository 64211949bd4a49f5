"""The order's own shape."""

import pytest

from plant.risk.check import CheckStatus
from plant.risk.decision import Verdict
from plant.risk.gate import decide
from tests.unit.plant.risk.create import (
    Row,
    create_action,
    create_exit,
    create_exit_inputs,
    create_inputs,
    create_market_action,
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
    Row("a plain limit order", "intent_valid", PASS, create_inputs()),
    Row("a plain market order", "intent_valid", PASS, create_inputs(action=create_market_action())),
    Row("an exit", "intent_valid", PASS, create_exit_inputs()),
    Row(
        "the smallest size above zero", "intent_valid", PASS, create_inputs(action=create_action(size="0.1"))
    ),
    Row("no size", "intent_valid", FAIL, create_inputs(action=create_action(size="0"))),
    Row("a negative size", "intent_valid", FAIL, create_inputs(action=create_action(size="-1"))),
    Row(
        "a limit order without price",
        "intent_valid",
        FAIL,
        create_inputs(action=create_action(limit_price=None)),
    ),
    Row("a price of zero", "intent_valid", FAIL, create_inputs(action=create_action(limit_price="0"))),
    Row("a negative price", "intent_valid", FAIL, create_inputs(action=create_action(limit_price="-1"))),
    Row(
        "a market order with a price",
        "intent_valid",
        FAIL,
        create_inputs(action=create_market_action(limit_price="65000")),
    ),
    Row(
        "a close that is not reduce-only",
        "intent_valid",
        FAIL,
        create_exit_inputs(action=create_exit(reduce_only=False)),
    ),
    Row(
        "another provider's policy",
        "intent_valid",
        FAIL,
        create_inputs(policy=create_policy(provider="alpaca")),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_intent_check_in_each_situation_finds_as_stated(row: Row) -> None:
    decision = decide(row.inputs)

    result = result_of(row.check, decision)
    assert result.status is row.status, result
    assert (result.code in decision.risk_codes) or row.status in (PASS, SKIPPED)
    assert (decision.verdict is Verdict.DENY) or row.status in (PASS, SKIPPED)
