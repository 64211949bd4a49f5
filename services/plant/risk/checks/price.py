"""Checks on the order's price: on the venue's grid, near the market, and protected when it has none."""

from plant.risk.case import Case
from plant.risk.check import (
    LIMIT_WAIVED,
    NO_LIMIT_PRICE,
    Finding,
    RiskCode,
    check,
    failed,
    missing,
    passed,
    skipped,
)
from plant.risk.measure import judge_distance
from shared.money import is_multiple


@check(
    14,
    name="price_tick",
    code=RiskCode.PRICE_TICK,
    compares="limit price is a multiple of the instrument's tick",
    unit="USD",
)
def price_tick(case: Case) -> Finding:
    if case.limit_price is None:
        return skipped(NO_LIMIT_PRICE)
    if case.instrument is None:
        return missing("instrument")
    tick = case.instrument.tick_size
    if not is_multiple(case.limit_price, step=tick):
        return failed(case.limit_price, limit=tick, detail="the price is not a multiple of the venue's tick")
    return passed(case.limit_price, limit=tick)


@check(
    20,
    name="price_collar",
    code=RiskCode.PRICE_COLLAR,
    compares="limit price, or the far side of the book for a market order, against the mark price",
    unit="bps",
)
def price_collar(case: Case) -> Finding:
    limit_bps = case.policy.price_collar_bps
    if isinstance(limit_bps, str):
        return skipped(LIMIT_WAIVED)
    if case.mark is None or case.order_price is None:
        return missing("quote.mark_price and the order's price")
    return judge_distance(
        case.order_price,
        reference=case.mark,
        limit_bps=limit_bps,
        detail="the price is too far from the mark price",
    )


@check(
    20,
    name="price_band",
    code=RiskCode.PRICE_COLLAR,
    compares="limit price, or the far side of the book for a market order, against the venue's price band",
    unit="USD",
)
def price_band(case: Case) -> Finding:
    if case.policy.price_band == "waived":
        return skipped(LIMIT_WAIVED)
    if case.quote is None or case.order_price is None:
        return missing("quote and the order's price")
    lower, upper = case.quote.price_band_lower, case.quote.price_band_upper
    if lower is None or upper is None:
        return missing("quote.price_band_lower and quote.price_band_upper")
    if case.order_price < lower:
        return failed(case.order_price, limit=lower, detail="the price is below the venue's price band")
    if case.order_price > upper:
        return failed(case.order_price, limit=upper, detail="the price is above the venue's price band")
    return passed(case.order_price, limit=upper)


@check(
    21,
    name="market_protection",
    code=RiskCode.MARKET_PROTECTION_REQUIRED,
    compares="for a market order: the far side of the book against the mark price",
    unit="bps",
)
def market_protection(case: Case) -> Finding:
    limit_bps = case.policy.market_protection_bps
    if case.params.order_type != "market_order":
        return skipped("NOT_A_MARKET_ORDER")
    if isinstance(limit_bps, str):
        return failed(None, limit=limit_bps, detail="the policy states no protection for market orders")
    if case.mark is None or case.far_side is None:
        return missing("quote.mark_price and the far side of the book")
    return judge_distance(
        case.far_side,
        reference=case.mark,
        limit_bps=limit_bps,
        detail="a market order would trade too far from the mark price",
    )
