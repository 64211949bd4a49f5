"""What becomes of due times that were missed, of every length, and the life of a run."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant.scheduler.due_times import Schedule
from plant.scheduler.model import (
    GRACE,
    MAX_ATTEMPTS,
    MOST_MISSED,
    TRANSITIONS,
    DueGoal,
    make_runs,
    may_become,
    wait_s,
)
from shared.contracts.agent_types import Frequency
from shared.contracts.goals import RunState
from shared.ids import CustomerId, uuid7

DUE = datetime(2026, 11, 20, 9, tzinfo=UTC)


def create_due(*, may_run: bool = True, due_at: datetime = DUE) -> DueGoal:
    schedule = Schedule(Frequency.DAILY, "UTC", time(9))
    return DueGoal(uuid7(), CustomerId(uuid7()), uuid7(), schedule, due_at, may_run)


@pytest.mark.parametrize(
    ("late", "missed"),
    [(timedelta(0), False), (GRACE, False), (GRACE + timedelta(seconds=1), True)],
)
def test_run_is_made_up_within_its_grace_only(late: timedelta, missed: bool) -> None:
    ticked = make_runs(create_due(), now=DUE + late)

    (run,) = ticked.runs
    assert (run.due_at, run.missed) == (DUE, missed)
    assert ticked.next_due_at == DUE + timedelta(days=1)


def test_of_several_missed_the_last_is_made_up_and_the_others_are_recorded() -> None:
    ticked = make_runs(create_due(), now=DUE + timedelta(days=3, hours=1))

    assert [(run.due_at - DUE, run.missed) for run in ticked.runs] == [
        (timedelta(days=0), True),
        (timedelta(days=1), True),
        (timedelta(days=2), True),
        (timedelta(days=3), False),
    ]
    assert ticked.next_due_at == DUE + timedelta(days=4)


def test_goal_of_an_agent_that_does_not_work_passes_without_a_run() -> None:
    ticked = make_runs(create_due(may_run=False), now=DUE + timedelta(days=2))

    assert ticked.runs == ()
    assert ticked.next_due_at == DUE + timedelta(days=3)


def test_goal_that_was_due_years_ago_leaves_a_bounded_record() -> None:
    ticked = make_runs(create_due(due_at=DUE - timedelta(days=900)), now=DUE)

    assert len(ticked.runs) == MOST_MISSED + 1
    assert ticked.runs[-1].due_at == DUE


@given(st.integers(0, 40 * 24 * 3600))
def test_at_most_one_run_is_made_up_and_the_next_lies_ahead(late_s: int) -> None:
    now = DUE + timedelta(seconds=late_s)

    ticked = make_runs(create_due(), now=now)

    to_run = [run for run in ticked.runs if not run.missed]
    assert len(to_run) <= 1
    assert all(now - run.due_at <= GRACE for run in to_run)
    assert len({run.due_at for run in ticked.runs}) == len(ticked.runs)
    assert ticked.next_due_at is not None
    assert now < ticked.next_due_at <= now + timedelta(days=1)


def test_states_follow_the_table_only() -> None:
    for state in RunState:
        for wanted in RunState:
            assert may_become(state, wanted) is (wanted in TRANSITIONS[state])
    assert {state for state in RunState if TRANSITIONS[state]} == {RunState.QUEUED, RunState.DEAD}


def test_waits_grow_and_stay_bounded() -> None:
    waits = [wait_s(attempts) for attempts in range(1, MAX_ATTEMPTS + 1)]

    assert waits == sorted(waits)
    assert waits[0] == 2
    assert wait_s(100) == 300


def test_each_new_run_has_ids_of_its_own() -> None:
    first, second = make_runs(create_due(), now=DUE).runs + make_runs(create_due(), now=DUE).runs

    assert first.run_id != second.run_id
    assert isinstance(first.correlation_id, UUID)
