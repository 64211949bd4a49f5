"""B2: releases per second in one process, beside pgbench with the same statements at 1 and at 8 clients."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import Figure, Plan, compare, measure_rounds
from bench.pgbench import Script, capture, make_script, run_script
from bench.world import Lane, World, make_lane, running_world
from plant.execution.desk import Desk
from plant.execution.inputs import ReleaseCommand
from plant.execution.release import execute

_CLIENTS = (1, 8)
_RELEASES_PER_ROUND = {1: 1_200, 8: 300}
_WARM_UP = 40
_FRESH_FOR_S = 1.2
_PEER_LANE = 500
_SAMPLE_LANE = 900


async def run(plan: Plan) -> list[Figure]:
    async with running_world() as world:
        first, second = (await make_lane(world, _SAMPLE_LANE, releases=2)).commands
        script = make_script(await capture(world, first=first, second=second))
        return [await _compare(world, script, clients=clients, plan=plan) for clients in _CLIENTS]


async def _compare(world: World, script: Script, *, clients: int, plan: Plan) -> Figure:
    each = plan.count(_RELEASES_PER_ROUND[clients], least=30)
    warm_up = min(_WARM_UP, each)
    needed = warm_up + each * plan.rounds
    first = clients * 10
    lanes = [await make_lane(world, first + n, releases=needed) for n in range(clients)]
    peers = [
        await make_lane(world, _PEER_LANE + first + n, releases=needed, for_pgbench=True)
        for n in range(clients)
    ]
    with TemporaryDirectory() as folder:
        async with world.desk(connections=clients) as desk:
            callers = [iter(lane.commands) for lane in lanes]
            pgbench = _Pgbench(world, script, Path(folder), peers)
            await _release(desk, world, callers, each=warm_up)
            await pgbench.run(done=0, each=warm_up)

            async def ours(_round: int) -> float:
                return await _release(desk, world, callers, each=each)

            async def theirs(number: int) -> float:
                return await pgbench.run(done=warm_up + number * each, each=each)

            found = await measure_rounds({"ours": ours, "pgbench": theirs}, rounds=plan.rounds)
    what = f"releases, {clients} caller{'s' if clients > 1 else ''}"
    return compare(
        what, "per s", ours=found["ours"], peer=found["pgbench"], peer_name="pgbench", aim=">= 0.5"
    )


class _Pgbench:
    def __init__(self, world: World, script: Script, folder: Path, lanes: list[Lane]) -> None:
        self._world = world
        self._script = script
        self._folder = folder
        self._lanes = lanes

    async def run(self, *, done: int, each: int) -> float:
        outcome = await run_script(
            self._world,
            self._script,
            folder=self._folder,
            clients=len(self._lanes),
            transactions=each,
            lane=self._lanes[0].number,
            done=done,
            accounts=self._lanes[0].accounts,
        )
        return outcome.per_s


async def _release(desk: Desk, world: World, callers: list[Iterator[ReleaseCommand]], *, each: int) -> float:
    """Release `each` actions a caller, in bursts for which the market stays fresh; return releases per second."""
    left = [each] * len(callers)
    spent_s = 0.0
    while any(left):
        await world.make_fresh()
        started = time.perf_counter()
        until = started + _FRESH_FOR_S
        left = list(
            await asyncio.gather(
                *(_burst(desk, caller, at_most=n, until=until) for caller, n in zip(callers, left, strict=True))
            )
        )
        spent_s += time.perf_counter() - started
    return each * len(callers) / spent_s


async def _burst(desk: Desk, caller: Iterator[ReleaseCommand], *, at_most: int, until: float) -> int:
    """Return how many are left when the time is over."""
    while at_most and time.perf_counter() < until:
        await execute(desk, next(caller))
        at_most -= 1
    return at_most
