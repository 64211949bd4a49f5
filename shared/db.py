"""PostgreSQL: the pool, and the two kinds of session that queries run on.

A `TenantSession` sees one customer's rows and nothing else (row level security, forced). An
`OversightSession` sees all customers' rows, names who looks, and an operator's look is recorded.
Each is one transaction: it commits when the block ends and rolls back when the block raises.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from shared.errors import PlatformError, unavailable
from shared.ids import CustomerId

Connection = PoolConnectionProxy
Row = asyncpg.Record
Rows = list[asyncpg.Record]
UniqueViolation = asyncpg.UniqueViolationError

_ACQUIRE_TIMEOUT_S = 5
# InternalClientError: what asyncpg says of a connection between the server's last word and its hanging up.
_PASSING_TROUBLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)


@dataclass(frozen=True, slots=True)
class TenantSession:
    connection: Connection
    customer_id: CustomerId


@dataclass(frozen=True, slots=True)
class OversightSession:
    connection: Connection
    actor: str


Session = TenantSession | OversightSession


@dataclass(frozen=True, slots=True)
class Database:
    pool: asyncpg.Pool

    @asynccontextmanager
    async def tenant(self, customer_id: CustomerId) -> AsyncGenerator[TenantSession]:
        """Open a transaction that sees only this customer's rows.

        Raises: PlatformError 503 when the database cannot be reached or is too busy.
        """
        begin = f"BEGIN; SELECT set_config('app.customer_id', '{customer_id}', true)"
        async with _transaction(self.pool, begin) as connection:
            yield TenantSession(connection, customer_id)

    @asynccontextmanager
    async def oversight(self, *, actor: str) -> AsyncGenerator[OversightSession]:
        """Open a transaction that sees all customers' rows, on behalf of a named actor.

        Shape: actor is `operator:<id>` or `service:<name>`; it must be plain, see `_check_actor`.
        Raises: PlatformError 503 when the database cannot be reached or is too busy.
        """
        _check_actor(actor)
        begin = f"BEGIN; SELECT set_config('app.actor', '{actor}', true)"
        async with _transaction(self.pool, begin) as connection:
            yield OversightSession(connection, actor)

    async def is_reachable(self) -> bool:
        try:
            async with self.pool.acquire(timeout=2) as connection:
                return await connection.fetchval("SELECT 1", timeout=2) == 1
        except _PASSING_TROUBLE:
            return False


@asynccontextmanager
async def open_database(url: str, *, name: str, max_connections: int = 10) -> AsyncGenerator[Database]:
    """Open a pool. Sessions end their own transactions, so connections need no reset on release."""
    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=max_connections,
        init=_prepare_connection,
        reset=_keep_as_it_is,
        command_timeout=20,
        server_settings={
            "application_name": name,
            "search_path": "public,procrastinate",
            "statement_timeout": "15s",
            "lock_timeout": "8s",
            "idle_in_transaction_session_timeout": "30s",
        },
    )
    try:
        yield Database(pool)
    finally:
        await pool.close()


@asynccontextmanager
async def _transaction(pool: asyncpg.Pool, begin: str) -> AsyncGenerator[Connection]:
    try:
        async with pool.acquire(timeout=_ACQUIRE_TIMEOUT_S) as connection:
            await connection.execute(begin)
            try:
                yield connection
            except BaseException:
                await _roll_back(connection)
                raise
            await connection.execute("COMMIT")
    except _PASSING_TROUBLE as error:
        raise _busy() from error


async def _roll_back(connection: Connection) -> None:
    if not connection.is_closed():
        await connection.execute("ROLLBACK")


def _busy() -> PlatformError:
    return unavailable(
        "The database cannot be reached or is too busy; nothing was changed. Try again.",
        reason="database_unavailable",
    )


def _check_actor(actor: str) -> None:
    kind, _, name = actor.partition(":")
    if kind not in ("operator", "service") or not name.replace("-", "").replace("_", "").isalnum():
        raise ValueError(f"an actor is 'operator:<id>' or 'service:<name>', found {actor!r}")


async def _prepare_connection(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=_encode_json, decoder=json.loads, schema="pg_catalog")


def _encode_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


async def _keep_as_it_is(_connection: asyncpg.Connection) -> None:
    return None
