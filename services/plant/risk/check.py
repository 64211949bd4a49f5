"""What a risk check is: its number, its deny code, the function that looks, and what it can find."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from plant.risk.case import Case
from shared.money import canonical_decimal

EXIT_EXEMPT: Final = "EXIT_EXEMPT"
LIMIT_WAIVED: Final = "WAIVED"
NO_LIMIT_PRICE: Final = "NO_LIMIT_PRICE"


class RiskCode(StrEnum):
    INTENT_INVALID = "INTENT_INVALID"
    KILL_SWITCH_ON = "KILL_SWITCH_ON"
    APPROVAL_PRICE_DRIFT = "APPROVAL_PRICE_DRIFT"
    INSTRUMENT_UNKNOWN = "INSTRUMENT_UNKNOWN"
    INSTRUMENT_NOT_TRADABLE = "INSTRUMENT_NOT_TRADABLE"
    SYMBOL_NOT_ALLOWED = "SYMBOL_NOT_ALLOWED"
    OUTSIDE_TRADING_WINDOW = "OUTSIDE_TRADING_WINDOW"
    ORDER_TYPE_UNSUPPORTED = "ORDER_TYPE_UNSUPPORTED"
    TIF_UNSUPPORTED = "TIF_UNSUPPORTED"
    PRICE_TICK = "PRICE_TICK"
    QTY_STEP = "QTY_STEP"
    QTY_BELOW_MIN = "QTY_BELOW_MIN"
    QTY_ABOVE_MAX = "QTY_ABOVE_MAX"
    NOTIONAL_BELOW_MIN = "NOTIONAL_BELOW_MIN"
    NOTIONAL_ABOVE_MAX = "NOTIONAL_ABOVE_MAX"
    UNIT_MISMATCH = "UNIT_MISMATCH"
    PRICE_COLLAR = "PRICE_COLLAR"
    MARKET_PROTECTION_REQUIRED = "MARKET_PROTECTION_REQUIRED"
    REFERENCE_PRICE_MISSING = "REFERENCE_PRICE_MISSING"
    MARKET_DATA_STALE = "MARKET_DATA_STALE"
    POSITION_SNAPSHOT_STALE = "POSITION_SNAPSHOT_STALE"
    REDUCE_ONLY_WOULD_INCREASE = "REDUCE_ONLY_WOULD_INCREASE"
    POSITION_LIMIT = "POSITION_LIMIT"
    RATE_LIMIT_ORDERS = "RATE_LIMIT_ORDERS"
    DAILY_ORDER_COUNT = "DAILY_ORDER_COUNT"
    DAILY_NOTIONAL = "DAILY_NOTIONAL"
    DUPLICATE_INTENT = "DUPLICATE_INTENT"
    UNKNOWN_OUTCOME_OUTSTANDING = "UNKNOWN_OUTCOME_OUTSTANDING"
    GATE_UNAVAILABLE = "GATE_UNAVAILABLE"


class CheckStatus(StrEnum):
    PASS = "pass"  # noqa: S105 a status, not a password
    FAIL = "fail"
    SKIPPED = "skipped"
    MISSING_INPUT = "missing_input"


_PASS: Final = CheckStatus.PASS
_FAIL: Final = CheckStatus.FAIL
_SKIPPED: Final = CheckStatus.SKIPPED
_MISSING_INPUT: Final = CheckStatus.MISSING_INPUT


# What one check saw: its status, the value, the limit it was held against, and a sentence unless it passed.
# A plain tuple: 35 are made per decision, and a named one takes ten times as long to make.
Finding: TypeAlias = tuple[CheckStatus, str | None, str | None, str]


@dataclass(frozen=True, eq=False)
class Check:
    """Numbers are those of the check table in the docs; several checks may share one."""

    number: int
    name: str
    code: RiskCode
    compares: str
    unit: str | None
    find: Callable[[Case], Finding]


def check(
    number: int, *, name: str, code: RiskCode, compares: str, unit: str | None = None
) -> Callable[[Callable[[Case], Finding]], Check]:
    def describe(find: Callable[[Case], Finding]) -> Check:
        return Check(number, name, code, compares, unit, find)

    return describe


def passed(observed: Decimal | str | int, *, limit: Decimal | str | int | None = None) -> Finding:
    return _PASS, _text(observed), None if limit is None else _text(limit), ""


def failed(
    observed: Decimal | str | int | None, *, limit: Decimal | str | int | None = None, detail: str
) -> Finding:
    return (
        _FAIL,
        None if observed is None else _text(observed),
        None if limit is None else _text(limit),
        detail,
    )


def skipped(reason: str) -> Finding:
    return _SKIPPED, None, None, reason


def missing(name: str) -> Finding:
    return _MISSING_INPUT, None, None, f"cannot decide without {name}"


def at_most(observed: Decimal | int, *, limit: Decimal | int, detail: str) -> Finding:
    return failed(observed, limit=limit, detail=detail) if observed > limit else passed(observed, limit=limit)


def at_least(observed: Decimal | int, *, limit: Decimal | int, detail: str) -> Finding:
    return failed(observed, limit=limit, detail=detail) if observed < limit else passed(observed, limit=limit)


def _text(value: Decimal | str | int) -> str:
    return canonical_decimal(value) if isinstance(value, Decimal) else str(value)
