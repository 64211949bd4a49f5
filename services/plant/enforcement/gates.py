"""The one door: the fixed, ordered gates that every action passes, and the only place that makes permits.

Called by plant/execution/release.py (in the transaction that uses the approval) and, for the permit,
by plant/execution/send.py (in the transaction before the socket). First denial wins.
"""

from collections.abc import Sequence

from plant.enforcement.allow_list import allow_list
from plant.enforcement.intent import intent_declared
from plant.enforcement.kill_switch import kill_switch
from plant.enforcement.model import Allow, Deny, Gate, GateInputs
from plant.enforcement.refs_only import refs_only
from plant.enforcement.require_approval import require_approval
from plant.enforcement.risk_gate import risk_gate
from plant.enforcement.trial_and_budget import trial_and_budget
from plant.permits import Permit
from shared.approvals.action import Action
from shared.denials import DenialReason
from shared.ids import ExecutionId
from shared.logs import get_logger

GATES: tuple[tuple[str, Gate], ...] = (
    ("kill_switch", kill_switch),
    ("refs_only", refs_only),
    ("intent_declared", intent_declared),
    ("trial_and_budget", trial_and_budget),
    ("allow_list", allow_list),
    ("approval", require_approval),
    ("risk", risk_gate),
)
_REQUIRED_ORDER = (
    "kill_switch",
    "refs_only",
    "intent_declared",
    "trial_and_budget",
    "allow_list",
    "approval",
    "risk",
)


class GatesTamperedError(Exception):
    """The gates are missing or out of order; the service must not start."""


def check_gates(gates: Sequence[tuple[str, Gate]] = GATES) -> None:
    """Raises: GatesTamperedError. Called at start."""
    if tuple(name for name, _ in gates) != _REQUIRED_ORDER:
        raise GatesTamperedError(f"the gates must be {_REQUIRED_ORDER}, in this order")


def first_denial(gates: Sequence[tuple[str, Gate]], inputs: GateInputs) -> tuple[str, Deny] | None:
    """Return the stage and denial of the first gate that does not allow; a gate that crashes denies."""
    for name, gate in gates:
        match _ask(name, gate, inputs):
            case Allow():
                continue
            case Deny() as denial:
                return name, denial
            case _:
                return name, Deny(DenialReason.GATE_UNAVAILABLE, f"The gate {name!r} gave no verdict.")
    return None


def issue_permit(
    action: Action, *, execution_id: ExecutionId, kill_switches: tuple[str, ...] | None
) -> Permit | Deny:
    """Make the permit for a released execution, unless a kill switch has been engaged since.

    Requires: the transaction that takes the execution from released to sending.
    """
    if kill_switches is None:
        return Deny(DenialReason.GATE_UNAVAILABLE, "The kill switches could not be read.")
    if kill_switches:
        return Deny(DenialReason.KILL_SWITCH, f"The kill switch was engaged for {', '.join(kill_switches)}.")
    return Permit(action.action_hash(), execution_id)


def _ask(name: str, gate: Gate, inputs: GateInputs) -> object:
    try:
        return gate(inputs)
    except Exception:  # noqa: BLE001  a gate that cannot decide denies, whatever went wrong in it
        get_logger().exception("gate.crashed", gate=name)
        return Deny(DenialReason.GATE_UNAVAILABLE, f"The gate {name!r} could not decide.")
