"""Customers are separated by PostgreSQL itself, in every table there is, and evidence only grows."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from shared.ids import CustomerId
from tests.denied import Scene
from tests.past import Past
from tests.stack import Stack
from tests.stored import DATABASES, DatabaseName, runtime_role, superuser, tenant_tables

APPEND_ONLY: dict[DatabaseName, set[str]] = {
    "plant": {
        "attempts",
        "audit_checkpoints",
        "audit_log",
        "decision_traces",
        "deliverable_transitions",
        "execution_events",
        "fills",
        "kill_switch_changes",
        "operator_access",
        "policy_denials",
        "revocations",
        "trace_outcomes",
        "usage_events",
    },
    "cp": {"credential_bindings", "credential_refreshes", "credential_releases"},
    "pp": {"credential_bindings", "credential_refreshes", "credential_releases", "operator_actions"},
}


@asynccontextmanager
async def bound_to(
    stack: Stack, database: DatabaseName, customer_id: CustomerId | None
) -> AsyncGenerator[asyncpg.Connection]:
    """A transaction as the service opens it for this customer, undone at its end."""
    async with runtime_role(stack, database) as connection:
        transaction = connection.transaction()
        await transaction.start()
        if customer_id is not None:
            await connection.execute("SELECT set_config('app.customer_id', $1, true)", str(customer_id))
        try:
            yield connection
        finally:
            await transaction.rollback()


async def rows_of(connection: asyncpg.Connection, table: str) -> set[UUID]:
    rows = await connection.fetch(f"SELECT DISTINCT customer_id FROM {table}")  # noqa: S608  from the catalog
    return {row["customer_id"] for row in rows}


@pytest.mark.parametrize("database", DATABASES)
async def test_every_table_with_a_customer_forces_row_security(stack: Stack, database: DatabaseName) -> None:
    async with superuser(stack, database) as connection:
        rows = await connection.fetch(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced, a.attnotnull,"
            " pg_get_userbyid(c.relowner) AS owner FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE a.attname = 'customer_id' AND c.relkind IN ('r', 'p')"
            " AND c.relnamespace = 'public'::regnamespace"
        )

    assert len(rows) >= 5
    assert [row["relname"] for row in rows if not (row["forced"] and row["attnotnull"])] == []
    assert {row["owner"] for row in rows} == {f"{database}_owner"}


@pytest.mark.parametrize("database", DATABASES)
async def test_runtime_role_owns_nothing_and_cannot_bypass_row_security(
    stack: Stack, database: DatabaseName
) -> None:
    async with superuser(stack, database) as connection:
        role = await connection.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
            " WHERE rolname = $1",
            f"{database}_runtime",
        )
        owned = await connection.fetchval(
            "SELECT count(*) FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid"
            " WHERE d.deptype = 'o' AND r.rolname = $1",
            f"{database}_runtime",
        )
        memberships = await connection.fetchval(
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1",
            f"{database}_runtime",
        )

    assert role is not None
    assert not any(role.values())
    assert (owned, memberships) == (0, 0)


@pytest.mark.parametrize("database", DATABASES)
async def test_session_sees_rows_of_its_own_customer_only(
    past: Past, other_scene: Scene, database: DatabaseName
) -> None:
    stack, owner = past.scene.stack, past.scene.customer_id
    async with superuser(stack, database) as connection:
        names = await tenant_tables(connection)
        filled = {name for name in names if owner in await rows_of(connection, name)}
    assert set(names) - filled <= {"audit_checkpoints", "accounts", "sessions"}

    for customer_id, expected in ((None, set[UUID]()), (other_scene.customer_id, {other_scene.customer_id})):
        async with bound_to(stack, database, customer_id) as connection:
            for name in names:
                assert await rows_of(connection, name) <= expected, name
    async with bound_to(stack, database, owner) as connection:
        for name in filled:
            assert await rows_of(connection, name) == {owner}, name


@pytest.mark.parametrize("database", DATABASES)
async def test_session_changes_nothing_of_another_customer(
    past: Past, other_scene: Scene, database: DatabaseName
) -> None:
    stack, owner = past.scene.stack, past.scene.customer_id
    async with superuser(stack, database) as connection:
        names = await tenant_tables(connection)

    for name in names:
        async with bound_to(stack, database, other_scene.customer_id) as connection:
            assert await attempt(connection, f"UPDATE {name} SET customer_id = customer_id") in (  # noqa: S608  from the catalog
                "42501",
                "428C9",
                await own_rows(connection, name, "UPDATE"),
            )
        async with bound_to(stack, database, other_scene.customer_id) as connection:
            taken = await attempt(connection, f"UPDATE {name} SET customer_id = '{owner}'")  # noqa: S608  from the catalog
            assert taken in ("42501", "428C9", "UPDATE 0"), name
        async with bound_to(stack, database, other_scene.customer_id) as connection:
            assert await attempt(connection, f"DELETE FROM {name} WHERE customer_id = '{owner}'") in (  # noqa: S608  from the catalog
                "42501",
                "DELETE 0",
            )


async def attempt(connection: asyncpg.Connection, statement: str) -> str:
    """Return the statement's tag, or the SQLSTATE that it was refused with."""
    try:
        async with connection.transaction():
            return await connection.execute(statement)
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)


async def own_rows(connection: asyncpg.Connection, table: str, verb: str) -> str:
    return f"{verb} {await connection.fetchval(f'SELECT count(*) FROM {table}')}"  # noqa: S608  from the catalog


@pytest.mark.parametrize("database", DATABASES)
async def test_evidence_can_be_added_to_and_not_changed(past: Past, database: DatabaseName) -> None:
    owner = past.scene.customer_id
    for table in APPEND_ONLY[database]:
        async with bound_to(past.scene.stack, database, owner) as connection:
            column = await connection.fetchval(
                "SELECT column_name FROM information_schema.columns WHERE table_name = $1 LIMIT 1", table
            )
            for statement in (
                f"UPDATE {table} SET {column} = {column}",  # noqa: S608  from the catalog
                f"DELETE FROM {table}",  # noqa: S608  from the catalog
                f"TRUNCATE {table}",
                f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
                f"DROP TABLE {table}",
            ):
                assert await attempt(connection, statement) == "42501", statement


async def test_list_of_append_only_tables_is_complete(stack: Stack) -> None:
    for database, known in APPEND_ONLY.items():
        async with superuser(stack, database) as connection:
            rows = await connection.fetch(
                "SELECT c.relname FROM pg_class c"
                " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
                " AND c.relname <> 'alembic_version'"
                " AND NOT has_table_privilege($1, c.oid, 'DELETE, TRUNCATE')"
                " AND NOT has_any_column_privilege($1, c.oid, 'UPDATE')",
                f"{database}_runtime",
            )
        assert {row["relname"] for row in rows} == known
