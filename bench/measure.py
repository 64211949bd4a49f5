"""Measuring: several rounds, every side in each round, so that what the machine does meanwhile meets them all."""

import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

Side = Callable[[int], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one side, one for each round, in the order they were measured."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        return min(self.values)

    @property
    def high(self) -> float:
        return max(self.values)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a result. `ratio` is ours to the peer's, round by round; `aim` says what it should be."""

    what: str
    unit: str
    ours: Series
    peer: Series | None = None
    peer_name: str = ""
    ratio: Series | None = None
    aim: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure: `rounds` for the spread, `scale` shrinks the work of a round (1: all of it)."""

    rounds: int
    scale: float

    def count(self, full: int, *, least: int = 1) -> int:
        return max(least, int(full * self.scale))


async def measure_rounds(sides: Mapping[str, Side], *, rounds: int) -> dict[str, Series]:
    """Run every side once a round, every other round in reverse order. A side is given the round's number."""
    values: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides) if number % 2 == 0 else list(sides)[::-1]
        for name in names:
            values[name].append(await sides[name](number))
    return {name: Series(tuple(found)) for name, found in values.items()}


def ratio_of(ours: Series, peer: Series) -> Series:
    return Series(tuple(mine / other for mine, other in zip(ours.values, peer.values, strict=True)))


def compare(what: str, unit: str, *, ours: Series, peer: Series, peer_name: str, aim: str = "") -> Figure:
    return Figure(what, unit, ours, peer, peer_name, ratio_of(ours, peer), aim)


def percentile(values: Sequence[float], *, share: float) -> float:
    """The value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
