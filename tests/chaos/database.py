"""Plant's database as a run looks at it, past row level security: rows held, watched, and read at the end."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import asyncpg

from tests.stack import Stack

PASSING_TROUBLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    TimeoutError,
)
_POLL_S = 0.02

# FOR NO KEY UPDATE stops those who write the row, and not those whose new rows refer to it.
_HOLD = {
    "exchange_accounts": "SELECT 1 FROM exchange_accounts WHERE credential_ref = $1 FOR NO KEY UPDATE",
    "approvals": "SELECT 1 FROM approvals WHERE approval_id = $1 FOR NO KEY UPDATE",
    "deliverables": "SELECT 1 FROM deliverables WHERE deliverable_id = $1 FOR NO KEY UPDATE",
    "audit_heads": "SELECT 1 FROM audit_heads WHERE customer_id = $1 FOR NO KEY UPDATE",
    "executions": "SELECT 1 FROM executions WHERE approval_id = $1 FOR NO KEY UPDATE",
}
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))"
_WATCH = """
SELECT approval_id, version, state, settled, extract(epoch FROM wake_at)::float8 AS wake_at_s FROM executions
"""
_REPEAT_JOB = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
SELECT 'executions', 'advance_execution', jsonb_build_object(
    'customer_id', customer_id::text, 'execution_id', execution_id::text, 'correlation_id', correlation_id::text)
FROM executions, generate_series(1, $2) WHERE approval_id = $1
"""

Table = Literal["exchange_accounts", "approvals", "deliverables", "audit_heads", "executions"]
Rows = list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """An execution as it was when looked at. Units: `wake_at_s` seconds of the epoch."""

    approval_id: UUID
    version: int
    state: str
    settled: bool
    wake_at_s: float


@dataclass(frozen=True, slots=True)
class HeldRow:
    _looker: asyncpg.Connection
    _holder_pid: int

    async def is_waited_for(self) -> None:
        while not await self._looker.fetchval(_WAITING, self._holder_pid):
            await asyncio.sleep(_POLL_S)


@asynccontextmanager
async def held_row(stack: Stack, table: Table, row_id: UUID) -> AsyncGenerator[HeldRow]:
    """Nobody can write the row until the block ends."""
    async with plant_database(stack) as holder, plant_database(stack) as looker, holder.transaction():
        await holder.execute(_HOLD[table], row_id)
        yield HeldRow(looker, await holder.fetchval("SELECT pg_backend_pid()"))


@asynccontextmanager
async def plant_database(stack: Stack) -> AsyncGenerator[asyncpg.Connection]:
    url = f"{stack.admin_database_url.rsplit('/', 1)[0]}/plant"
    connection = await asyncpg.connect(url, server_settings={"search_path": "public,procrastinate"})
    try:
        yield connection
    finally:
        await connection.close(timeout=2)


async def watch(connection: asyncpg.Connection) -> list[Seen]:
    return [Seen(*row.values()) for row in await connection.fetch(_WATCH)]


async def repeat_job(stack: Stack, approval_id: UUID, *, times: int) -> None:
    """Give the execution further jobs, as a queue that delivers twice would."""
    async with plant_database(stack) as connection:
        await connection.execute(_REPEAT_JOB, approval_id, times)


async def read_all(stack: Stack, *tables: str) -> dict[str, Rows]:
    async with plant_database(stack) as connection:
        return {
            table: [dict(row) for row in await connection.fetch(f"SELECT * FROM {table}")]  # noqa: S608  constants
            for table in tables
        }
