"""Orders per second, minute and day, notional per day, duplicates."""

import pytest

from plant.risk.check import CheckStatus
from plant.risk.decision import Verdict
from plant.risk.gate import decide
from plant.risk.model import RiskInputs
from tests.unit.plant.risk.create import (
    Changes,
    Row,
    create_counters,
    create_exit_inputs,
    create_inputs,
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


def counted(**changes: Changes) -> RiskInputs:
    return create_inputs(counters=create_counters(**changes))


def exit_counted(**changes: Changes) -> RiskInputs:
    return create_exit_inputs(counters=create_counters(**changes))


ROWS = [
    Row("at the limit", "orders_per_second", PASS, counted(orders_last_second=4)),
    Row("above it", "orders_per_second", FAIL, counted(orders_last_second=5)),
    Row("above it, for an exit too", "orders_per_second", FAIL, exit_counted(orders_last_second=5)),
    Row(
        "waived",
        "orders_per_second",
        SKIPPED,
        create_inputs(policy=create_policy(max_orders_per_second="waived")),
    ),
    Row("no counters", "orders_per_second", MISSING, create_inputs(counters=None)),
    Row("at the limit", "orders_per_minute", PASS, counted(orders_last_minute=29)),
    Row("above it", "orders_per_minute", FAIL, counted(orders_last_minute=30)),
    Row("above it, for an exit too", "orders_per_minute", FAIL, exit_counted(orders_last_minute=30)),
    Row("no counters", "orders_per_minute", MISSING, create_inputs(counters=None)),
    Row("at the limit", "orders_per_day", PASS, counted(orders_today=199)),
    Row("above it", "orders_per_day", FAIL, counted(orders_today=200)),
    Row("an exit", "orders_per_day", SKIPPED, exit_counted(orders_today=200)),
    Row("no counters", "orders_per_day", MISSING, create_inputs(counters=None)),
    Row("at the limit", "notional_per_day", PASS, counted(notional_today="4999349.995")),
    Row("above it", "notional_per_day", FAIL, counted(notional_today="4999349.996")),
    Row("an exit", "notional_per_day", SKIPPED, exit_counted(notional_today="9000000")),
    Row(
        "waived",
        "notional_per_day",
        SKIPPED,
        create_inputs(policy=create_policy(max_daily_notional="waived")),
    ),
    Row("no counters", "notional_per_day", MISSING, create_inputs(counters=None)),
    Row("no quote", "notional_per_day", MISSING, create_inputs(quote=None)),
    Row("none, at the limit", "duplicate_intent", PASS, counted(same_intent_recent=0)),
    Row("one", "duplicate_intent", FAIL, counted(same_intent_recent=1)),
    Row("one, for an exit too", "duplicate_intent", FAIL, exit_counted(same_intent_recent=1)),
    Row(
        "waived",
        "duplicate_intent",
        SKIPPED,
        create_inputs(policy=create_policy(duplicate_window_s="waived")),
    ),
    Row("no counters", "duplicate_intent", MISSING, create_inputs(counters=None)),
]


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_rate_check_in_each_situation_finds_as_stated(row: Row) -> None:
    decision = decide(row.inputs)

    result = result_of(row.check, decision)
    assert result.status is row.status, result
    assert (result.code in decision.risk_codes) or row.status in (PASS, SKIPPED)
    assert (decision.verdict is Verdict.DENY) or row.status in (PASS, SKIPPED)
