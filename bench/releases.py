"""B2: releases per second in one process, beside pgbench with the same statements, at 1 and at 8 clients."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.bursts import rate_of
from bench.history import add_history
from bench.lanes import Lane, count_used, make_lane
from bench.measure import Figure, Plan, compare, measure_rounds
from bench.pgbench import Script, capture, make_script, run_script
from bench.world import World, running_world
from plant.execution.desk import Desk
from plant.execution.release import execute

_RELEASES_PER_ROUND = {1: 1_000, 8: 250}
_WARM_UP = 40
_PEER_LANE = 500
_SAMPLE_LANE = 900
_HISTORY_LANE = 901
_HISTORY = 20_000


async def run(plan: Plan) -> list[Figure]:
    async with running_world() as world:
        past = await make_lane(world, _HISTORY_LANE, releases=1)
        await add_history(world, past.commands[0].account, start=0, end=plan.count(_HISTORY))
        first, second = (await make_lane(world, _SAMPLE_LANE, releases=2)).commands
        script = make_script(await capture(world, first=first, second=second))
        return [await _compare(world, script, clients=clients, plan=plan) for clients in _RELEASES_PER_ROUND]


async def _compare(world: World, script: Script, *, clients: int, plan: Plan) -> Figure:
    each = plan.count(_RELEASES_PER_ROUND[clients], least=30)
    needed = _WARM_UP + each * plan.rounds
    lanes = [await make_lane(world, clients * 10 + n, releases=needed) for n in range(clients)]
    peer_lanes = [
        await make_lane(world, _PEER_LANE + clients * 10 + n, releases=needed, for_pgbench=True)
        for n in range(clients)
    ]
    with TemporaryDirectory() as folder:
        pgbench = _Pgbench(world, script, Path(folder), peer_lanes)
        async with world.desk(connections=clients) as desk:
            callers = [_releasing(desk, lane) for lane in lanes]
            await rate_of(world, callers, each=_WARM_UP)
            await pgbench.rate(done=0, each=_WARM_UP)

            async def ours(_round: int) -> dict[str, float]:
                return {"ours": await rate_of(world, callers, each=each)}

            async def theirs(number: int) -> dict[str, float]:
                return {"pgbench": await pgbench.rate(done=_WARM_UP + number * each, each=each)}

            found = await measure_rounds([ours, theirs], rounds=plan.rounds)
    await _check_all_used(world, [*lanes, *peer_lanes])
    what = f"releases, {clients} caller{'s' if clients > 1 else ''}"
    return compare(
        what, "per s", ours=found["ours"], peer=found["pgbench"], peer_name="pgbench", aim=">= 0.5"
    )


@dataclass(frozen=True, slots=True)
class _Pgbench:
    """Shape: one lane for each client."""

    world: World
    script: Script
    folder: Path
    lanes: Sequence[Lane]

    async def rate(self, *, done: int, each: int) -> float:
        outcome = await run_script(
            self.world,
            self.script,
            folder=self.folder,
            clients=len(self.lanes),
            transactions=each,
            lane=self.lanes[0].number,
            done=done,
            accounts=self.lanes[0].accounts,
        )
        return outcome.per_s


def _releasing(desk: Desk, lane: Lane) -> Callable[[], Awaitable[object]]:
    commands = iter(lane.commands)
    return lambda: execute(desk, next(commands))


async def _check_all_used(world: World, lanes: Sequence[Lane]) -> None:
    """Neither side may have measured anything but releases that happened."""
    for lane in lanes:
        used = await count_used(world, lane)
        assert used == len(lane.commands), (
            f"lane {lane.number}: {used} of {len(lane.commands)} approvals used"
        )
