"""A goal as it is kept, and what can be wrong with it before it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from types import MappingProxyType
from uuid import UUID

from plant.agent_types.schemas import problems_of_value
from plant.scheduler.due_times import Schedule, next_due
from shared.contracts.agent_types import AgentTypeDefinition, Frequency, GoalTemplate, JsonObject
from shared.contracts.goals import Goal, GoalRequest
from shared.errors import FieldError

MOST_GOALS = 100
NEEDED = MappingProxyType(
    {
        Frequency.DAILY: frozenset({"time_of_day"}),
        Frequency.WEEKLY: frozenset({"time_of_day", "weekday"}),
        Frequency.MONTHLY: frozenset({"time_of_day", "day_of_month"}),
        Frequency.ON_DEMAND: frozenset[str](),
    }
)
"""What a goal must say of when it is due; it must say nothing else."""


@dataclass(frozen=True, slots=True)
class NewGoal:
    goal_id: UUID
    hired_instance_id: UUID
    template_id: str
    schedule: Schedule
    settings: JsonObject
    paused: bool
    next_due_at: datetime | None


def problems_of(request: GoalRequest, *, definition: AgentTypeDefinition) -> list[FieldError]:
    """Everything that is wrong with a goal, field by field."""
    template = definition.template(request.template_id)
    if template is None:
        known = ", ".join(one.template_id for one in definition.goal_templates)
        return [FieldError("template_id", f"must be one of {known}")]
    return [*_problems_of_time(request, template), *_problems_of_settings(request, template)]


def schedule_of(request: GoalRequest, *, timezone: str) -> Schedule:
    at = time.fromisoformat(request.time_of_day) if request.time_of_day else None
    return Schedule(request.frequency, timezone, at, request.weekday, request.day_of_month)


def shown_schedule(goal: Goal) -> Schedule:
    return Schedule(goal.frequency, goal.timezone, goal.time_of_day, goal.weekday, goal.day_of_month)


def due_after(schedule: Schedule, *, paused: bool, now: datetime) -> datetime | None:
    return None if paused else next_due(schedule, after=now)


def _problems_of_time(request: GoalRequest, template: GoalTemplate) -> Iterator[FieldError]:
    if request.frequency not in template.frequencies:
        yield FieldError("frequency", f"must be one of {', '.join(template.frequencies)}")
        return
    for name in ("time_of_day", "weekday", "day_of_month"):
        is_given, is_needed = getattr(request, name) is not None, name in NEEDED[request.frequency]
        if is_given != is_needed:
            verb = "is needed" if is_needed else "must be left out"
            yield FieldError(name, f"{verb} for a goal that is {request.frequency}")


def _problems_of_settings(request: GoalRequest, template: GoalTemplate) -> Iterator[FieldError]:
    for problem in problems_of_value(template.settings_schema, request.settings):
        yield FieldError(f"settings{problem.field}", problem.message)
