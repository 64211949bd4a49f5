"""Weighing a post: whether its platform would take it as it is, and whether its time has come."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from plant.evidence.model import Trace
from shared.approvals.action import Action
from shared.ids import ExecutionId, uuid7
from shared.posts.decision import PostDecision, decide_post, decision_json, inputs_json


@dataclass(frozen=True, slots=True)
class WeighedPost:
    action: Action
    now: datetime
    decision: PostDecision

    @property
    def notional(self) -> Decimal | None:
        return None

    def is_fresh(self, _since_ms: int) -> bool:
        """Nothing was read of a market."""
        return True

    def trace(self, *, verdict: str, reason: str | None, execution_id: ExecutionId | None = None) -> Trace:
        found = self.decision
        problems = f", found: {', '.join(found.codes)}" if found.codes else ""
        return Trace(
            trace_id=uuid7(),
            verdict=verdict,
            reason=reason,
            inputs=inputs_json(self.action.post, now=self.now).decode(),
            decision=decision_json(found).decode(),
            explanation=f"{verdict}: {reason or 'no gate denied'}; {found.summary}{problems}",
            execution_id=execution_id,
        )


def weigh_post(action: Action, *, now: datetime) -> WeighedPost:
    return WeighedPost(action, now, decide_post(action.post, now=now))
