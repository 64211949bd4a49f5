"""Checks on the state of the platform: kill switch, outcomes still unknown, the gate's own health."""

from plant.risk.case import Case
from plant.risk.check import Finding, RiskCode, at_most, check, failed, missing, passed


@check(
    2,
    name="kill_switch",
    code=RiskCode.KILL_SWITCH_ON,
    compares="no kill switch that covers this order is engaged",
)
def kill_switch(case: Case) -> Finding:
    match case.inputs.kill_switch_engaged:
        case None:
            return missing("kill_switch_engaged")
        case True:
            return failed("engaged", limit="released", detail="a kill switch is engaged")
        case False:
            return passed("released", limit="released")


@check(
    47,
    name="unknown_outcome",
    code=RiskCode.UNKNOWN_OUTCOME_OUTSTANDING,
    compares="orders of unknown outcome on the same instrument and side against none",
    unit="orders",
)
def unknown_outcome(case: Case) -> Finding:
    if case.counters is None:
        return missing("counters")
    return at_most(
        case.counters.unknown_outcome_same_side,
        limit=0,
        detail="an earlier order of this instrument and side has an unknown outcome: settle it first",
    )


@check(
    50,
    name="engine_ready",
    code=RiskCode.GATE_UNAVAILABLE,
    compares="the engine's self-check passed and the inputs can be stored for replay",
)
def engine_ready(case: Case) -> Finding:
    if case.snapshot_hash is None:
        return failed("not storable", limit="ready", detail="the inputs cannot be written as canonical JSON")
    match case.inputs.engine_ready:
        case None:
            return missing("engine_ready")
        case False:
            return failed("not ready", limit="ready", detail="the engine's self-check did not pass")
        case True:
            return passed("ready", limit="ready")
