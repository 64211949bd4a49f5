"""Checks on market data: is there a price to judge by, is it fresh, has it moved since the approval?"""

from typing import Final

from plant.risk.case import Case, positive
from plant.risk.check import Finding, RiskCode, check, failed, missing, passed, skipped
from plant.risk.measure import judge_age, judge_distance

NOT_AT_PROPOSAL: Final = "NOT_AT_PROPOSAL"


@check(
    8,
    name="approval_drift",
    code=RiskCode.APPROVAL_PRICE_DRIFT,
    compares="mark price now against the price shown to the approver, by the tighter of the approval's and "
    "the policy's drift; at release only",
    unit="bps",
)
def approval_drift(case: Case) -> Finding:
    preconditions = case.inputs.preconditions
    if case.inputs.stage == "proposal":
        return skipped(NOT_AT_PROPOSAL)
    if preconditions is None:
        return missing("preconditions")
    if case.mark is None:
        return missing("quote.mark_price")
    price_shown = positive(preconditions.price_shown)
    if price_shown is None:
        return failed(preconditions.price_shown, detail="the price shown to the approver is not above zero")
    return judge_distance(
        case.mark,
        reference=price_shown,
        limit_bps=min(preconditions.allowed_drift_bps, case.policy.max_drift_bps),
        detail="the market has moved too far since the approval",
    )


@check(
    23,
    name="reference_price",
    code=RiskCode.REFERENCE_PRICE_MISSING,
    compares="mark price, best bid and best ask of this instrument are present and above zero",
)
def reference_price(case: Case) -> Finding:
    if case.quote is None:
        return missing("quote")
    prices = {
        "mark_price": case.quote.mark_price,
        "best_bid": case.quote.best_bid,
        "best_ask": case.quote.best_ask,
    }
    for name, price in prices.items():
        if price is None:
            return missing(f"quote.{name}")
        if price <= 0:
            return failed(price, detail=f"{name} must be above zero")
    return passed("present")


@check(
    23,
    name="market_data_age",
    code=RiskCode.MARKET_DATA_STALE,
    compares="age of the quote against the policy's maximum",
    unit="ms",
)
def market_data_age(case: Case) -> Finding:
    if case.quote is None:
        return missing("quote")
    return judge_age(
        case.quote.as_of_ms,
        now_ms=case.inputs.now_ms,
        max_age_ms=case.policy.max_quote_age_ms,
        max_future_ms=case.policy.max_future_ms,
        what="the quote",
    )
