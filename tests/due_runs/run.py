"""Due runs while their workers are killed: every one must come to exactly one end, with exactly one deliverable."""

import asyncio
import random
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta

from cli.stack.ports import free_ports
from cli.stack.services import Service, address, services_with_database
from cli.stack.settings import Ports
from cli.stack.supervisor import Child, start_child
from shared.clock import utc_now
from tests.due_runs.world import Verdict, World, add_agents, add_goals, count_all, running_world

_AGENTS = 40
_LEASE_S = 3
_START_UP = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Plan:
    """`spread_s`: the goals become due within so many seconds. Kills are that far apart, at random."""

    runs: int
    spread_s: float
    workers: int = 3
    kill_between_s: tuple[float, float] = (0.5, 2.0)
    patience_s: float = 120
    seed: int = 7


@dataclass(slots=True)
class Outcome:
    verdict: Verdict
    kills: int
    seconds: float


@dataclass(slots=True)
class _Fleet:
    world: World
    children: list[Child] = field(default_factory=list[Child])

    def start(self, number: int) -> Child:
        service = _worker(self.world, number)
        return start_child(service, log=self.world.home.log(service.name))

    def kill(self, number: int) -> None:
        process = self.children[number].process
        process.kill()
        process.wait()
        self.children[number] = self.start(number)


async def run(plan: Plan, *, watch: Callable[[int, int], None] = lambda _done, _kills: None) -> Outcome:
    async with running_world() as world:
        await add_agents(world.admin, count=_AGENTS)
        within = timedelta(seconds=plan.spread_s)
        await add_goals(world.admin, count=plan.runs, first_due=utc_now() + _START_UP, within=within)
        started = time.monotonic()
        with _running(world, plan.workers) as fleet:
            kills = await _until_done(world, fleet, plan, watch)
            await asyncio.sleep(1.5)
        return Outcome(await count_all(world.admin), kills, time.monotonic() - started)


async def _until_done(world: World, fleet: _Fleet, plan: Plan, watch: Callable[[int, int], None]) -> int:
    """Kill workers, each started again at once, until all runs have ended; return how often."""
    choose = random.Random(plan.seed)
    deadline = time.monotonic() + plan.patience_s
    kills = 0
    while True:
        await asyncio.sleep(choose.uniform(*plan.kill_between_s))
        ended = await world.admin.fetchval("SELECT count(*) FROM goal_runs WHERE state <> 'queued'")
        watch(ended, kills)
        if ended >= plan.runs or time.monotonic() > deadline:
            return kills
        fleet.kill(choose.randrange(plan.workers))
        kills += 1


@contextmanager
def _running(world: World, workers: int) -> Generator[_Fleet]:
    fleet = _Fleet(world)
    fleet.children.extend(fleet.start(number) for number in range(workers))
    try:
        yield fleet
    finally:
        for child in fleet.children:
            child.process.kill()
            child.process.wait()


def _worker(world: World, number: int) -> Service:
    """A worker whose portals, exchange and platforms are not there: none of these runs needs them."""
    names = [one.name for one in fields(Ports)]
    ports = Ports(**dict(zip(names, free_ports(len(names)), strict=True)))
    services = services_with_database(ports, home=world.home, urls=world.databases.urls)
    known = next(service for service in services if service.name == "worker")
    environment = {**known.environment, "COUNTERSIGN_GOAL_LEASE_S": str(_LEASE_S)}
    return replace(
        known,
        name=f"worker-{number}",
        environment=environment,
        health_url=f"{address(ports.worker)}/health/ready",
    )
