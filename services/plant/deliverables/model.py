"""A deliverable's life: the states, and the only transitions between them."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from pydantic import JsonValue

from shared.approvals.action import Action
from shared.contracts.trading import DeliverableKind, Plan, ShownRisk
from shared.contracts.trading import DeliverableState as State
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
class Origin:
    """The goal run that a deliverable came out of, and which one of it: the same one is added once."""

    hired_instance_id: UUID
    goal_run_id: UUID
    index: int


@dataclass(frozen=True, slots=True)
class NewDeliverable:
    """Without an action there is nothing to approve, only `body` to read."""

    deliverable_id: DeliverableId
    customer_id: CustomerId
    agent_id: str
    state: State
    action: Action | None
    plan: Plan | None
    risk: ShownRisk | None
    correlation_id: CorrelationId
    expires_at: datetime
    kind: DeliverableKind = DeliverableKind.TRADE_ORDER
    title: str | None = None
    body: dict[str, JsonValue] | None = None
    origin: Origin | None = None
    scheduled_for: datetime | None = None
