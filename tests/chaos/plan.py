"""The schedule of a run: who trades what, what befalls each order, and when the machine room is hit.

It is drawn from the seed alone: the same seed and size give the same schedule, so a red run can be repeated.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count, cycle
from typing import Literal

from tests.chaos.trouble import FAULTS, Play, Point, Trouble

Side = Literal["long", "short"]
_OF_RESTING_ORDERS = (Play.OWNER_CANCELS_PART, Play.CANCEL_RACES_FILL)
_LIMITS: dict[Side, str] = {"long": "65300", "short": "64700"}


class Blow(StrEnum):
    KILL_WORKER = "worker killed"
    KILL_PLANT = "Plant killed"
    FREEZE_WORKER = "worker frozen"
    FREEZE_PLANT = "Plant frozen"
    KILL_ALL_WORKERS = "all workers killed"
    RESTART_DATABASE = "PostgreSQL restarted"
    KILL_DATABASE = "PostgreSQL killed"


@dataclass(frozen=True, slots=True)
class Size:
    """How big a run is. `each_point` and `each_trouble`: how often each is met; `blows` counts the kinds."""

    orders: int
    plants: int
    workers: int
    lanes: int
    points: tuple[Point, ...]
    each_point: int
    troubles: tuple[Trouble, ...]
    each_trouble: int
    blows: tuple[tuple[Blow, int], ...]
    takeover_limit_s: float = 10


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """Units: lots of a thousandth of a bitcoin. `late`: what left before the kill still arrives after it."""

    number: int
    lane: int
    side: Side
    lots: int
    limit_price: str | None
    trouble: Trouble
    late: bool


@dataclass(frozen=True, slots=True)
class PlannedBlow:
    """`after`: strike when so many orders are done; `victim` picks among the processes of the kind."""

    after: int
    blow: Blow
    victim: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    seed: int
    size: Size
    orders: tuple[PlannedOrder, ...]
    blows: tuple[PlannedBlow, ...]

    @property
    def lanes(self) -> int:
        return max(order.lane for order in self.orders) + 1


def full_size(*, orders: int, plants: int, workers: int) -> Size:
    """Everything there is, at least twice."""
    times = max(2, orders // 100)
    return Size(
        orders=orders,
        plants=plants,
        workers=workers,
        lanes=max(4, min(20, orders // 10)),
        points=tuple(Point),
        each_point=times,
        troubles=(*(play for play in Play if play is not Play.DATABASE_DIES), *FAULTS),
        each_trouble=max(1, orders // 100),
        blows=(
            (Blow.KILL_WORKER, 3 * times),
            (Blow.KILL_PLANT, 2 * times),
            (Blow.FREEZE_WORKER, times + 1),
            (Blow.FREEZE_PLANT, times),
            (Blow.KILL_ALL_WORKERS, 1),
            (Blow.RESTART_DATABASE, 1),
            (Blow.KILL_DATABASE, 1),
        ),
    )


def short_size() -> Size:
    """What fits into a minute beside the other tests, which take their share of the cores."""
    return Size(
        orders=40,
        plants=2,
        workers=3,
        lanes=12,
        points=(
            Point.RELEASE_USED,
            Point.RELEASE_ANSWERED,
            Point.SEND_LEAVING,
            Point.RECORD_BEGIN,
            Point.SETTLE_CLOSING,
        ),
        each_point=1,
        troubles=(
            Play.CLIENT_REPEATS,
            Play.JOB_TWICE,
            Play.OWNER_CANCELS_PART,
            *FAULTS[:2],
            FAULTS[12],
            FAULTS[14],
        ),
        each_trouble=1,
        blows=(
            (Blow.FREEZE_WORKER, 1),
            (Blow.KILL_PLANT, 1),
            (Blow.RESTART_DATABASE, 1),
        ),
        takeover_limit_s=30,
    )


def make_plan(seed: int, size: Size) -> Plan:
    draw = random.Random(seed)
    troubles: list[Trouble] = [*size.points] * size.each_point + [*size.troubles] * size.each_trouble
    if len(size.points) == len(Point):
        troubles.append(Play.DATABASE_DIES)
    plain = size.orders - len(troubles)
    if plain < 0:
        raise ValueError(f"this size needs at least {len(troubles)} orders, found {size.orders}")
    troubles += [None] * plain
    draw.shuffle(troubles)
    lanes, fresh_lanes = cycle(range(size.lanes)), count(size.lanes)
    orders = tuple(
        _order(draw, number, next(fresh_lanes if trouble is Play.LAST_HEADROOM else lanes), trouble)
        for number, trouble in enumerate(troubles)
    )
    return Plan(seed, size, orders, tuple(_blows(draw, size)))


def _order(draw: random.Random, number: int, lane: int, trouble: Trouble) -> PlannedOrder:
    """Sizes differ within a lane, so that no order is taken for a repetition of the one before."""
    side: Side = draw.choice(("long", "short"))
    is_limited = draw.random() < 0.3 or trouble in _OF_RESTING_ORDERS
    return PlannedOrder(
        number=number,
        lane=lane,
        side=side,
        lots=10 + number,
        limit_price=_LIMITS[side] if is_limited else None,
        trouble=trouble,
        late=draw.random() < 0.5,
    )


def _blows(draw: random.Random, size: Size) -> Sequence[PlannedBlow]:
    kinds = [blow for blow, times in size.blows for _ in range(times)]
    draw.shuffle(kinds)
    last = max(1, int(size.orders * 0.7))
    moments = sorted(draw.randint(size.orders // 20, last) for _ in kinds)
    return [
        PlannedBlow(moment, blow, draw.randrange(100), round(draw.uniform(1.0, 2.5) + _extra_s(blow), 1))
        for moment, blow in zip(moments, kinds, strict=True)
    ]


def _extra_s(blow: Blow) -> float:
    """A frozen worker wakes up after its signature has run out, and after others gave it up for dead."""
    return 5.0 if blow is Blow.FREEZE_WORKER else 0.0
