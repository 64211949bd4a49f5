"""A goal run: the states, the only transitions between them, how often it is tried and how long it is waited for.

queued -> done | failed | dead; failed says no for good, dead gave up after the last attempt and can be run again.
missed was never run: it was due while nothing ran, longer ago than the grace.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from plant.scheduler.due_times import Schedule, next_due
from shared.contracts.goals import RunState as State
from shared.ids import CorrelationId, CustomerId, uuid7

TRANSITIONS = MappingProxyType(
    {
        State.QUEUED: frozenset({State.DONE, State.FAILED, State.DEAD}),
        State.DEAD: frozenset({State.QUEUED}),
        State.DONE: frozenset[State](),
        State.FAILED: frozenset[State](),
        State.MISSED: frozenset[State](),
    }
)
MAX_ATTEMPTS: Final = 8
GRACE: Final = timedelta(hours=6)
MOST_MISSED: Final = 31
_FIRST_WAIT_S: Final = 2.0
_LONGEST_WAIT_S: Final = 300.0


def may_become(state: State, wanted: State) -> bool:
    return wanted in TRANSITIONS[state]


def wait_s(attempts: int) -> float:
    """Units: seconds until the next attempt, after this many."""
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (attempts - 1))


@dataclass(frozen=True, slots=True)
class DueGoal:
    """A goal that is held by a tick. `may_run`: its instance is active and its subscription has not ended."""

    goal_id: UUID
    customer_id: CustomerId
    hired_instance_id: UUID
    schedule: Schedule
    due_at: datetime
    may_run: bool


@dataclass(frozen=True, slots=True)
class NewRun:
    """`missed`: it is recorded and not run."""

    goal_id: UUID
    customer_id: CustomerId
    hired_instance_id: UUID
    due_at: datetime
    missed: bool = False
    client_key: str | None = None
    run_id: UUID = field(default_factory=uuid7)
    correlation_id: CorrelationId = field(default_factory=lambda: CorrelationId(uuid7()))


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick makes of a due goal: the runs, and when it is due next."""

    goal: DueGoal
    runs: tuple[NewRun, ...]
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run as the worker sees it that began this attempt; `version` guards the end of it."""

    run_id: UUID
    customer_id: CustomerId
    goal_id: UUID
    hired_instance_id: UUID
    correlation_id: CorrelationId
    due_at: datetime
    attempts: int
    version: int


def make_runs(goal: DueGoal, *, now: datetime, grace: timedelta = GRACE) -> Ticked:
    """The last of the due times is run if it is not longer ago than the grace; others are recorded as missed."""
    *before, last = list(_due_times(goal, now))[-MOST_MISSED - 1 :]
    following = next_due(goal.schedule, after=now)
    if not goal.may_run:
        return Ticked(goal, (), following)
    missed = [_run(goal, due_at, missed=True) for due_at in before]
    return Ticked(goal, (*missed, _run(goal, last, missed=now - last > grace)), following)


def _due_times(goal: DueGoal, now: datetime) -> Iterator[datetime]:
    """From the one that the goal waits for, up to now."""
    due: datetime | None = goal.due_at
    while due is not None and due <= now:
        yield due
        due = next_due(goal.schedule, after=due)


def _run(goal: DueGoal, due_at: datetime, *, missed: bool) -> NewRun:
    return NewRun(goal.goal_id, goal.customer_id, goal.hired_instance_id, due_at, missed)
