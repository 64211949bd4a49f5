"""Checks on the instrument: known, trading, allowed to this account, and open to this kind of order."""

from typing import Final

from plant.risk.case import Case
from plant.risk.check import (
    EXIT_EXEMPT,
    LIMIT_WAIVED,
    Finding,
    RiskCode,
    check,
    failed,
    missing,
    passed,
    skipped,
)
from plant.risk.policy import NameSet

TRADABLE_STATE: Final = "live"


@check(
    9,
    name="instrument_known",
    code=RiskCode.INSTRUMENT_UNKNOWN,
    compares="the venue's description of this instrument is at hand",
)
def instrument_known(case: Case) -> Finding:
    if case.instrument is None:
        return missing(f"the instrument {case.params.product_symbol!r}")
    return passed(case.instrument.symbol)


@check(
    9,
    name="instrument_tradable",
    code=RiskCode.INSTRUMENT_NOT_TRADABLE,
    compares="state of the instrument against `live`",
)
def instrument_tradable(case: Case) -> Finding:
    if case.instrument is None:
        return missing("instrument")
    state = case.instrument.state
    if state != TRADABLE_STATE:
        return failed(state, limit=TRADABLE_STATE, detail="the venue does not trade this instrument now")
    return passed(state, limit=TRADABLE_STATE)


@check(
    10,
    name="symbol_allowed",
    code=RiskCode.SYMBOL_NOT_ALLOWED,
    compares="the symbol against the allowed symbols; exits are exempt",
)
def symbol_allowed(case: Case) -> Finding:
    return _judge_listed(case, name=case.params.product_symbol, allowed=case.policy.allowed_symbols)


@check(
    10,
    name="coin_allowed",
    code=RiskCode.SYMBOL_NOT_ALLOWED,
    compares="the instrument's coin against the allowed coins; exits are exempt",
)
def coin_allowed(case: Case) -> Finding:
    coin = None if case.instrument is None else case.instrument.contract_unit
    return _judge_listed(case, name=coin, allowed=case.policy.allowed_coins)


@check(
    11,
    name="trading_window",
    code=RiskCode.OUTSIDE_TRADING_WINDOW,
    compares="time of day at the owner's place against the hours in which the account may enter; exits are exempt",
)
def trading_window(case: Case) -> Finding:
    hours = case.policy.trading_hours
    if case.is_exit:
        return skipped(EXIT_EXEMPT)
    if isinstance(hours, str):
        return skipped(LIMIT_WAIVED)
    observed = " ".join(one.local_time(case.inputs.now_ms) for one in hours)
    limit = ", ".join(str(one) for one in hours)
    if not all(one.include(case.inputs.now_ms) for one in hours):
        return failed(observed, limit=limit, detail="no position is entered at this time of day")
    return passed(observed, limit=limit)


@check(
    12,
    name="order_type_supported",
    code=RiskCode.ORDER_TYPE_UNSUPPORTED,
    compares="order type against those of the policy and of the instrument",
)
def order_type_supported(case: Case) -> Finding:
    if case.instrument is None:
        return missing("instrument")
    return _judge_supported(case.params.order_type, case.policy.order_types, case.instrument.order_types)


@check(
    12,
    name="time_in_force_supported",
    code=RiskCode.TIF_UNSUPPORTED,
    compares="time in force against those of the policy and of the instrument",
)
def time_in_force_supported(case: Case) -> Finding:
    if case.instrument is None:
        return missing("instrument")
    return _judge_supported(
        case.params.time_in_force, case.policy.times_in_force, case.instrument.times_in_force
    )


def _judge_listed(case: Case, *, name: str | None, allowed: NameSet) -> Finding:
    if case.is_exit:
        return skipped(EXIT_EXEMPT)
    if isinstance(allowed, str):
        return skipped(LIMIT_WAIVED)
    if name is None:
        return missing("instrument")
    listed = " ".join(allowed)
    if name not in allowed:
        return failed(
            name, limit=listed, detail=f"{name!r} is not on the list of what this account may trade"
        )
    return passed(name, limit=listed)


def _judge_supported(wanted: str, by_policy: tuple[str, ...], by_venue: tuple[str, ...]) -> Finding:
    supported = [name for name in by_policy if name in by_venue]
    listed = " ".join(supported)
    if wanted not in supported:
        return failed(wanted, limit=listed, detail=f"{wanted!r} is not supported here")
    return passed(wanted, limit=listed)
