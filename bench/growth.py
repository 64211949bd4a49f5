"""Growth: how long a release takes after more and more past executions, of others and of the account itself."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bench.history import add_history
from bench.lanes import make_lane
from bench.measure import Figure, Plan, Series, Side, compare, measure_rounds
from bench.world import World, running_world
from plant.execution.desk import Desk
from plant.execution.inputs import ReleaseCommand
from plant.execution.release import execute

_SIZES = (10_000, 100_000, 1_000_000)
_LANE = 1
_RELEASES_PER_ROUND = 9
# A side can come twice in a row, and no account may order more than ten times a second.
_PAUSE_S = 1.1
_WHOSE = ("others", "the account itself")


async def run(plan: Plan) -> list[Figure]:
    """Every size has a database server of its own, so that all sizes are measured in each round."""
    sizes = [plan.count(size, least=100) for size in _SIZES]
    async with AsyncExitStack() as stack:
        sides: list[Side] = []
        for size in sizes:
            world = await stack.enter_async_context(running_world())
            desk = await stack.enter_async_context(world.desk(connections=1))
            sides += await _prepare(world, desk, size=size, rounds=plan.rounds)
        found = await measure_rounds(sides, rounds=plan.rounds)
    return _figures(sizes, found)


async def _prepare(world: World, desk: Desk, *, size: int, rounds: int) -> list[Side]:
    """Two accounts, of which the second has all the history."""
    releases = len(_WHOSE) * _RELEASES_PER_ROUND * (rounds + 1)
    lane = await make_lane(world, _LANE, releases=releases, accounts=len(_WHOSE))
    await add_history(world, lane.commands[1].account, start=0, end=size)
    releasing = [
        _Releasing(f"{whose} {size}", world, desk, iter(lane.commands[index :: len(_WHOSE)]))
        for index, whose in enumerate(_WHOSE)
    ]
    for one in releasing:
        await one.measure(0)
    return [one.measure for one in releasing]


@dataclass(frozen=True, slots=True)
class _Releasing:
    name: str
    world: World
    desk: Desk
    commands: Iterator[ReleaseCommand]

    async def measure(self, _round: int) -> dict[str, float]:
        """Units: milliseconds, the median of a few releases."""
        await asyncio.sleep(_PAUSE_S)
        await self.world.make_fresh()
        return {self.name: statistics.median([await self._release_ms() for _ in range(_RELEASES_PER_ROUND)])}

    async def _release_ms(self) -> float:
        started = time.perf_counter()
        await execute(self.desk, next(self.commands))
        return (time.perf_counter() - started) * 1_000


def _figures(sizes: Sequence[int], found: dict[str, Series]) -> list[Figure]:
    return [
        compare(
            f"a release after {size:,} executions of {whose}",
            "ms",
            ours=found[f"{whose} {size}"],
            peer=found[f"{whose} {sizes[0]}"],
            peer_name=f"after {sizes[0]:,}",
            aim="flat",
        )
        for whose in _WHOSE
        for size in sizes
    ]
