"""Plant's database in a worker's way: rows held to stop it at one exact line, its place in the queues taken away."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from tests.stack import Stack
from tests.trades import eventually

_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'plant-worker' AND wait_event_type = 'Lock'
"""
_HANG_UP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'plant-queue' AND query ~ '^(LISTEN|SELECT 1$)'
"""
_REPEAT_JOB = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
SELECT queue_name, task_name, priority, args FROM procrastinate_jobs, generate_series(1, $2)
WHERE args ->> 'execution_id' = $1
"""


@dataclass(frozen=True, slots=True)
class HeldRow:
    _looker: asyncpg.Connection

    async def is_waited_for(self) -> None:
        """Wait until a worker waits for the row."""

        async def waiting() -> int:
            return await self._looker.fetchval(_WAITING)

        await eventually(waiting, lambda count: count > 0, patience_s=10)


@asynccontextmanager
async def held_execution(stack: Stack, execution_id: UUID) -> AsyncGenerator[HeldRow]:
    """Hold the execution's row until the block ends: nobody can write it meanwhile."""
    async with _connection(stack) as holder, _connection(stack) as looker, holder.transaction():
        await holder.execute("SELECT 1 FROM executions WHERE execution_id = $1 FOR UPDATE", execution_id)
        yield HeldRow(looker)


async def repeat_job(stack: Stack, execution_id: UUID, *, times: int) -> None:
    """Put the execution's waiting job into the queue again, as a queue that delivers twice would."""
    async with _connection(stack) as connection:
        tag = await connection.execute(_REPEAT_JOB, str(execution_id), times)
    assert tag == f"INSERT 0 {times}"


async def strike_workers_off(stack: Stack) -> None:
    """Take every worker off the queue's list, as a worker that starts does with those that show no life."""
    async with _connection(stack) as connection:
        await connection.execute("DELETE FROM procrastinate_workers")


async def stop_listening(stack: Stack) -> None:
    """End the connections on which the worker listens, and let it open none until it has left all its queues."""
    role = urlsplit(stack.database_url("plant")).username
    async with _connection(stack) as connection:
        before = await _places(connection)
        await connection.execute(f'ALTER ROLE "{role}" CONNECTION LIMIT 0')
        try:
            await connection.execute(_HANG_UP)
            await eventually(lambda: _places(connection), before.isdisjoint, patience_s=10)
        finally:
            await connection.execute(f'ALTER ROLE "{role}" CONNECTION LIMIT -1')


async def count_places(stack: Stack) -> int:
    """Say at how many queues a worker is at work."""
    async with _connection(stack) as connection:
        return len(await _places(connection))


async def _places(connection: asyncpg.Connection) -> set[int]:
    return {row["id"] for row in await connection.fetch("SELECT id FROM procrastinate_workers")}


@asynccontextmanager
async def _connection(stack: Stack) -> AsyncGenerator[asyncpg.Connection]:
    url = stack.admin_database_url.rsplit("/", 1)[0] + "/plant"
    connection = await asyncpg.connect(url, server_settings={"search_path": "public,procrastinate"})
    try:
        yield connection
    finally:
        await connection.close()
