"""The gate as a whole: every check runs, the first failure leads, nothing undecided passes."""

from decimal import ROUND_UP, Context, Decimal, localcontext

import pytest

from plant.risk.check import CheckStatus, RiskCode
from plant.risk.decision import Verdict, decision_json
from plant.risk.gate import CHECKS, decide
from plant.risk.model import RiskInputs
from plant.risk.policy import policy_hash
from tests.unit.plant.risk.checks import (
    test_account,
    test_instrument,
    test_intent,
    test_market,
    test_price,
    test_rate,
    test_size,
    test_state,
)
from tests.unit.plant.risk.create import (
    NOW_MS,
    create_account,
    create_action,
    create_counters,
    create_exit_inputs,
    create_inputs,
    create_instrument,
    create_market_action,
    create_quote,
    result_of,
)

_NUMBERS_AND_CODES = [
    (1, "INTENT_INVALID"),
    (2, "KILL_SWITCH_ON"),
    (8, "APPROVAL_PRICE_DRIFT"),
    (9, "INSTRUMENT_UNKNOWN"),
    (9, "INSTRUMENT_NOT_TRADABLE"),
    (10, "SYMBOL_NOT_ALLOWED"),
    (10, "SYMBOL_NOT_ALLOWED"),
    (11, "OUTSIDE_TRADING_WINDOW"),
    (12, "ORDER_TYPE_UNSUPPORTED"),
    (12, "TIF_UNSUPPORTED"),
    (14, "PRICE_TICK"),
    (15, "QTY_STEP"),
    (15, "QTY_BELOW_MIN"),
    (16, "QTY_ABOVE_MAX"),
    (16, "QTY_ABOVE_MAX"),
    (17, "NOTIONAL_BELOW_MIN"),
    (17, "NOTIONAL_BELOW_MIN"),
    (18, "NOTIONAL_ABOVE_MAX"),
    (18, "NOTIONAL_ABOVE_MAX"),
    (19, "UNIT_MISMATCH"),
    (20, "PRICE_COLLAR"),
    (20, "PRICE_COLLAR"),
    (21, "MARKET_PROTECTION_REQUIRED"),
    (23, "REFERENCE_PRICE_MISSING"),
    (23, "MARKET_DATA_STALE"),
    (24, "POSITION_SNAPSHOT_STALE"),
    (29, "REDUCE_ONLY_WOULD_INCREASE"),
    (30, "POSITION_LIMIT"),
    (30, "POSITION_LIMIT"),
    (34, "RATE_LIMIT_ORDERS"),
    (34, "RATE_LIMIT_ORDERS"),
    (36, "DAILY_ORDER_COUNT"),
    (36, "DAILY_NOTIONAL"),
    (37, "DUPLICATE_INTENT"),
    (47, "UNKNOWN_OUTCOME_OUTSTANDING"),
    (50, "GATE_UNAVAILABLE"),
]

_ROWS = [
    *test_intent.ROWS,
    *test_state.ROWS,
    *test_market.ROWS,
    *test_instrument.ROWS,
    *test_size.ROWS,
    *test_price.ROWS,
    *test_account.ROWS,
    *test_rate.ROWS,
]
_WITHOUT_FAIL = {"instrument_known"}
_WITHOUT_MISSING = {"intent_valid", "symbol_allowed", "trading_window", "price_tick"}


def test_every_check_stands_for_its_number_and_code_in_order() -> None:
    assert [(check.number, check.code.value) for check in CHECKS] == _NUMBERS_AND_CODES
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("name", [check.name for check in CHECKS])
def test_every_check_has_a_row_that_passes_one_that_denies_and_one_that_misses(name: str) -> None:
    found = {row.status for row in _ROWS if row.check == name}

    assert CheckStatus.PASS in found
    assert (CheckStatus.FAIL in found) != (name in _WITHOUT_FAIL)
    assert CheckStatus.MISSING_INPUT in found or name in _WITHOUT_MISSING


@pytest.mark.parametrize(
    "inputs",
    [create_inputs(), create_inputs(action=create_market_action()), create_exit_inputs()],
    ids=["limit", "market", "exit"],
)
def test_sound_order_passes_with_every_check_reported(inputs: RiskInputs) -> None:
    decision = decide(inputs)

    assert decision.verdict is Verdict.PASS
    assert (decision.primary_code, decision.risk_codes) == (None, ())
    assert [(result.number, result.code.value) for result in decision.checks] == _NUMBERS_AND_CODES
    assert decision.policy_hash == policy_hash(inputs.policy)
    assert decision.intent_hash == inputs.action.action_hash()


