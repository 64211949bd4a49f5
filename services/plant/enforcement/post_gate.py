"""The last gate for a post: its platform must take it as it is, and its time must have come."""

from plant.enforcement.model import ALLOW, Deny, GateInputs, Verdict
from shared.denials import DenialReason
from shared.posts.decision import PostTiming

_TIMING = {
    PostTiming.TOO_EARLY: "It is scheduled for later; it is published then by itself.",
    PostTiming.TOO_LATE: "The time it was approved for is over; nothing was published.",
}


def post_gate(inputs: GateInputs) -> Verdict:
    decision = inputs.post
    if decision is None:
        return Deny(DenialReason.GATE_UNAVAILABLE, "The post could not be checked.")
    if decision.codes:
        return Deny(DenialReason.RISK_DENIED, f"{'; '.join(decision.details)}.", decision.codes)
    if decision.timing is not PostTiming.DUE:
        return Deny(DenialReason.PRECONDITION_FAILED, _TIMING[decision.timing], (decision.timing.upper(),))
    return ALLOW
