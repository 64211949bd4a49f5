"""Checks on the order's size: in contracts, in coins and in money."""

from decimal import Decimal

from plant.brokers.model import Instrument
from plant.risk.case import ZERO, Case
from plant.risk.check import (
    LIMIT_WAIVED,
    Finding,
    RiskCode,
    at_least,
    at_most,
    check,
    failed,
    missing,
    passed,
    skipped,
)
from shared.money import is_multiple


@check(
    15,
    name="quantity_step",
    code=RiskCode.QTY_STEP,
    compares="size is a multiple of the instrument's step",
    unit="contracts",
)
def quantity_step(case: Case) -> Finding:
    if case.instrument is None:
        return missing("instrument")
    step = case.instrument.size_step
    if not is_multiple(case.size, step=step):
        return failed(case.size, limit=step, detail="the size is not a multiple of the venue's step")
    return passed(case.size, limit=step)


@check(
    15,
    name="quantity_minimum",
    code=RiskCode.QTY_BELOW_MIN,
    compares="size against the instrument's minimum",
    unit="contracts",
)
def quantity_minimum(case: Case) -> Finding:
    if case.instrument is None:
        return missing("instrument")
    return at_least(case.size, limit=case.instrument.min_size, detail="the size is below the venue's minimum")


@check(
    16,
    name="quantity_maximum",
    code=RiskCode.QTY_ABOVE_MAX,
    compares="size against the instrument's maximum",
    unit="contracts",
)
def quantity_maximum(case: Case) -> Finding:
    if case.instrument is None:
        return missing("instrument")
    return at_most(case.size, limit=case.instrument.max_size, detail="the size is above the venue's maximum")


@check(
    16,
    name="units_maximum",
    code=RiskCode.QTY_ABOVE_MAX,
    compares="size x contract value against the policy's most units per order",
    unit="coins",
)
def units_maximum(case: Case) -> Finding:
    limit = case.policy.max_units_per_order
    if isinstance(limit, str):
        return skipped(LIMIT_WAIVED)
    if case.instrument is None:
        return missing("instrument")
    units = case.size * case.instrument.contract_value
    return at_most(units, limit=limit, detail="the order is larger than the account's units per order")


@check(
    17,
    name="notional_minimum_of_venue",
    code=RiskCode.NOTIONAL_BELOW_MIN,
    compares="notional at the lower of order and mark price against the instrument's minimum, if it has one",
    unit="USD",
)
def notional_minimum_of_venue(case: Case) -> Finding:
    if case.instrument is None:
        return missing("instrument")
    return _judge_minimum(case, limit=case.instrument.min_notional, without_limit="NO_MINIMUM")


@check(
    17,
    name="notional_minimum",
    code=RiskCode.NOTIONAL_BELOW_MIN,
    compares="notional at the lower of order and mark price against the policy's minimum",
    unit="USD",
)
def notional_minimum(case: Case) -> Finding:
    return _judge_minimum(case, limit=case.policy.min_notional, without_limit=LIMIT_WAIVED)


@check(
    18,
    name="notional_maximum",
    code=RiskCode.NOTIONAL_ABOVE_MAX,
    compares="notional at the higher of order and mark price against the policy's maximum per order",
    unit="USD",
)
def notional_maximum(case: Case) -> Finding:
    limit = case.policy.max_notional_per_order
    if isinstance(limit, str):
        return skipped(LIMIT_WAIVED)
    notional = high_notional(case)
    if notional is None:
        return missing("a price and the instrument")
    return at_most(notional, limit=limit, detail="the order is worth more than one order may be")


@check(
    18,
    name="notional_maximum_inr",
    code=RiskCode.NOTIONAL_ABOVE_MAX,
    compares="notional at the higher of order and mark price x the policy's USD-INR rate against the "
    "policy's maximum in rupees",
    unit="INR",
)
def notional_maximum_inr(case: Case) -> Finding:
    limit = case.policy.max_notional_inr
    if isinstance(limit, str):
        return skipped(LIMIT_WAIVED)
    notional = high_notional(case)
    if notional is None:
        return missing("a price and the instrument")
    rupees = notional * case.policy.usd_inr.rate
    return at_most(rupees, limit=limit, detail="the order is worth more rupees than the account allows")


@check(
    19,
    name="contract_units",
    code=RiskCode.UNIT_MISMATCH,
    compares="size is whole contracts, a contract is a positive amount of a coin quoted in the policy's "
    "currency, and size x contract value is within the policy's most units per order",
    unit="coins",
)
def contract_units(case: Case) -> Finding:
    instrument = case.instrument
    if instrument is None:
        return missing("instrument")
    units = case.size * instrument.contract_value
    limit = case.policy.max_units_per_order
    problem = _unit_problem(case, instrument=instrument, units=units)
    if problem is not None:
        return failed(units, limit=limit, detail=problem)
    return passed(units, limit=limit)


def high_notional(case: Case) -> Decimal | None:
    """Units: quote currency. What the order is worth at the higher of its own and the mark price."""
    if case.instrument is None or case.high_price is None:
        return None
    return case.size * case.instrument.contract_value * case.high_price


def _judge_minimum(case: Case, *, limit: Decimal | str, without_limit: str) -> Finding:
    if isinstance(limit, str):
        return skipped(without_limit)
    if case.instrument is None or case.low_price is None:
        return missing("a price and the instrument")
    notional = case.size * case.instrument.contract_value * case.low_price
    return at_least(notional, limit=limit, detail="the order is worth less than the minimum")


def _unit_problem(case: Case, *, instrument: Instrument, units: Decimal) -> str | None:
    policy = case.policy
    if case.size % 1 != ZERO:
        return "the size must be a whole number of contracts"
    if instrument.contract_value <= ZERO:
        return "a contract must stand for a positive amount of the coin"
    if instrument.quote_currency != policy.notional_currency:
        return f"quoted in {instrument.quote_currency!r}, limits are in {policy.notional_currency!r}"
    if instrument.contract_unit == instrument.quote_currency:
        return "the contract is denominated in its quote currency, not in a coin"
    if not isinstance(policy.max_units_per_order, str) and units > policy.max_units_per_order:
        return "in coins the order exceeds the units per order: were contracts and coins confused?"
    return None