def test_several_failures_are_all_reported_and_the_first_leads() -> None:
    inputs = create_inputs(
        kill_switch_engaged=True,
        action=create_action(size="51", limit_price="90000.3"),
        counters=create_counters(orders_today=200),
    )

    decision = decide(inputs)

    assert decision.primary_code is RiskCode.KILL_SWITCH_ON
    assert decision.risk_codes == (
        RiskCode.KILL_SWITCH_ON,
        RiskCode.PRICE_TICK,
        RiskCode.QTY_ABOVE_MAX,
        RiskCode.UNIT_MISMATCH,
        RiskCode.PRICE_COLLAR,
        RiskCode.DAILY_ORDER_COUNT,
    )


def test_everything_missing_denies_with_the_codes_of_what_is_missing() -> None:
    inputs = create_inputs(
        instrument=None,
        quote=None,
        account=None,
        counters=None,
        preconditions=None,
        kill_switch_engaged=None,
        engine_ready=None,
    )

    decision = decide(inputs)

    assert decision.verdict is Verdict.DENY
    assert decision.primary_code is RiskCode.KILL_SWITCH_ON
    missing = {result.check for result in decision.checks if result.status is CheckStatus.MISSING_INPUT}
    skipped = {result.check for result in decision.checks if result.status is CheckStatus.SKIPPED}
    passed = {result.check for result in decision.checks if result.status is CheckStatus.PASS}
    assert skipped == {"market_protection", "reduce_only"}
    assert passed == {"intent_valid", "symbol_allowed", "trading_window"}
    assert missing | skipped | passed == {check.name for check in CHECKS}


def test_exit_is_decided_without_allow_list_and_daily_counters_only() -> None:
    decision = decide(create_exit_inputs())

    exempt = {result.check for result in decision.checks if result.detail == "EXIT_EXEMPT"}
    assert exempt == {
        "symbol_allowed",
        "coin_allowed",
        "trading_window",
        "orders_per_day",
        "notional_per_day",
    }


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_number_that_cannot_be_computed_denies_as_gate_unavailable(number: str) -> None:
    quote = create_quote().model_copy(update={"mark_price": Decimal(number)})

    decision = decide(create_inputs().model_copy(update={"quote": quote}))

    assert decision.verdict is Verdict.DENY
    assert RiskCode.GATE_UNAVAILABLE in decision.risk_codes


def test_balance_that_cannot_be_stored_denies_though_no_check_reads_it() -> None:
    account = create_account().model_copy(update={"balances": {"USD": Decimal("NaN")}})

    decision = decide(create_inputs().model_copy(update={"account": account}))

    assert decision.risk_codes == (RiskCode.GATE_UNAVAILABLE,)
    assert decision.snapshot_hash is None


def test_check_that_cannot_compute_denies_under_its_own_name() -> None:
    instrument = create_instrument().model_copy(update={"contract_value": Decimal("NaN")})

    decision = decide(create_inputs().model_copy(update={"instrument": instrument}))

    result = result_of("notional_maximum", decision)
    assert (result.status, result.code) == (CheckStatus.FAIL, RiskCode.GATE_UNAVAILABLE)
    assert result.detail == "the check could not be computed: InvalidOperation"


def test_decision_does_not_depend_on_the_callers_decimal_context() -> None:
    inputs = create_inputs()
    expected = decision_json(decide(inputs))

    with localcontext(Context(prec=2, rounding=ROUND_UP)):
        again = decision_json(decide(inputs))

    assert again == expected


def test_order_changed_in_a_copy_after_it_was_decided_is_another_intent() -> None:
    inputs = create_inputs()
    decided = decide(inputs)
    params = inputs.action.order.model_copy(update={"size": "11"})

    changed = inputs.model_copy(update={"action": inputs.action.model_copy(update={"params": params})})

    assert decide(changed).intent_hash != decided.intent_hash


def test_market_changed_in_a_copy_after_it_was_decided_is_another_snapshot() -> None:
    inputs = create_inputs()
    decided = decide(inputs)

    changed = inputs.model_copy(update={"quote": create_quote().model_copy(update={"as_of_ms": NOW_MS})})

    assert decide(changed).snapshot_hash != decided.snapshot_hash


def test_proposal_and_release_of_one_order_have_different_snapshots_and_one_intent() -> None:
    proposal = decide(create_inputs(stage="proposal"))
    release = decide(create_inputs(stage="release"))

    assert proposal.snapshot_hash != release.snapshot_hash
    assert proposal.intent_hash == release.intent_hash
