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
    return Deny(reason, f"The plan allows no more ({_used(inputs.standing)}).")


def _used(standing: Standing) -> str:
    used = f"{standing.plan!r}: {standing.tasks_used} tasks, {standing.cost_used} USD used this month"
    agent = standing.instance
    if agent is None:
        return used
    return f"{used}; the hired agent's {agent.plan!r}: {agent.tasks_used} tasks, {agent.cost_used} USD"
