"""The decision trace: what the risk gate was given and what it found, so that it can be decided again."""

import json

from plant.evidence.model import Trace
from plant.risk.check import CheckStatus
from plant.risk.decision import RiskDecision, decision_json
from plant.risk.model import RiskInputs
from plant.risk.replay import inputs_record
from shared.ids import ExecutionId, uuid7


def make_trace(
    decision: RiskDecision,
    inputs: RiskInputs,
    *,
    verdict: str,
    reason: str | None,
    execution_id: ExecutionId | None = None,
) -> Trace:
    passed = sum(status is CheckStatus.PASS for _, (status, _, _, _) in decision.findings)
    explanation = (
        f"{verdict}: {reason or 'no gate denied'}; {passed} of {len(decision.findings)} risk checks passed"
    )
    if decision.risk_codes:
        explanation += f", failed: {', '.join(decision.risk_codes)}"
    return Trace(
        trace_id=uuid7(),
        verdict=verdict,
        reason=reason,
        inputs=json.dumps(inputs_record(inputs), sort_keys=True, separators=(",", ":")),
        decision=decision_json(decision).decode(),
        explanation=explanation,
        execution_id=execution_id,
    )
