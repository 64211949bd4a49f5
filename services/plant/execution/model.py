"""An execution's states, the only transitions between them, and what each can go wrong into.

released -> sending -> open | partially_filled | filled | cancelled | rejected | published | unknown
unknown is looked up, never resent; it ends as what the venue says, or as absent when absence is proved.
released becomes unknown when the database was restored: what a backup shows as not sent may have been sent since.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from shared.approvals.action import Action
from shared.contracts.trading import ExecutionState as State
from shared.ids import (
    ActionHash,
    ApprovalId,
    CorrelationId,
    CredentialRef,
    CustomerId,
    DeliverableId,
    ExecutionId,
)

_AT_VENUE = frozenset(
    {
        State.OPEN,
        State.PARTIALLY_FILLED,
        State.FILLED,
        State.CANCELLED,
        State.REJECTED,
        State.PUBLISHED,
    }
)
TRANSITIONS = MappingProxyType(
    {
        State.RELEASED: frozenset({State.SENDING, State.VETOED, State.EXPIRED, State.UNKNOWN}) | _AT_VENUE,
        State.SENDING: _AT_VENUE | {State.UNKNOWN, State.RELEASED},
        State.UNKNOWN: _AT_VENUE | {State.ABSENT},
        State.OPEN: _AT_VENUE - {State.OPEN, State.PUBLISHED},
        State.PARTIALLY_FILLED: frozenset({State.FILLED, State.CANCELLED}),
        State.FILLED: frozenset[State](),
        State.CANCELLED: frozenset[State](),
        State.REJECTED: frozenset[State](),
        State.EXPIRED: frozenset[State](),
        State.ABSENT: frozenset[State](),
        State.VETOED: frozenset[State](),
        State.PUBLISHED: frozenset[State](),
    }
)
TERMINAL = frozenset(state for state, following in TRANSITIONS.items() if not following)


def may_become(state: State, wanted: State) -> bool:
    return wanted in TRANSITIONS[state]


def client_order_id(execution_id: ExecutionId, *, credential_ref: CredentialRef) -> str:
    """Derive the id that the venue knows the order by: 28 characters, the same from the row each time."""
    digest = hashlib.sha256(f"{credential_ref}|{execution_id}|1".encode()).digest()
    return "cs" + base64.b32encode(digest).decode().lower()[:26]


@dataclass(frozen=True, slots=True)
class HeldExecution:
    """An execution as the worker sees it. Units: sizes in contracts; `version` guards every change."""

    execution_id: ExecutionId
    customer_id: CustomerId
    approval_id: ApprovalId
    deliverable_id: DeliverableId
    credential_ref: CredentialRef
    agent_id: str
    correlation_id: CorrelationId
    action: Action
    action_hash: ActionHash
    provider: str
    client_order_id: str
    broker_order_ids: tuple[str, ...]
    state: State
    version: int
    attempt: int
    attempt_deadline: datetime | None
    negative_reads: int
    filled_size: Decimal
    average_price: Decimal | None
    fees: Decimal | None
    verified: bool
    settled: bool
    execute_by: datetime
    created_at: datetime
    updated_at: datetime
