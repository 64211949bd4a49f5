"""Kill switch, unknown outcomes, the gate's own health."""

import pytest

from plant.risk.check import CheckStatus
from plant.risk.decision import Verdict
from plant.risk.gate import decide
from tests.unit.plant.risk.create import (
    Row,
    create_counters,
    create_exit_inputs,
    create_inputs,
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
    Row("released", "kill_switch", PASS, create_inputs()),
    Row("engaged", "kill_switch", FAIL, create_inputs(kill_switch_engaged=True)),
    Row("engaged, for an exit too", "kill_switch", FAIL, create_exit_inputs(kill_switch_engaged=True)),
    Row("not known", "kill_switch", MISSING, create_inputs(kill_switch_engaged=None)),
    Row("none, at the limit", "unknown_outcome", PASS, create_inputs()),
    Row(
        "one",
        "unknown_outcome",
        FAIL,
        create_inputs(counters=create_counters(unknown_outcome_same_side=1)),
    ),
    Row(
        "one, for an exit too",
        "unknown_outcome",
        FAIL,
        create_exit_inputs(counters=create_counters(unknown_outcome_same_side=1)),
    ),
    Row("no counters", "unknown_outcome", MISSING, create_inputs(counters=None)),
    Row("ready", "engine_ready", PASS, create_inputs()),
    Row("not ready", "engine_ready", FAIL, create_inputs(engine_ready=False)),
    Row("not known", "engine_ready", MISSING, create_inputs(engine_ready=None)),
]


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_state_check_in_each_situation_finds_as_stated(row: Row) -> None:
    decision = decide(row.inputs)

    result = result_of(row.check, decision)
    assert result.status is row.status, result
    assert (result.code in decision.risk_codes) or row.status in (PASS, SKIPPED)
    assert (decision.verdict is Verdict.DENY) or row.status in (PASS, SKIPPED)
