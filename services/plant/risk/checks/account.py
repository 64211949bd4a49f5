"""Checks on the account: is its snapshot fresh, does an exit reduce, does the position stay within limits?"""

from decimal import Decimal

from plant.risk.case import ZERO, Case, Exposure
from plant.risk.check import LIMIT_WAIVED, Finding, RiskCode, at_most, check, failed, missing, passed, skipped
from plant.risk.measure import judge_age


@check(
    24,
    name="snapshot_age",
    code=RiskCode.POSITION_SNAPSHOT_STALE,
    compares="age of the account's snapshot (positions, orders, balances) against the policy's maximum",
    unit="ms",
)
def snapshot_age(case: Case) -> Finding:
    account = case.inputs.account
    if account is None:
        return missing("account")
    return judge_age(
        account.as_of_ms,
        now_ms=case.inputs.now_ms,
        max_age_ms=case.policy.max_snapshot_age_ms,
        max_future_ms=case.policy.max_future_ms,
        what="the account's snapshot",
    )


@check(
    29,
    name="reduce_only",
    code=RiskCode.REDUCE_ONLY_WOULD_INCREASE,
    compares="for an exit: size against the position less what open and in-flight exits already close",
    unit="contracts",
)
def reduce_only(case: Case) -> Finding:
    if not case.is_exit:
        return skipped("NOT_AN_EXIT")
    if case.exposure is None:
        return missing("account and counters")
    symbol = case.params.product_symbol
    closable = _closable(case, case.exposure)
    if case.exposure.position == ZERO:
        return failed(case.size, limit=ZERO, detail=f"there is no open position in {symbol!r} to close")
    if case.size > closable:
        detail = f"the order could turn or grow the position in {symbol!r} instead of closing it"
        return failed(case.size, limit=closable, detail=detail)
    return passed(case.size, limit=closable)


@check(
    30,
    name="position_contracts",
    code=RiskCode.POSITION_LIMIT,
    compares="position + open and in-flight orders of the same side + this order, in its direction, against "
    "the lower of the policy's and the instrument's maximum",
    unit="contracts",
)
def position_contracts(case: Case) -> Finding:
    worst = _worst_position(case)
    if worst is None or case.instrument is None:
        return missing("account, counters and instrument")
    by_policy, by_venue = case.policy.max_position_contracts, case.instrument.max_size
    limit = by_venue if isinstance(by_policy, str) else min(by_policy, by_venue)
    return at_most(worst, limit=limit, detail="the position could grow past its limit")


@check(
    30,
    name="position_notional",
    code=RiskCode.POSITION_LIMIT,
    compares="the same worst case x contract value x the higher of order and mark price against the policy's "
    "maximum",
    unit="USD",
)
def position_notional(case: Case) -> Finding:
    limit = case.policy.max_position_notional
    if isinstance(limit, str):
        return skipped(LIMIT_WAIVED)
    worst = _worst_position(case)
    if worst is None or case.instrument is None or case.high_price is None:
        return missing("account, counters, instrument and a price")
    notional = worst * case.instrument.contract_value * case.high_price
    return at_most(notional, limit=limit, detail="the position could be worth more than its limit")


def _closable(case: Case, exposure: Exposure) -> Decimal:
    opposing = exposure.position if case.params.side == "sell" else -exposure.position
    return max(opposing - exposure.same_side_reducing, ZERO)


def _worst_position(case: Case) -> Decimal | None:
    """Units: contracts, counted in the order's own direction; below zero while it only reduces."""
    if case.exposure is None:
        return None
    held = case.exposure.position if case.params.side == "buy" else -case.exposure.position
    return held + case.exposure.same_side + case.size
