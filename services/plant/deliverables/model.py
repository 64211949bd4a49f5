"""A deliverable's life: the states, and the only transitions between them."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from shared.approvals.action import Action
from shared.contracts.trading import DeliverableState as State
from shared.contracts.trading import Plan, ShownRisk
from shared.ids import CorrelationId, CustomerId, DeliverableId

TRANSITIONS = MappingProxyType(
    {
        State.DRAFT: frozenset({State.PENDING_REVIEW, State.EXPIRED}),
        State.PENDING_REVIEW: frozenset({State.APPROVED, State.REJECTED, State.EXPIRED}),
        State.APPROVED: frozenset({State.EXECUTING, State.REJECTED, State.EXPIRED}),
        State.EXECUTING: frozenset({State.EXECUTED, State.FAILED}),
        State.REJECTED: frozenset[State](),
        State.EXECUTED: frozenset[State](),
        State.FAILED: frozenset[State](),
        State.EXPIRED: frozenset[State](),
    }
)


def may_become(state: State, wanted: State) -> bool:
    return wanted in TRANSITIONS[state]


def sources_of(wanted: State) -> list[str]:
    return [state.value for state in State if may_become(state, wanted)]


@dataclass(frozen=True, slots=True)
class NewDeliverable:
    deliverable_id: DeliverableId
    customer_id: CustomerId
    agent_id: str
    state: State
    action: Action
    plan: Plan | None
    risk: ShownRisk | None
    correlation_id: CorrelationId
    expires_at: datetime
