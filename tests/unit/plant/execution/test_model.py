"""An execution's transitions: every pair of states, and the client order id."""

from uuid import UUID

import pytest

from plant.execution.model import TERMINAL, TRANSITIONS, client_order_id, may_become
from shared.contracts.trading import ExecutionState as State
from shared.ids import CredentialRef, ExecutionId

AT_VENUE = {
    State.OPEN,
    State.PARTIALLY_FILLED,
    State.FILLED,
    State.CANCELLED,
    State.REJECTED,
    State.PUBLISHED,
}
ALLOWED = {
    State.RELEASED: {State.SENDING, State.VETOED, State.EXPIRED, State.UNKNOWN, *AT_VENUE},
    State.SENDING: {State.UNKNOWN, State.RELEASED, *AT_VENUE},
    State.UNKNOWN: {State.ABSENT, *AT_VENUE},
    State.OPEN: AT_VENUE - {State.OPEN, State.PUBLISHED},
    State.PARTIALLY_FILLED: {State.FILLED, State.CANCELLED},
}
REF = CredentialRef(UUID(int=1))


@pytest.mark.parametrize("wanted", list(State))
@pytest.mark.parametrize("state", list(State))
def test_each_pair_of_states_is_allowed_only_where_listed(state: State, wanted: State) -> None:
    assert may_become(state, wanted) is (wanted in ALLOWED.get(state, set()))


def test_terminal_states_lead_nowhere() -> None:
    assert {
        State.FILLED,
        State.CANCELLED,
        State.REJECTED,
        State.EXPIRED,
        State.ABSENT,
        State.VETOED,
        State.PUBLISHED,
    } == TERMINAL
    assert all(not TRANSITIONS[state] for state in TERMINAL)


def test_unknown_never_goes_back_to_where_it_would_be_sent_again() -> None:
    assert not may_become(State.UNKNOWN, State.RELEASED)
    assert not may_become(State.UNKNOWN, State.SENDING)


def test_client_order_id_is_the_same_each_time_and_fits_the_venue() -> None:
    execution_id = ExecutionId(UUID(int=7))

    first = client_order_id(execution_id, credential_ref=REF)

    assert first == client_order_id(execution_id, credential_ref=REF)
    assert first != client_order_id(ExecutionId(UUID(int=8)), credential_ref=REF)
    assert first != client_order_id(execution_id, credential_ref=CredentialRef(UUID(int=2)))
    assert len(first) == 28
    assert first.isalnum()
