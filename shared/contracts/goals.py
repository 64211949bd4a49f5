"""Wire models of goals: what a customer asks an instance to do, and when; the runs of it; the scheduler's health."""

from datetime import datetime, time
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue, PlainSerializer, StringConstraints

from shared.contracts.agent_types import Frequency, Identifier, JsonObject
from shared.contracts.base import Name, WireModel


def _as_minutes(at: time) -> str:
    return at.strftime("%H:%M")


WallTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
ShownWallTime = Annotated[time, PlainSerializer(_as_minutes, return_type=str, when_used="json")]
Weekday = Annotated[int, Field(ge=0, le=6)]
DayOfMonth = Annotated[int, Field(ge=1, le=31)]


class GoalRequest(WireModel):
    """When it is due is in the instance's time zone: daily needs a time, weekly a weekday too, monthly a day.

    Shape: `weekday` 0 is Monday; a `day_of_month` that a month lacks is its last day.

    `version` is the one that is being changed; without it a goal that exists is not changed.
    """

    template_id: Identifier
    frequency: Frequency
    time_of_day: WallTime | None = None
    weekday: Weekday | None = None
    day_of_month: DayOfMonth | None = None
    settings: JsonObject = Field(default_factory=dict[str, JsonValue])
    paused: bool = False
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class NewGoalRequest(GoalRequest):
    """Without a `goal_id` a new goal is made."""

    goal_id: UUID | None = None


class Goal(WireModel):
    """`time_of_day` is in `timezone`; `next_due_at` is null for a goal that is paused or on demand."""

    goal_id: UUID
    hired_instance_id: UUID
    template_id: str
    frequency: Frequency
    time_of_day: ShownWallTime | None
    weekday: int | None
    day_of_month: int | None
    timezone: str
    settings: dict[str, JsonValue]
    version: int
    paused: bool
    next_due_at: datetime | None
    created_at: datetime
    updated_at: datetime


class GoalList(WireModel):
    items: tuple[Goal, ...]
    next_cursor: str | None = None


class RunState(StrEnum):
    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"
    MISSED = "missed"
    DEAD = "dead"


class GoalRunRequest(WireModel):
    """The same `key` again answers with the run that it made first."""

    key: Name | None = None


class GoalRun(WireModel):
    """`error` says why it failed, in words that are safe to show; `trace` what each step was given and gave."""

    run_id: UUID
    customer_id: UUID
    goal_id: UUID
    hired_instance_id: UUID
    due_at: datetime
    state: RunState
    attempts: int
    error: str | None
    correlation_id: UUID
    created_at: datetime
    ended_at: datetime | None
    trace: dict[str, JsonValue] | None = None


class GoalRunList(WireModel):
    items: tuple[GoalRun, ...]
    next_cursor: str | None = None


class SchedulerHealth(WireModel):
    """Units: seconds. `due_goals` wait for a tick, `queued_runs` for a worker; what is due later is in neither."""

    due_goals: int
    oldest_due_s: float
    queued_runs: int
    oldest_queued_s: float
    dead_runs: int
