"""The last gate: what the risk checks found, as an answer of the door. The checks are in plant/risk/.

A post has a gate of its own in its place (post_gate.py).
"""

from plant.enforcement.model import ALLOW, Deny, GateInputs, Verdict
from plant.enforcement.post_gate import post_gate
from plant.risk.check import CheckStatus, RiskCode
from plant.risk.decision import Verdict as RiskVerdict
from shared.denials import DenialReason

_FAILED = frozenset({CheckStatus.FAIL, CheckStatus.MISSING_INPUT})


def risk_gate(inputs: GateInputs) -> Verdict:
    if inputs.action is not None and not inputs.action.is_order:
        return post_gate(inputs)
    decision = inputs.risk
    if decision is None or decision.intent_hash != inputs.action_hash:
        return Deny(DenialReason.GATE_UNAVAILABLE, "The risk checks could not be run on this action.")
    if decision.verdict is RiskVerdict.PASS:
        return ALLOW
    codes = tuple(code.value for code in decision.risk_codes)
    failed = "; ".join(
        check.detail
        for check in decision.checks
        if check.code == decision.primary_code and check.status in _FAILED
    )
    drifted = decision.primary_code is RiskCode.APPROVAL_PRICE_DRIFT
    reason = DenialReason.PRECONDITION_FAILED if drifted else DenialReason.RISK_DENIED
    return Deny(reason, f"{', '.join(codes)}: {failed}", codes)
