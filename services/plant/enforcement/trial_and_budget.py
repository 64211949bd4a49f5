"""Trial and budget: checked before anything costs. The rule itself is plant/metering/model.py."""

from plant.enforcement.model import ALLOW, Deny, GateInputs, Verdict
from plant.metering.model import Standing, limit_reached
from shared.denials import DenialReason


def trial_and_budget(inputs: GateInputs) -> Verdict:
    if inputs.standing is None:
        return Deny(DenialReason.GATE_UNAVAILABLE, "The plan's limits could not be read.")
    named = inputs.action.hired_instance_id if inputs.action else None
    if named is not None and inputs.standing.instance is None:
        return Deny(DenialReason.GATE_UNAVAILABLE, "The hired agent's plan could not be read.")
    reason = limit_reached(inputs.standing, now=inputs.now)
    if reason is None:
        return ALLOW
    used = f"{inputs.standing.tasks_used} tasks, {inputs.standing.cost_used} USD used this month"
    return Deny(reason, f"The plan {_plan(inputs.standing)!r} allows no more ({used}).")


def _plan(standing: Standing) -> str:
    return standing.plan if standing.instance is None else f"{standing.plan}, {standing.instance.plan}"
