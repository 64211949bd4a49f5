"""When a goal is due: wall-clock times by APScheduler's trigger, placed in the goal's time zone by us.

The trigger counts on the wall clock, so that each wanted time of day is one run, whatever the clocks do: a time
that a change of clocks leaves out is due at the first instant after the gap, one that comes twice at the first.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from shared.contracts.agent_types import Frequency

_WIDEST_CHANGE = timedelta(days=2)
_SECOND = timedelta(seconds=1)


class _WallClock(Protocol):
    def get_next_fire_time(self, previous_fire_time: None, now: datetime) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Schedule:
    """Shape: `weekday` 0 is Monday; a `day_of_month` that a month lacks is its last day. On demand: never due."""

    frequency: Frequency
    timezone: str
    time_of_day: time | None = None
    weekday: int | None = None
    day_of_month: int | None = None


def next_due(schedule: Schedule, *, after: datetime) -> datetime | None:
    """Return the first due time later than `after`, in UTC; None for a goal on demand."""
    if schedule.frequency is Frequency.ON_DEMAND:
        return None
    zone = ZoneInfo(schedule.timezone)
    trigger = _trigger(schedule.frequency, _at(schedule), schedule.weekday)
    wall = _first_wall(schedule, after.astimezone(zone))
    while True:
        found = trigger.get_next_fire_time(None, wall)
        assert found is not None
        wall = found + _SECOND
        due = first_instant(_on_wanted_day(found, schedule).replace(tzinfo=None), zone)
        if due > after:
            return due


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant, in UTC, at which clocks there show this time or, if none does, a later one."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return instant
    before_gap = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _end_of_gap(before_gap, instant, wall, zone)


def _end_of_gap(early: datetime, late: datetime, wall: datetime, zone: ZoneInfo) -> datetime:
    """Halve the span until the change is found, to the second."""
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def _first_wall(schedule: Schedule, local: datetime) -> datetime:
    """Early enough that no run is overlooked; months are looked at from their first day."""
    wall = local.replace(tzinfo=UTC, fold=0) - _WIDEST_CHANGE
    if schedule.frequency is Frequency.MONTHLY:
        return wall.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return wall


def _on_wanted_day(last_of_month: datetime, schedule: Schedule) -> datetime:
    if schedule.frequency is not Frequency.MONTHLY:
        return last_of_month
    assert schedule.day_of_month is not None
    return last_of_month.replace(day=min(schedule.day_of_month, last_of_month.day))


def _at(schedule: Schedule) -> time:
    assert schedule.time_of_day is not None
    return schedule.time_of_day


@lru_cache(maxsize=4096)
def _trigger(frequency: Frequency, at: time, weekday: int | None) -> _WallClock:
    day = "last" if frequency is Frequency.MONTHLY else None
    return CronTrigger(hour=at.hour, minute=at.minute, second=0, day=day, day_of_week=weekday, timezone=UTC)
