"""Presence and age of market data, and drift since the approval."""

from decimal import Decimal

import pytest

from plant.risk.check import CheckStatus
from plant.risk.decision import Verdict
from plant.risk.gate import decide
from plant.risk.model import Preconditions
from tests.unit.plant.risk.create import (
    NOW_MS,
    Row,
    create_inputs,
    create_quote,
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


def shown(price: str, *, allowed_drift_bps: int = 100) -> Preconditions:
    return Preconditions(price_shown=Decimal(price), allowed_drift_bps=allowed_drift_bps)


ROWS = [
    Row("at the price shown", "approval_drift", PASS, create_inputs()),
    Row("up, at the limit", "approval_drift", PASS, create_inputs(quote=create_quote(mark_price="65650"))),
    Row("up, past it", "approval_drift", FAIL, create_inputs(quote=create_quote(mark_price="65650.000001"))),
    Row("down, at the limit", "approval_drift", PASS, create_inputs(quote=create_quote(mark_price="64350"))),
    Row(
        "down, past it", "approval_drift", FAIL, create_inputs(quote=create_quote(mark_price="64349.999999"))
    ),
    Row(
        "the approval allows less than the policy",
        "approval_drift",
        FAIL,
        create_inputs(
            quote=create_quote(mark_price="65100"), preconditions=shown("65000", allowed_drift_bps=10)
        ),
    ),
    Row(
        "the approval allows more than the policy",
        "approval_drift",
        FAIL,
        create_inputs(
            quote=create_quote(mark_price="66000"), preconditions=shown("65000", allowed_drift_bps=500)
        ),
    ),
    Row(
        "no drift allowed and none seen",
        "approval_drift",
        PASS,
        create_inputs(preconditions=shown("65000", allowed_drift_bps=0)),
    ),
    Row("a shown price of zero", "approval_drift", FAIL, create_inputs(preconditions=shown("0"))),
    Row("no preconditions at release", "approval_drift", MISSING, create_inputs(preconditions=None)),
    Row(
        "no preconditions at proposal",
        "approval_drift",
        SKIPPED,
        create_inputs(preconditions=None, stage="proposal"),
    ),
    Row("no mark price", "approval_drift", MISSING, create_inputs(quote=create_quote(mark_price=None))),
    Row("all present", "reference_price", PASS, create_inputs()),
    Row("no quote", "reference_price", MISSING, create_inputs(quote=None)),
    Row(
        "a quote of another symbol",
        "reference_price",
        MISSING,
        create_inputs(quote=create_quote(symbol="ETHUSD")),
    ),
    Row("no mark price", "reference_price", MISSING, create_inputs(quote=create_quote(mark_price=None))),
    Row("no bid", "reference_price", MISSING, create_inputs(quote=create_quote(best_bid=None))),
    Row("no ask", "reference_price", MISSING, create_inputs(quote=create_quote(best_ask=None))),
    Row("a mark price of zero", "reference_price", FAIL, create_inputs(quote=create_quote(mark_price="0"))),
    Row("a negative ask", "reference_price", FAIL, create_inputs(quote=create_quote(best_ask="-1"))),
    Row("young", "market_data_age", PASS, create_inputs()),
    Row("at the limit", "market_data_age", PASS, create_inputs(quote=create_quote(as_of_ms=NOW_MS - 10_000))),
    Row("too old", "market_data_age", FAIL, create_inputs(quote=create_quote(as_of_ms=NOW_MS - 10_001))),
    Row(
        "a little ahead", "market_data_age", PASS, create_inputs(quote=create_quote(as_of_ms=NOW_MS + 1_000))
    ),
    Row("too far ahead", "market_data_age", FAIL, create_inputs(quote=create_quote(as_of_ms=NOW_MS + 1_001))),
    Row("no quote", "market_data_age", MISSING, create_inputs(quote=None)),
]


@pytest.mark.parametrize("row", ROWS, ids=row_id)
def test_market_check_in_each_situation_finds_as_stated(row: Row) -> None:
    decision = decide(row.inputs)

    result = result_of(row.check, decision)
    assert result.status is row.status, result
    assert (result.code in decision.risk_codes) or row.status in (PASS, SKIPPED)
    assert (decision.verdict is Verdict.DENY) or row.status in (PASS, SKIPPED)


def test_drift_just_past_the_limit_is_shown_above_it() -> None:
    inputs = create_inputs(quote=create_quote(mark_price="65650.000001"))

    result = run_check("approval_drift", inputs)

    assert (result.observed, result.limit, result.unit) == ("100.01", "100", "bps")
