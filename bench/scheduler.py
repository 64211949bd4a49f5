"""Ticks over many goals of which few are due, and due runs per second beside the job queue's own rate without work."""

import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import procrastinate
from procrastinate.types import JSONDict

from bench.measure import Figure, Plan, Side, compare, measure_rounds
from plant.agent_types.skills import open_skills
from plant.agents.registered import all_capabilities
from plant.credentials.sessions import Vaults
from plant.execution.desk import Desk
from plant.goals.running import run_goal
from plant.goals.work import Bench
from plant.patterns.orchestrator import Orchestrator
from plant.scheduler.actions import tick
from plant.scheduler.jobs import QUEUE, RUN_GOAL
from plant.snapshots.actions import MarketDesk
from shared.clock import utc_now
from shared.db import Database, open_database
from shared.ids import CustomerId
from shared.keys import Issuer, Purpose, TrustStore, load_signing_key
from tests.due_runs.world import World, add_agents, add_goals, count_all, running_world

_GOALS = {"many": 100_000, "few": 1_000}
_DUE = 100
_TICKS_PER_ROUND = 5
_RUNS_PER_ROUND = 400
_AGENTS = 40
_CONCURRENCY = 8
_FAR_AHEAD = timedelta(days=1)
_BARE = "bare"
_MAKE_DUE = """
UPDATE goals SET next_due_at = now() WHERE goal_id IN (SELECT goal_id FROM goals ORDER BY random() LIMIT $1)
"""


async def run(plan: Plan) -> list[Figure]:
    return [await _compare_ticks(plan), await _compare_rates(plan)]


async def _compare_ticks(plan: Plan) -> Figure:
    async with AsyncExitStack() as stack:
        sides: list[Side] = []
        for name, goals in _GOALS.items():
            world = await stack.enter_async_context(running_world())
            await add_agents(world.admin, count=_AGENTS)
            count = plan.count(goals, least=_DUE)
            await add_goals(world.admin, count=count, first_due=utc_now() + _FAR_AHEAD, within=_FAR_AHEAD)
            await world.admin.execute("ANALYZE goals")
            database = await stack.enter_async_context(open_database(_url(world), name="bench"))
            side = _Ticking(name, world, database)
            await side.measure(0)
            sides.append(side.measure)
        found = await measure_rounds(sides, rounds=plan.rounds)
    return compare(
        f"a tick, {_DUE} due of {plan.count(_GOALS['many']):,} goals",
        "ms",
        ours=found["many"],
        peer=found["few"],
        peer_name=f"of {plan.count(_GOALS['few']):,}",
        aim="<= 2",
    )


async def _compare_rates(plan: Plan) -> Figure:
    each = plan.count(_RUNS_PER_ROUND, least=40)
    async with running_world() as world, _queue(world) as (queue, database):
        await add_agents(world.admin, count=_AGENTS)
        await add_goals(world.admin, count=each, first_due=utc_now() + _FAR_AHEAD, within=_FAR_AHEAD)
        running = _Running(world, database, queue, each)
        await running.runs(0)
        await running.bare(0)
        found = await measure_rounds([running.runs, running.bare], rounds=plan.rounds)
        verdict = await count_all(world.admin)
        assert verdict.counted["done"] == verdict.counted["deliverables"] == each * (plan.rounds + 1)
    return compare(
        f"due runs, {_CONCURRENCY} at once",
        "per s",
        ours=found["runs"],
        peer=found["bare"],
        peer_name="bare jobs",
        aim="told",
    )


@dataclass(frozen=True, slots=True)
class _Ticking:
    name: str
    world: World
    database: Database

    async def measure(self, _round: int) -> dict[str, float]:
        """Units: milliseconds, the mean of a few ticks."""
        spent = 0.0
        for _ in range(_TICKS_PER_ROUND):
            await self.world.admin.execute(_MAKE_DUE, _DUE)
            started = time.perf_counter()
            due = await tick(self.database)
            spent += time.perf_counter() - started
            assert due == _DUE
        return {self.name: spent / _TICKS_PER_ROUND * 1_000}


@dataclass(frozen=True, slots=True)
class _Running:
    world: World
    database: Database
    queue: procrastinate.App
    each: int

    async def runs(self, _round: int) -> dict[str, float]:
        """From goals that are due to their deliverables."""
        await self.world.admin.execute(_MAKE_DUE, self.each)
        started = time.perf_counter()
        assert await tick(self.database) == self.each
        await self._drain(QUEUE)
        return {"runs": self.each / (time.perf_counter() - started)}

    async def bare(self, _round: int) -> dict[str, float]:
        task = self.queue.configure_task(_BARE, queue=_BARE)
        started = time.perf_counter()
        jobs: list[JSONDict] = [{"number": str(number)} for number in range(self.each)]
        await task.batch_defer_async(*jobs)
        await self._drain(_BARE)
        return {"bare": self.each / (time.perf_counter() - started)}

    async def _drain(self, queue: str) -> None:
        await self.queue.run_worker_async(
            queues=[queue],
            concurrency=_CONCURRENCY,
            wait=False,
            delete_jobs="successful",
            listen_notify=False,
            install_signal_handlers=False,
        )


@asynccontextmanager
async def _queue(world: World) -> AsyncGenerator[tuple[procrastinate.App, Database]]:
    """The queue as the worker has it, with one more task that does nothing."""
    url = _url(world)
    connector = procrastinate.PsycopgConnector(
        conninfo=url, kwargs={"options": "-c search_path=procrastinate,public"}, max_size=_CONCURRENCY + 4
    )
    queue = procrastinate.App(connector=connector)
    async with open_database(url, name="bench", max_connections=_CONCURRENCY + 2) as database:
        trust = TrustStore(world.home.trust_file)
        key = load_signing_key(world.home.keys / "plant", issuer=Issuer.PLANT, purpose=Purpose.IDENTITY)
        market = MarketDesk(database, Vaults({}, key, trust), {})
        bench = Bench(Desk(market, trust, four_eyes=False), open_skills(all_capabilities()), Orchestrator())

        @queue.task(name=RUN_GOAL, queue=QUEUE)
        async def run_one_goal(customer_id: str, run_id: str, correlation_id: str) -> None:
            await run_goal(bench, customer_id=CustomerId(UUID(customer_id)), run_id=UUID(run_id))

        @queue.task(name=_BARE, queue=_BARE)
        async def do_nothing(number: str) -> None:
            pass

        async with queue.open_async():
            yield queue, database


def _url(world: World) -> str:
    return world.databases.urls.runtime["plant"]
