"""Due times where clocks change, at the ends of months, and that no run is ever left out or doubled."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant.scheduler.due_times import Schedule, first_instant, next_due
from shared.contracts.agent_types import Frequency

BERLIN, NEW_YORK, LORD_HOWE, KOLKATA = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
)
ZONES = (BERLIN, NEW_YORK, LORD_HOWE, KOLKATA, "America/Santiago", "Africa/Casablanca", "Pacific/Apia", "UTC")


def daily(at: str, zone: str) -> Schedule:
    return Schedule(Frequency.DAILY, zone, time.fromisoformat(at))


def local_times(schedule: Schedule, *, start: datetime, count: int) -> list[str]:
    """The next due times as the clock there shows them."""
    found: list[str] = []
    after = start
    for _ in range(count):
        due = next_due(schedule, after=after)
        assert due is not None
        found.append(due.astimezone(ZoneInfo(schedule.timezone)).strftime("%d %H:%M"))
        after = due
    return found


@pytest.mark.parametrize(
    ("zone", "at", "start", "expected"),
    [
        (BERLIN, "02:30", "2026-03-28", ["28 02:30", "29 03:00", "30 02:30"]),
        (NEW_YORK, "02:00", "2026-03-07T12", ["08 03:00", "09 02:00"]),
        (LORD_HOWE, "02:15", "2026-10-02T20", ["04 02:30", "05 02:15"]),
    ],
)
def test_time_that_clocks_leave_out_is_due_at_the_first_instant_after(
    zone: str, at: str, start: str, expected: list[str]
) -> None:
    schedule = daily(at, zone)

    found = local_times(
        schedule, start=datetime.fromisoformat(start).replace(tzinfo=UTC), count=len(expected)
    )

    assert found == expected


@pytest.mark.parametrize(
    ("zone", "at", "day", "first_utc"),
    [
        (BERLIN, "02:30", "2026-10-25", "2026-10-25T00:30"),
        (NEW_YORK, "01:30", "2026-11-01", "2026-11-01T05:30"),
        (LORD_HOWE, "01:45", "2026-04-05", "2026-04-04T14:45"),
    ],
)
def test_time_that_comes_twice_is_due_once_at_the_first(zone: str, at: str, day: str, first_utc: str) -> None:
    schedule = daily(at, zone)
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))

    first = next_due(schedule, after=start)
    assert first is not None
    second = next_due(schedule, after=first)

    assert first == datetime.fromisoformat(first_utc).replace(tzinfo=UTC)
    assert second is not None
    assert second.astimezone(ZoneInfo(zone)).date() == date.fromisoformat(day) + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (31, ["31", "28", "31", "30", "31", "30", "31", "31", "30", "31", "30", "31"]),
        (30, ["30", "28", "30", "30", "30", "30", "30", "30", "30", "30", "30", "30"]),
        (1, ["01"] * 12),
    ],
)
def test_day_that_a_month_lacks_is_its_last_day(day: int, expected: list[str]) -> None:
    schedule = Schedule(Frequency.MONTHLY, KOLKATA, time(9), day_of_month=day)

    found = local_times(schedule, start=datetime(2025, 12, 31, 12, tzinfo=UTC), count=12)

    assert [one[:2] for one in found] == expected


def test_last_day_of_february_in_a_leap_year() -> None:
    schedule = Schedule(Frequency.MONTHLY, "UTC", time(9), day_of_month=30)

    assert next_due(schedule, after=datetime(2028, 2, 1, tzinfo=UTC)) == datetime(2028, 2, 29, 9, tzinfo=UTC)


def test_weekly_goal_is_due_on_its_weekday() -> None:
    sundays = Schedule(Frequency.WEEKLY, LORD_HOWE, time(2, 15), weekday=6)

    found = local_times(sundays, start=datetime(2026, 9, 20, tzinfo=UTC), count=3)

    assert found == ["27 02:15", "04 02:30", "11 02:15"]


def test_goal_on_demand_is_never_due() -> None:
    assert next_due(Schedule(Frequency.ON_DEMAND, "UTC"), after=datetime(2026, 1, 1, tzinfo=UTC)) is None


@st.composite
def some_schedule(draw: st.DrawFn) -> Schedule:
    frequency = draw(st.sampled_from([Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY]))
    return Schedule(
        frequency,
        draw(st.sampled_from(ZONES)),
        draw(st.times()),
        draw(st.integers(0, 6)) if frequency is Frequency.WEEKLY else None,
        draw(st.integers(1, 31)) if frequency is Frequency.MONTHLY else None,
    )


@st.composite
def some_moment(draw: st.DrawFn) -> datetime:
    minutes = draw(st.integers(0, 20 * 365 * 1440))
    return datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)


def wanted_days(schedule: Schedule, first: date, last: date) -> list[date]:
    """By counting days, with none of the code under test."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    match schedule.frequency:
        case Frequency.WEEKLY:
            return [day for day in days if day.weekday() == schedule.weekday]
        case Frequency.MONTHLY:
            assert schedule.day_of_month is not None
            wanted = schedule.day_of_month
            return [day for day in days if day.day == min(wanted, _last_of_month(day).day)]
        case _:
            return days


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@given(some_schedule(), some_moment())
def test_each_wanted_day_has_one_run_in_order(schedule: Schedule, start: datetime) -> None:
    assert schedule.time_of_day is not None
    zone, at = ZoneInfo(schedule.timezone), schedule.time_of_day.replace(second=0, microsecond=0)
    end = start + timedelta(days=70)
    found: list[datetime] = []
    after = start
    while (due := next_due(schedule, after=after)) is not None and due <= end:
        found.append(due)
        after = due

    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    days = wanted_days(schedule, first - timedelta(days=2), last + timedelta(days=2))
    expected = [first_instant(datetime.combine(day, at), zone) for day in days]
    assert found == [due for due in expected if start < due <= end]
    assert all(earlier < later for earlier, later in pairwise(found))


@given(st.sampled_from(ZONES), some_moment())
def test_first_instant_shows_the_wall_clock_or_follows_a_gap_at_once(
    zone_name: str, moment: datetime
) -> None:
    zone, wall = ZoneInfo(zone_name), moment.replace(tzinfo=None)

    found = first_instant(wall, zone)

    shown = found.astimezone(zone).replace(tzinfo=None)
    if shown != wall:
        before = (found - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert before < wall < shown
    else:
        earlier = (found - timedelta(hours=1)).astimezone(zone).replace(tzinfo=None)
        assert earlier != wall
