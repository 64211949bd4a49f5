"""The last gate for a post: its platform must take it as it is, and its time must have come."""

from plant.enforcement.model import ALLOW, Deny, GateInputs, PostTiming, Verdict
from shared.denials import DenialReason

_TIMING = {
    PostTiming.TOO_EARLY: "It is scheduled for later; it is published then by itself.",
    PostTiming.TOO_LATE: "The time it was approved for is over; nothing was published.",
}


def post_gate(inputs: GateInputs) -> Verdict:
    content = inputs.content
    if content is None:
        return Deny(DenialReason.GATE_UNAVAILABLE, "The post could not be checked.")
    if content.codes:
        return Deny(DenialReason.RISK_DENIED, f"{'; '.join(content.details)}.", content.codes)
    if content.timing is not PostTiming.DUE:
        return Deny(DenialReason.PRECONDITION_FAILED, _TIMING[content.timing], (content.timing.upper(),))
    return ALLOW
