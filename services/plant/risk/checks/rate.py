"""Checks on how much and how often: per second, per minute, per day, and the same intent twice."""

from plant.risk.case import Case
from plant.risk.check import EXIT_EXEMPT, LIMIT_WAIVED, Finding, RiskCode, at_most, check, missing, skipped
from plant.risk.checks.size import high_notional
from plant.risk.policy import CountLimit


@check(
    34,
    name="orders_per_second",
    code=RiskCode.RATE_LIMIT_ORDERS,
    compares="orders of the last second and this one against the policy's maximum",
    unit="orders",
)
def orders_per_second(case: Case) -> Finding:
    if case.counters is None:
        return missing("counters")
    return _judge_count(case.counters.orders_last_second, limit=case.policy.max_orders_per_second)


@check(
    34,
    name="orders_per_minute",
    code=RiskCode.RATE_LIMIT_ORDERS,
    compares="orders of the last minute and this one against the policy's maximum",
    unit="orders",
)
def orders_per_minute(case: Case) -> Finding:
    if case.counters is None:
        return missing("counters")
    return _judge_count(case.counters.orders_last_minute, limit=case.policy.max_orders_per_minute)


@check(
    36,
    name="orders_per_day",
    code=RiskCode.DAILY_ORDER_COUNT,
    compares="orders of the day and this one against the policy's maximum; exits are exempt",
    unit="orders",
)
def orders_per_day(case: Case) -> Finding:
    if case.is_exit:
        return skipped(EXIT_EXEMPT)
    if case.counters is None:
        return missing("counters")
    return _judge_count(case.counters.orders_today, limit=case.policy.max_orders_per_day)


@check(
    36,
    name="notional_per_day",
    code=RiskCode.DAILY_NOTIONAL,
    compares="notional of the day and of this order (at the higher of order and mark price) against the "
    "policy's maximum; exits are exempt",
    unit="USD",
)
def notional_per_day(case: Case) -> Finding:
    limit = case.policy.max_daily_notional
    if case.is_exit:
        return skipped(EXIT_EXEMPT)
    if isinstance(limit, str):
        return skipped(LIMIT_WAIVED)
    notional = high_notional(case)
    if case.counters is None or notional is None:
        return missing("counters, a price and the instrument")
    total = case.counters.notional_today + notional
    return at_most(total, limit=limit, detail="the day's notional would exceed its limit")


@check(
    37,
    name="duplicate_intent",
    code=RiskCode.DUPLICATE_INTENT,
    compares="releases of the same action inside the policy's window against none",
    unit="orders",
)
def duplicate_intent(case: Case) -> Finding:
    if isinstance(case.policy.duplicate_window_s, str):
        return skipped(LIMIT_WAIVED)
    if case.counters is None:
        return missing("counters")
    return at_most(
        case.counters.same_intent_recent,
        limit=0,
        detail="the same action was released a moment ago under another approval",
    )


def _judge_count(earlier: int, *, limit: CountLimit) -> Finding:
    if isinstance(limit, str):
        return skipped(LIMIT_WAIVED)
    return at_most(earlier + 1, limit=limit, detail="this order would exceed the number of orders allowed")
