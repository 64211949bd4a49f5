"""A deliverable's life: the states, and the only transitions between them."""

from types import MappingProxyType

from shared.contracts.trading import DeliverableState as State

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
