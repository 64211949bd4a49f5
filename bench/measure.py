"""Measuring: several rounds, every side in each round, so that what the machine does meanwhile meets them all."""

import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

Side = Callable[[int], Awaitable[Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each round, in the order they were measured."""

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
    peer_name: str = ""
    peer: Series | None = None
    ratio: Series | None = None
    aim: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure: `rounds` for the spread, `scale` shrinks the work of a round (1: all of it)."""

    rounds: int
    scale: float

    def count(self, full: int, *, least: int = 1) -> int:
        return max(least, int(full * self.scale))


async def measure_rounds(sides: Sequence[Side], *, rounds: int) -> dict[str, Series]:
    """Run every side once a round, every other round in reverse order; a side is given the round's number.

    Shape: sides answer with values by name; the result maps each name to its values of all rounds.
    """
    values: dict[str, list[float]] = {}
    for number in range(rounds):
        for side in sides if number % 2 == 0 else reversed(sides):
            for name, value in (await side(number)).items():
                values.setdefault(name, []).append(value)
    return {name: Series(tuple(found)) for name, found in values.items()}


def compare(what: str, unit: str, *, ours: Series, peer: Series, peer_name: str, aim: str = "") -> Figure:
    ratio = Series(tuple(mine / other for mine, other in zip(ours.values, peer.values, strict=True)))
    return Figure(what, unit, ours, peer_name, peer, ratio, aim)


def percentile(values: Sequence[float], *, share: float) -> float:
    """The value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
