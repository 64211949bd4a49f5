"""The schedule of a chaos run depends on nothing but its seed and size, and leaves nothing out."""

from collections import Counter

import pytest

from tests.chaos.plan import Size, full_size, make_plan, short_size
from tests.chaos.trouble import FAULTS, NOT_PLAYED, Play, Point, title

FULL = full_size(orders=300, plants=3, workers=3)
SCENARIOS = (*range(1, 13), 15, 16, *range(18, 23), *range(30, 34))


def test_same_seed_gives_the_same_schedule() -> None:
    assert make_plan(11, FULL) == make_plan(11, FULL)
    assert make_plan(11, FULL) != make_plan(12, FULL)


def test_full_run_meets_every_point_and_every_trouble() -> None:
    met = Counter(title(order.trouble) for order in make_plan(11, FULL).orders)

    assert {point: met[point.value] for point in Point} == dict.fromkeys(Point, 3)
    assert [trouble for trouble in (*Play, *FAULTS) if not met[title(trouble)]] == []
    assert met[title(None)] > 150


@pytest.mark.parametrize("number", SCENARIOS)
def test_scenario_is_played_or_it_is_said_why_not(number: int) -> None:
    titles = [*(play.value for play in Play), *(fault.title for fault in FAULTS), *NOT_PLAYED]

    assert [name for name in titles if name.startswith(f"F{number:02}")] != []


@pytest.mark.parametrize("size", [FULL, short_size()], ids=["full", "short"])
def test_no_order_repeats_another_of_its_lane(size: Size) -> None:
    plan = make_plan(3, size)

    lots = Counter((order.lane, order.lots) for order in plan.orders)

    assert set(lots.values()) == {1}


def test_size_without_room_for_its_troubles_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        make_plan(1, full_size(orders=20, plants=1, workers=2))
