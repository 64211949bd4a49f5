"""Age of the snapshot, exits that must reduce, positions that must stay within limits."""

import pytest

from plant.brokers.model import OpenOrder
from plant.risk.check import CheckStatus
from plant.risk.decision import Verdict
from plant.risk.gate import decide
from plant.risk.model import InFlightOrder, RiskInputs
from tests.unit.plant.risk.create import (
    NOW_MS,
    Changes,
    Row,
    create_account,
    create_action,
    create_counters,
    create_exit,
    create_exit_inputs,
    create_in_flight,
    create_inputs,
    create_instrument,
    create_open_order,
    create_policy,
    create_position,
    result_of,
    row_id,
    run_check,
)

PASS, FAIL, SKIPPED, MISSING = (
    CheckStatus.PASS,
    CheckStatus.FAIL,
    CheckStatus.SKIPPED,
    CheckStatus.MISSING_INPUT,
)


def holding(
    size: str, *open_orders: OpenOrder, in_flight: tuple[InFlightOrder, ...] = (), **changes: Changes
) -> RiskInputs:
    account = create_account(positions=(create_position(size),), open_orders=open_orders)
    return create_inputs(**{"account": account, "counters": create_counters(in_flight=in_flight), **changes})


def exiting(
    size: str, *open_orders: OpenOrder, in_flight: tuple[InFlightOrder, ...] = (), **changes: Changes
) -> RiskInputs:
    return holding(size, *open_orders, in_flight=in_flight, **{"action": create_exit(), **changes})


ROWS = [
    Row("young", "snapshot_age", PASS, create_inputs()),
    Row(
        "at the limit", "snapshot_age", PASS, create_inputs(account=create_account(as_of_ms=NOW_MS - 10_000))
    ),
    Row("too old", "snapshot_age", FAIL, create_inputs(account=create_account(as_of_ms=NOW_MS - 10_001))),
    Row(
        "too far ahead", "snapshot_age", FAIL, create_inputs(account=create_account(as_of_ms=NOW_MS + 1_001))
    ),
    Row("too old, for an exit too", "snapshot_age", FAIL, exiting("10", now_ms=NOW_MS + 60_000)),
    Row("no snapshot", "snapshot_age", MISSING, create_inputs(account=None)),
    Row("not an exit", "reduce_only", SKIPPED, create_inputs()),
    Row("the whole position, at the limit", "reduce_only", PASS, exiting("10")),
    Row("part of the position", "reduce_only", PASS, exiting("11")),
    Row("more than the position", "reduce_only", FAIL, exiting("9")),
    Row("no position", "reduce_only", FAIL, exiting("0")),
    Row(
        "a position of another symbol",
        "reduce_only",
        FAIL,
        create_exit_inputs(account=create_account(positions=(create_position("10", symbol="ETHUSD"),))),
    ),
    Row("the wrong side", "reduce_only", FAIL, exiting("-10")),
    Row("a short, bought back", "reduce_only", PASS, exiting("-10", action=create_exit(side="buy"))),
    Row("a short, bought back too far", "reduce_only", FAIL, exiting("-9", action=create_exit(side="buy"))),
    Row(
        "an exit rests already",
        "reduce_only",
        FAIL,
        exiting("19", create_open_order("10", side="sell", reduce_only=True)),
    ),
    Row(
        "an exit rests already and enough is left, at the limit",
        "reduce_only",
        PASS,
        exiting("20", create_open_order("10", side="sell", reduce_only=True)),
    ),
    Row(
        "an exit is in flight",
        "reduce_only",
        FAIL,
        exiting("10", in_flight=(create_in_flight("1", side="sell", reduce_only=True),)),
    ),
    Row(
        "an exit of another symbol rests",
        "reduce_only",
        PASS,
        exiting("10", create_open_order("10", symbol="ETHUSD", side="sell", reduce_only=True)),
    ),
    Row(
        "a place_order that only reduces, without position",
        "reduce_only",
        FAIL,
        create_inputs(action=create_action(reduce_only=True)),
    ),
    Row("no account", "reduce_only", MISSING, create_exit_inputs(account=None)),
    Row("no counters", "reduce_only", MISSING, create_exit_inputs(counters=None)),
    Row("from flat", "position_contracts", PASS, create_inputs()),
    Row("at the limit", "position_contracts", PASS, holding("990")),
    Row("above it", "position_contracts", FAIL, holding("991")),
    Row("an open order takes the room", "position_contracts", FAIL, holding("980", create_open_order("11"))),
    Row("an open order leaves the room", "position_contracts", PASS, holding("980", create_open_order("10"))),
    Row(
        "an open order of the other side gives no room",
        "position_contracts",
        FAIL,
        holding("991", create_open_order("100", side="sell")),
    ),
    Row(
        "an order in flight takes the room",
        "position_contracts",
        FAIL,
        holding("980", in_flight=(create_in_flight("11"),)),
    ),
    Row(
        "a short at the limit",
        "position_contracts",
        PASS,
        holding("-990", action=create_action(side="sell")),
    ),
    Row("a short above it", "position_contracts", FAIL, holding("-991", action=create_action(side="sell"))),
    Row(
        "a reduction from above the limit",
        "position_contracts",
        PASS,
        holding("5000", action=create_action(side="sell")),
    ),
    Row(
        "the venue's limit is lower",
        "position_contracts",
        FAIL,
        holding("15", instrument=create_instrument(max_size="20")),
    ),
    Row("no account", "position_contracts", MISSING, create_inputs(account=None)),
    Row("no counters", "position_contracts", MISSING, create_inputs(counters=None)),
    Row("no instrument", "position_contracts", MISSING, create_inputs(instrument=None)),
    Row(
        "at the limit",
        "position_notional",
        PASS,
        holding("90", policy=create_policy(max_position_notional="6500.05")),
    ),
    Row(
        "above it",
        "position_notional",
        FAIL,
        holding("90", policy=create_policy(max_position_notional="6500.04")),
    ),
    Row(
        "waived",
        "position_notional",
        SKIPPED,
        holding("90", policy=create_policy(max_position_notional="waived")),
    ),
    Row("no quote", "position_notional", MISSING, create_inputs(quote=None)),
    Row("no account", "position_notional", MISSING, create_inputs(account=None)),
]


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_account_check_in_each_situation_finds_as_stated(row: Row) -> None:
    decision = decide(row.inputs)

    result = result_of(row.check, decision)
    assert result.status is row.status, result
    assert (result.code in decision.risk_codes) or row.status in (PASS, SKIPPED)
    assert (decision.verdict is Verdict.DENY) or row.status in (PASS, SKIPPED)


def test_exit_without_position_is_refused_by_name() -> None:
    result = run_check("reduce_only", exiting("0"))

    assert result.detail == "there is no open position in 'BTCUSD' to close"
