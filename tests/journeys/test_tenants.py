"""Customers are separated by PostgreSQL itself, in every table there is; and by every endpoint there is."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
import pytest_asyncio

from shared.contracts.trading import ExecutionState
from shared.ids import CustomerId
from tests.actors import Operator, exchange_setup
from tests.denied import Scene, new_scene
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
    "cp": {"credential_bindings", "credential_releases"},
    "pp": {"credential_bindings", "credential_releases", "operator_actions"},
}
_OPEN = {"/health/live", "/health/ready", "/api/auth/login", "/api/auth/token", "/api/auth/sign-up"}


@dataclass(frozen=True, slots=True)
class Past:
    """A customer who has something in every table, and the ids of it, by the names that paths give them."""

    scene: Scene
    ids: dict[str, str]

    @property
    def traces(self) -> list[str]:
        """What would give the customer away in an answer to somebody else."""
        return [
            str(self.scene.customer_id),
            self.scene.trader.customer.email,
            self.scene.trader.account.api_key,
        ]


@pytest_asyncio.fixture(scope="module")
async def past(stack: Stack, admin: Operator) -> AsyncIterator[Past]:
    async with new_scene(stack, admin) as scene:
        approved = await scene.trader.approved()
        await scene.execute(approved.draft.deliverable_id)
        execution = await scene.trader.release(approved)
        await scene.trader.until(execution.execution_id, ExecutionState.FILLED)
        await scene.trader.settled(execution.execution_id)
        revoked = await scene.trader.approved(units="0.02")
        await scene.http.post(f"/api/cp/approvals/{revoked.approval.approval_id}/revoke")
        pending = await scene.trader.draft(units="0.03")
        await use_assisted_portal(scene)
        traces = await scene.trader.traces()
        ids = {
            "deliverable_id": str(pending.deliverable_id),
            "execution_id": str(execution.execution_id),
            "approval_id": str(approved.approval.approval_id),
            "credential_ref": str(scene.trader.account.credential_ref),
            "trace_id": str(traces[0].trace_id),
            "agent_id": "AGT-TRD-DELTA-001",
            "action_hash": pending.draft.action_hash,
        }
        yield Past(scene, ids)


async def use_assisted_portal(scene: Scene) -> None:
    """Store the key with the operators too, and let them approve an order on it."""
    account = scene.trader.account
    setup = exchange_setup(api_key=account.api_key, api_secret=account.api_secret)
    body = setup | {"customer_id": str(scene.customer_id)}
    stored = await scene.operator.http.put("/api/pp/exchange-credentials", json=body)
    draft = await scene.trader.draft(units="0.04", exchange_account_id=stored.json()["credential_ref"])
    approved = await scene.operator.http.post(
        "/api/pp/approvals",
        json={
            "customer_id": str(scene.customer_id),
            "deliverable_id": str(draft.deliverable_id),
            "action_hash": draft.draft.action_hash,
            "consent": {"channel": "phone", "reference": "r", "obtained_at": "2026-01-01T00:00:00Z"},
        },
    )
    executed = await scene.execute(draft.deliverable_id, approved.json()["approval_id"])
    await scene.trader.settled(UUID(executed.json()["execution"]["execution_id"]))


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
                " AND NOT has_table_privilege($1, c.oid, 'UPDATE, DELETE, TRUNCATE')",
                f"{database}_runtime",
            )
        assert {row["relname"] for row in rows} == known


def operations(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (method.upper(), path)
        for path, methods in document["paths"].items()
        for method in methods
        if method in ("get", "put", "post", "delete", "patch") and path not in _OPEN
    ]


def filled(path: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def test_every_endpoint_refuses_the_anonymous(past: Past) -> None:
    ids = past.ids | {"scope": "platform", "customer_id": str(past.scene.customer_id)}
    for url in (past.scene.stack.cp_url, past.scene.stack.pp_url):
        async with httpx.AsyncClient(base_url=url) as http:
            found = operations((await http.get("/openapi.json")).json())
            assert len(found) > 15
            for method, path in found:
                answer = await http.request(method, filled(path, ids), json={})
                assert (answer.status_code, answer.json()["reason"]) == (401, "unauthenticated"), path


async def test_platform_portal_knows_no_customers_token(past: Past, other_scene: Scene) -> None:
    token = {"Authorization": other_scene.http.headers["Authorization"]}
    ids = past.ids | {"scope": "platform", "customer_id": str(past.scene.customer_id)}
    async with httpx.AsyncClient(base_url=past.scene.stack.pp_url, headers=token) as http:
        for method, path in operations((await http.get("/openapi.json")).json()):
            answer = await http.request(method, filled(path, ids), json={})
            assert answer.status_code == 401, path


def bodies(past: Past) -> dict[str, Any]:
    """What another customer would send to get at this one's things, for each operation that takes a body."""
    ids = past.ids
    approve = {"deliverable_id": ids["deliverable_id"], "action_hash": ids["action_hash"]}
    setup = exchange_setup(api_key="stolen-key-1", api_secret="stolen-secret-1")
    return {
        "PUT /api/cp/exchange-setup": setup | {"credential_ref": ids["credential_ref"]},
        "POST /api/cp/approvals": approve,
        "POST /api/v1/deliverables/{deliverable_id}/review": {"decision": "rejected"},
        "POST /api/v1/deliverables/{deliverable_id}/execute": {"approval_id": ids["approval_id"]},
        "POST /api/v1/reference-agents/{agent_id}/run": past.scene.trader.wish(),
        "POST /internal/v1/credential-bundles": {},
    }


async def test_every_endpoint_keeps_another_customers_things_to_itself(
    past: Past, other_scene: Scene
) -> None:
    known = bodies(past)
    document = (await other_scene.http.get("/openapi.json")).json()
    signing_out = {("POST", "/api/auth/logout")}
    before = await past.scene.http.get(f"/api/v1/deliverables/{past.ids['deliverable_id']}")
    for method, path in sorted(set(operations(document)) - signing_out):
        operation = document["paths"][path][method.lower()]
        name = f"{method} {path}"
        assert "requestBody" not in operation or name in known, f"say what a thief would send: {name}"

        answer = await other_scene.http.request(method, filled(path, past.ids), json=known.get(name))

        names_a_thing = "{" in path.replace("{agent_id}", "") or name in known
        expected = (401, 403, 404) if names_a_thing else (200,)
        assert answer.status_code in expected, f"{name}: {answer.text}"
        assert not [trace for trace in past.traces if trace in answer.text], name
    after = await past.scene.http.get(f"/api/v1/deliverables/{past.ids['deliverable_id']}")
    assert after.json() == before.json()
    assert await past.scene.orders_sent() == 2
