"""The kill switch: stops everything it covers. Called first by the gates, and once more before the socket."""

from plant.enforcement.model import ALLOW, Deny, GateInputs, Verdict
from shared.approvals.action import Action
from shared.denials import DenialReason

PLATFORM = "platform"


def scopes_over(action: Action) -> list[str]:
    """The scopes whose switch stops this action."""
    scopes = [PLATFORM, f"provider:{action.provider}", f"customer:{action.customer_id}"]
    if action.hired_instance_id is not None:
        scopes.append(f"hired_agent:{action.hired_instance_id}")
    return scopes


def kill_switch(inputs: GateInputs) -> Verdict:
    if inputs.kill_switches is None:
        return Deny(DenialReason.GATE_UNAVAILABLE, "The kill switches could not be read.")
    if inputs.kill_switches:
        scopes = ", ".join(inputs.kill_switches)
        return Deny(DenialReason.KILL_SWITCH, f"The kill switch is engaged for {scopes}; nothing was sent.")
    return ALLOW
