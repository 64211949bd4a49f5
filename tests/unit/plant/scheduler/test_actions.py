"""Ticks side by side, attempts that overlap, and runs that die, on a real database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio

from plant.scheduler import actions
from plant.scheduler.model import MAX_ATTEMPTS, HeldRun, NewRun
from shared.clock import utc_now
from shared.contracts.goals import RunState
from shared.db import Database, open_database
from shared.ids import CustomerId
from tests.due_runs.world import World, add_agents, add_goals, running_world

GOALS = 450


@pytest_asyncio.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world() as ready:
        await add_agents(ready.admin, count=5)
        far = timedelta(days=1)
        await add_goals(ready.admin, count=GOALS, first_due=utc_now() + far, within=far)
        yield ready


@pytest_asyncio.fixture
async def database(world: World) -> AsyncIterator[Database]:
    await world.admin.execute("DELETE FROM goal_runs; DELETE FROM procrastinate_jobs")
    await world.admin.execute("UPDATE goals SET next_due_at = now() + interval '1 day', paused = false")
    async with open_database(world.databases.urls.runtime["plant"], name="test") as ready:
        yield ready


async def make_due(world: World, *, ago: timedelta = timedelta(0)) -> None:
    await world.admin.execute("UPDATE goals SET next_due_at = now() - $1::interval", ago)


async def jobs(world: World) -> int:
    return await world.admin.fetchval("SELECT count(*) FROM procrastinate_jobs")


async def enqueue(world: World, database: Database, *, key: str | None = None) -> NewRun:
    goal = await world.admin.fetchrow(
        "SELECT goal_id, customer_id, hired_instance_id FROM goals ORDER BY 1 LIMIT 1"
    )
    assert goal is not None
    run = NewRun(
        goal["goal_id"],
        CustomerId(goal["customer_id"]),
        goal["hired_instance_id"],
        utc_now(),
        client_key=key,
    )
    async with database.tenant(run.customer_id) as session:
        await actions.enqueue(session, run)
    return run


async def begin(database: Database, run: NewRun, *, lease_s: float = 60) -> HeldRun | None:
    return await actions.begin(database, run.customer_id, run.run_id, lease_s=lease_s)


async def end(database: Database, held: HeldRun) -> bool:
    async with database.tenant(held.customer_id) as session:
        return await actions.end(session, held, state=RunState.DONE)


async def state_of(world: World, run_id: UUID) -> str:
    return await world.admin.fetchval("SELECT state FROM goal_runs WHERE run_id = $1", run_id)


async def test_ticks_side_by_side_make_one_run_and_one_job_of_each_goal(
    world: World, database: Database
) -> None:
    await make_due(world)

    found = await asyncio.gather(*(actions.tick(database) for _ in range(4)))

    assert sum(found) == GOALS
    assert await world.admin.fetchval("SELECT count(DISTINCT goal_id) FROM goal_runs") == GOALS
    assert await world.admin.fetchval("SELECT count(*) FROM goal_runs") == GOALS
    assert await jobs(world) == GOALS
    assert await actions.tick(database) == 0


async def test_paused_goal_and_paused_agent_make_no_run(world: World, database: Database) -> None:
    await make_due(world)
    await world.admin.execute("UPDATE goals SET paused = true")

    assert await actions.tick(database) == 0

    await world.admin.execute("UPDATE goals SET paused = false; UPDATE hired_agents SET state = 'paused'")
    assert await actions.tick(database) == GOALS
    await world.admin.execute("UPDATE hired_agents SET state = 'active'")
    assert await world.admin.fetchval("SELECT count(*) FROM goal_runs") == 0
    assert await world.admin.fetchval("SELECT min(next_due_at) > now() FROM goals")


async def test_missed_runs_leave_no_job(world: World, database: Database) -> None:
    await make_due(world, ago=timedelta(hours=7))

    await actions.tick(database)

    assert await world.admin.fetchval("SELECT count(*) FROM goal_runs WHERE state = 'missed'") == GOALS
    assert await jobs(world) == 0


async def test_same_key_is_the_same_run(world: World, database: Database) -> None:
    await enqueue(world, database, key="once")
    await enqueue(world, database, key="once")

    assert await world.admin.fetchval("SELECT count(*) FROM goal_runs") == 1
    assert await jobs(world) == 1


async def test_second_attempt_waits_for_the_lease_of_the_first(world: World, database: Database) -> None:
    run = await enqueue(world, database)
    first = await begin(database, run)
    assert first is not None

    assert await begin(database, run) is None
    assert await end(database, first)
    assert await begin(database, run) is None


async def test_attempt_that_was_overtaken_cannot_end_the_run(world: World, database: Database) -> None:
    run = await enqueue(world, database)
    slow = await begin(database, run, lease_s=0)
    quick = await begin(database, run, lease_s=0)
    assert slow is not None
    assert quick is not None

    assert not await end(database, slow)
    assert await end(database, quick)
    assert not await end(database, quick)


async def test_run_whose_job_was_lost_gets_another(world: World, database: Database) -> None:
    run = await enqueue(world, database)
    await begin(database, run, lease_s=0)
    await world.admin.execute("DELETE FROM procrastinate_jobs")

    assert await actions.revive_overdue(database, overdue_by_s=60) == 0
    assert await actions.revive_overdue(database, overdue_by_s=0) == 1
    assert await jobs(world) == 1


@pytest.mark.parametrize("attempts", [1, MAX_ATTEMPTS])
async def test_last_attempt_that_fails_leaves_the_run_dead(
    world: World, database: Database, attempts: int
) -> None:
    run = await enqueue(world, database)
    await world.admin.execute("UPDATE goal_runs SET attempts = $1", attempts - 1)
    held = await begin(database, run)
    assert held is not None

    async with database.tenant(run.customer_id) as session:
        left = await actions.retry(session, held, error="the venue is away")

    expected = RunState.DEAD if attempts == MAX_ATTEMPTS else RunState.QUEUED
    assert left is expected
    assert await state_of(world, run.run_id) == expected
    async with database.oversight(actor="service:test") as session:
        health = await actions.read_health(session)
    assert health.dead_runs == (expected is RunState.DEAD)
