"""Measures that several checks share: the distance of a price from a reference, and the age of a reading."""

from decimal import Decimal
from typing import Final

from plant.risk.check import Finding, at_most, failed, passed
from shared.money import ceil_to_step

_BPS: Final = 10_000
_SHOWN_STEP: Final = Decimal("0.01")


def judge_distance(price: Decimal, *, reference: Decimal, limit_bps: int, detail: str) -> Finding:
    """Compare exactly; only the distance that is shown is rounded, away from zero.

    Requires: a reference above zero.
    """
    scaled = abs(price - reference) * _BPS
    shown = ceil_to_step(scaled / reference, step=_SHOWN_STEP)
    if scaled > limit_bps * reference:
        return failed(shown, limit=limit_bps, detail=detail)
    return passed(shown, limit=limit_bps)


def judge_age(as_of_ms: int, *, now_ms: int, max_age_ms: int, max_future_ms: int, what: str) -> Finding:
    """A reading from further ahead than `max_future_ms` is as useless as an old one: some clock is wrong."""
    age_ms = now_ms - as_of_ms
    if age_ms < -max_future_ms:
        return failed(age_ms, limit=max_age_ms, detail=f"{what} is dated in the future")
    return at_most(age_ms, limit=max_age_ms, detail=f"{what} is too old")
