"""The portals' tables: customer data is separated by PostgreSQL, evidence cannot be changed, all can be undone."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from cli.stack.databases import Databases
from shared.migrations import downgrade, upgrade
from tests.portals import RunningPortal, stored_text
from tests.unit.shared.vault.test_routes import put_setup

SERVICES = Path(__file__).parents[3] / "services"
TENANT_TABLES = (
    "approvals",
    "credentials",
    "credential_releases",
    "credential_bindings",
    "credential_refreshes",
    "outbox",
)
ACCOUNT_TABLES = ("accounts", "sessions")


@pytest_asyncio.fixture(params=["cp", "pp"])
async def admin(databases: Databases, request: pytest.FixtureRequest) -> AsyncIterator[asyncpg.Connection]:
    assert databases.server is not None
    url = f"{databases.server.admin_url.removesuffix('/postgres')}/{request.param}"
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


async def test_every_table_with_a_customer_forces_row_security(admin: asyncpg.Connection) -> None:
    rows = await admin.fetch(
        """
        SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced, a.attnotnull,
               pg_get_userbyid(c.relowner) AS owner
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'customer_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        """
    )

    assert {row["relname"] for row in rows} >= set(TENANT_TABLES)
    for row in rows:
        assert (row["forced"], row["attnotnull"]) == (True, True), row["relname"]
        assert row["owner"].endswith("_owner")


async def test_runtime_role_cannot_change_evidence(databases: Databases) -> None:
    for service in ("cp", "pp"):
        connection = await asyncpg.connect(databases.urls.runtime[service])
        for table in ("credential_releases", "credential_bindings", "credential_refreshes"):
            for statement in ("DELETE FROM {}", "UPDATE {} SET at = now()", "TRUNCATE {}"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement.format(table))
        await connection.close()


@pytest.mark.parametrize("table", [*TENANT_TABLES, *ACCOUNT_TABLES])
async def test_tenant_sees_own_rows_only(cp: RunningPortal, databases: Databases, table: str) -> None:
    customer_id, http = await cp.customer()
    await cp.customer()
    await put_setup(http)

    async with cp.portal.database.tenant(customer_id) as session:
        rows = await session.connection.fetch(f"SELECT customer_id FROM {table}")  # noqa: S608  constants

    assert {row["customer_id"] for row in rows} <= {customer_id}
    if table in ("credentials", "outbox", *ACCOUNT_TABLES):
        assert rows
        assert len((await stored_text(databases, "cp", table)).splitlines()) > len(rows)


async def test_connection_without_a_customer_sees_nothing(cp: RunningPortal, databases: Databases) -> None:
    _, http = await cp.customer()
    await put_setup(http)

    connection = await asyncpg.connect(databases.urls.runtime["cp"])
    counts = [
        await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608  constants
        for table in (*TENANT_TABLES, *ACCOUNT_TABLES)
    ]
    await connection.close()

    assert set(counts) == {0}


async def test_account_is_its_own_customer_and_no_other(cp: RunningPortal) -> None:
    customer_id, _ = await cp.customer()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with cp.portal.database.tenant(customer_id) as session:
            await session.connection.execute(
                "INSERT INTO accounts (account_id, email, password_hash, kind) VALUES ($1, $2, '', 'customer')",
                uuid4(),
                f"{uuid4()}@example.test",
            )


async def test_platform_portal_holds_no_customers(databases: Databases) -> None:
    connection = await asyncpg.connect(databases.urls.runtime["pp"])
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute(
            "INSERT INTO accounts (account_id, email, password_hash, kind) VALUES ($1, 'a', '', 'customer')",
            uuid4(),
        )
    await connection.close()


@pytest.mark.parametrize("service", ["cp", "pp"])
async def test_migration_can_be_undone_and_redone(databases: Databases, service: str) -> None:
    assert databases.server is not None
    admin_url = databases.server.admin_url
    admin = await asyncpg.connect(admin_url)
    await admin.execute("DROP DATABASE IF EXISTS scratch")
    await admin.execute(f"CREATE DATABASE scratch OWNER {service}_owner")
    folder = SERVICES / f"{service}_backend" / "migrations"
    url = databases.urls.owner[service].rsplit("/", 1)[0] + "/scratch"

    upgrade(url, folder=folder)
    downgrade(url, folder=folder)
    left = await _tables(admin_url)
    upgrade(url, folder=folder)
    again = await _tables(admin_url)

    await admin.execute("DROP DATABASE scratch WITH (FORCE)")
    await admin.close()
    assert left == {"alembic_version"}
    assert again > {*TENANT_TABLES, *ACCOUNT_TABLES}


async def _tables(admin_url: str) -> set[str]:
    connection = await asyncpg.connect(f"{admin_url.removesuffix('/postgres')}/scratch")
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    return {row[0] for row in rows}
