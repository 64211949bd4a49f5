"""Declared intent: a request that would cause an external effect must say so, and say which."""

from plant.enforcement.model import ALLOW, Deny, GateInputs, Verdict
from shared.denials import DenialReason


def intent_declared(inputs: GateInputs) -> Verdict:
    if inputs.action is None:
        return Deny(DenialReason.GATE_UNAVAILABLE, "There is no action to decide on.")
    if inputs.intent is None:
        return Deny(DenialReason.INTENT_REQUIRED, "The request would cause an external effect, undeclared.")
    if inputs.intent != inputs.action.kind:
        return Deny(
            DenialReason.INTENT_MISMATCH,
            f"The intent is {inputs.intent!r}, the action is a {inputs.action.kind.value!r}.",
        )
    return ALLOW
