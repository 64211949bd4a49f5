"""PostgreSQL: the pool, and the two kinds of session that queries run on.

A `TenantSession` sees one customer's rows and nothing else (row level security, forced). An
`OversightSession` sees all customers' rows, names who looks, and an operator's look is recorded.
Each is one transaction: it commits when the block ends and rolls back when the block raises.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from shared.errors import PlatformError, unavailable
from shared.ids import CustomerId
from shared.metrics import watch_connections

Connection = PoolConnectionProxy
Row = asyncpg.Record
Rows = list[asyncpg.Record]
UniqueViolation = asyncpg.UniqueViolationError

ValueT = TypeVar("ValueT")

_ACQUIRE_TIMEOUT_S = 5
_CLOSE_TIMEOUT_S = 5
_PARAMETER = re.compile(r"\$(\d+)")
# InvalidCachedStatementError: once for each statement of `SELECT *` when a migration has changed its table.
# InternalClientError: what asyncpg says of a connection between the server's last word and its hanging up.
_PASSING_TROUBLE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InvalidCachedStatementError,
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


@dataclass(frozen=True, slots=True, eq=False)
class Lookup(Generic[ValueT]):
    """What a slice reads of its own tables, ready to be read together with what others read of theirs.

    Shape: `sql` is a query of one column and at most one row; `parse` is given its value, None without a row.
    """

    sql: str
    args: tuple[object, ...]
    parse: Callable[[Any], ValueT]


@dataclass(frozen=True, slots=True)
class Found:
    _values: Mapping[Lookup[Any], Any]

    def __getitem__(self, lookup: Lookup[ValueT]) -> ValueT:
        return self._values[lookup]


async def look_up(session: Session, *lookups: Lookup[Any]) -> Found:
    """Read all lookups in one statement: one round trip, as of one moment.

    A lock is no lookup: the statement sees what was committed when it began, so it comes after the lock.
    """
    statement = _joined(tuple((lookup.sql, len(lookup.args)) for lookup in lookups))
    arguments = [argument for lookup in lookups for argument in lookup.args]
    row = await session.connection.fetchrow(statement, *arguments)
    assert row is not None
    return Found({lookup: lookup.parse(value) for lookup, value in zip(lookups, row.values(), strict=True)})


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
    watch_connections(name, size=pool.get_size, idle=pool.get_idle_size, max_size=max_connections)
    try:
        yield Database(pool)
    finally:
        await _close(pool)


async def _close(pool: asyncpg.Pool) -> None:
    """Let queries end, but not wait forever: where the server is gone, a connection may never be given back."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_CLOSE_TIMEOUT_S):
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


@lru_cache(maxsize=100)
def _joined(queries: tuple[tuple[str, int], ...]) -> str:
    """Make a statement of queries, each with its number of arguments, numbering those through."""
    columns: list[str] = []
    before = 0
    for sql, count in queries:
        columns.append(_PARAMETER.sub(lambda match, before=before: f"${int(match[1]) + before}", sql))
        before += count
    return "SELECT " + ", ".join(f"({sql}) AS value_{number}" for number, sql in enumerate(columns))


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
    """Binary, because a row inside a row is read in binary only; version 1 of the format is the text after a 1."""
    await connection.set_type_codec(
        "jsonb", encoder=_encode_json, decoder=_decode_json, schema="pg_catalog", format="binary"
    )


def _encode_json(value: Any) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return b"\x01" + text.encode()


def _decode_json(value: bytes) -> Any:
    return json.loads(value[1:])


async def _keep_as_it_is(_connection: asyncpg.Connection) -> None:
    return None
