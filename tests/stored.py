"""What the databases of the stack hold, past row level security: for looking behind the services' backs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal
from uuid import UUID

import asyncpg

from tests.stack import Stack

DatabaseName = Literal["cp", "pp", "plant"]
DATABASES: tuple[DatabaseName, ...] = ("cp", "pp", "plant")


@asynccontextmanager
async def superuser(stack: Stack, database: DatabaseName) -> AsyncGenerator[asyncpg.Connection]:
    connection = await asyncpg.connect(f"{stack.admin_database_url.removesuffix('/postgres')}/{database}")
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def runtime_role(stack: Stack, database: DatabaseName) -> AsyncGenerator[asyncpg.Connection]:
    """The role that the service itself connects with."""
    connection = await asyncpg.connect(stack.database_url(database))
    try:
        yield connection
    finally:
        await connection.close()


async def signed_statement(stack: Stack, portal: DatabaseName, approval_id: UUID) -> str:
    async with superuser(stack, portal) as connection:
        return await connection.fetchval("SELECT signed FROM approvals WHERE approval_id = $1", approval_id)


async def tables(connection: asyncpg.Connection) -> list[str]:
    """Every table of ours and of the job queue, with its schema."""
    rows = await connection.fetch(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
    )
    return [row["name"] for row in rows]


async def tenant_tables(connection: asyncpg.Connection) -> list[str]:
    """Every table with a customer_id."""
    rows = await connection.fetch(
        "SELECT c.oid::regclass::text AS name FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'customer_id' AND NOT a.attisdropped"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    return [row["name"] for row in rows]


async def text_of(connection: asyncpg.Connection, table: str) -> str:
    """Every row of a table as text, with bytes in hex and decoded."""
    rows = await connection.fetch(f"SELECT t::text AS shown, t AS row FROM {table} t")  # noqa: S608  from the catalog
    return "\n".join(f"{row['shown']} {_readable(row['row'])}" for row in rows)


def _readable(row: asyncpg.Record) -> str:
    return " ".join(value.decode("latin-1") for value in row.values() if isinstance(value, bytes))
