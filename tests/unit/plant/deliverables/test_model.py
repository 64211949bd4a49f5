"""A deliverable's transitions: every pair of states."""

import pytest

from plant.deliverables.model import may_become, sources_of
from shared.contracts.trading import DeliverableState as State

ALLOWED = {
    State.DRAFT: {State.PENDING_REVIEW, State.EXPIRED},
    State.PENDING_REVIEW: {State.APPROVED, State.REJECTED, State.EXPIRED},
    State.APPROVED: {State.EXECUTING, State.REJECTED, State.EXPIRED},
    State.EXECUTING: {State.EXECUTED, State.FAILED},
}


@pytest.mark.parametrize("wanted", list(State))
@pytest.mark.parametrize("state", list(State))
def test_each_pair_of_states_is_allowed_only_where_listed(state: State, wanted: State) -> None:
    assert may_become(state, wanted) is (wanted in ALLOWED.get(state, set()))


def test_only_an_approved_deliverable_can_start_executing() -> None:
    assert sources_of(State.EXECUTING) == ["approved"]
