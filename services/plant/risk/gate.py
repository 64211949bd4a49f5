"""The risk gate: one pure function that decides an order, and the fixed list of checks it runs.

Called when an action is proposed and again when it is released. Every check runs; whatever cannot be
decided denies. Changing a check changes ENGINE_VERSION.
"""

from dataclasses import replace
from decimal import Context, DecimalException, DivisionByZero, InvalidOperation, Overflow, localcontext
from typing import Final

from plant.risk.case import Case, read_case
from plant.risk.check import Check, CheckStatus, Finding, RiskCode, failed
from plant.risk.checks import account, instrument, intent, market, price, rate, size, state
from plant.risk.decision import RiskDecision, Verdict
from plant.risk.model import RiskInputs
from plant.risk.policy import policy_hash

ENGINE_VERSION: Final = "risk-gate/2"

CHECKS: Final[tuple[Check, ...]] = (
    intent.intent_valid,
    state.kill_switch,
    market.approval_drift,
    instrument.instrument_known,
    instrument.instrument_tradable,
    instrument.symbol_allowed,
    instrument.coin_allowed,
    instrument.trading_window,
    instrument.order_type_supported,
    instrument.time_in_force_supported,
    price.price_tick,
    size.quantity_step,
    size.quantity_minimum,
    size.quantity_maximum,
    size.units_maximum,
    size.notional_minimum_of_venue,
    size.notional_minimum,
    size.notional_maximum,
    size.notional_maximum_inr,
    size.contract_units,
    price.price_collar,
    price.price_band,
    price.market_protection,
    market.reference_price,
    market.market_data_age,
    account.snapshot_age,
    account.reduce_only,
    account.position_contracts,
    account.position_notional,
    rate.orders_per_second,
    rate.orders_per_minute,
    rate.orders_per_day,
    rate.notional_per_day,
    rate.duplicate_intent,
    state.unknown_outcome,
    state.engine_ready,
)

# Products of four inputs of 40 digits are exact in it, so no comparison depends on rounding.
_ARITHMETIC: Final = Context(prec=180, traps=[InvalidOperation, DivisionByZero, Overflow])
_FAIL: Final = CheckStatus.FAIL
_MISSING_INPUT: Final = CheckStatus.MISSING_INPUT


def decide(inputs: RiskInputs) -> RiskDecision:
    """Decide one order; the same inputs give the same decision, on any machine and at any time."""
    with localcontext(_ARITHMETIC):
        case = _try_read(inputs)
        findings = _run_all(case)
    codes = _denying_codes(findings)
    return RiskDecision(
        verdict=Verdict.DENY if codes else Verdict.PASS,
        primary_code=codes[0] if codes else None,
        risk_codes=codes,
        findings=findings,
        policy_hash=policy_hash(inputs.policy),
        snapshot_hash=None if case is None else case.snapshot_hash,
        intent_hash=inputs.action.action_hash(),
        engine_version=ENGINE_VERSION,
    )


def _try_read(inputs: RiskInputs) -> Case | None:
    try:
        return read_case(inputs)
    except (DecimalException, ValueError):
        return None


def _run_all(case: Case | None) -> tuple[tuple[Check, Finding], ...]:
    if case is None:
        detail = "the inputs hold something that is not a number"
        return tuple(_undecidable(check, detail) for check in CHECKS)
    findings: list[tuple[Check, Finding]] = []
    for check in CHECKS:
        try:
            findings.append((check, check.find(case)))
        except (DecimalException, ValueError) as error:
            findings.append(_undecidable(check, f"the check could not be computed: {type(error).__name__}"))
    return tuple(findings)


def _undecidable(check: Check, detail: str) -> tuple[Check, Finding]:
    return replace(check, code=RiskCode.GATE_UNAVAILABLE), failed(None, detail=detail)


def _denying_codes(findings: tuple[tuple[Check, Finding], ...]) -> tuple[RiskCode, ...]:
    return tuple(
        dict.fromkeys(
            [
                check.code
                for check, (status, _, _, _) in findings
                if status is _FAIL or status is _MISSING_INPUT
            ]
        )
    )
