"""Migrations of all three databases: there and back, never waiting for long; and no service starts on a wrong one."""

import subprocess
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from alembic.config import Config
from alembic.script import ScriptDirectory

import shared.migrations
from cli.stack.supervisor import Child
from shared.migrations import MigrationError, downgrade, upgrade
from shared.start import newest_revision
from tests.stack import Service, Stack
from tests.stored import DATABASES

PACKAGES = {"cp": "cp_backend", "pp": "pp_backend", "plant": "plant"}
PROCESSES: dict[str, Service] = {"cp": "cp", "pp": "pp", "plant": "plant", "worker": "plant"}
_CATALOG = """
SELECT format('%s.%s.%s %s %s', table_schema, table_name, column_name, data_type, is_nullable) AS line
FROM information_schema.columns WHERE table_schema IN ('public', 'procrastinate')
UNION ALL SELECT format('%s %s %s', tablename, policyname, qual) FROM pg_policies
UNION ALL SELECT format('%s %s %s', table_name, grantee, privilege_type)
FROM information_schema.role_table_grants WHERE grantee LIKE '%\\_runtime'
"""


@dataclass(frozen=True, slots=True)
class Scratch:
    """An empty database of a service's owner, beside the real one."""

    service: Service
    owner_url: str
    runtime_url: str

    @property
    def folder(self) -> Path:
        return Path(__file__).parents[2] / "services" / PACKAGES[self.service] / "migrations"

    async def catalog(self) -> set[str]:
        connection = await asyncpg.connect(self.owner_url)
        try:
            return {row["line"] for row in await connection.fetch(_CATALOG)}
        finally:
            await connection.close()


async def make_scratch(stack: Stack, service: Service) -> Scratch:
    name = f"scratch_{service}"
    await drop_scratch(stack, service)
    admin = await asyncpg.connect(stack.admin_database_url)
    await admin.execute(f"CREATE DATABASE {name} OWNER {service}_owner")
    await admin.close()
    owner, runtime = (stack.database_url(service, role=role) for role in ("owner", "runtime"))
    return Scratch(service, _at(owner, name), _at(runtime, name))


def _at(url: str, database: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{database}"


@pytest_asyncio.fixture(params=DATABASES)
async def scratch(stack: Stack, request: pytest.FixtureRequest) -> AsyncIterator[Scratch]:
    yield await make_scratch(stack, request.param)


async def test_database_is_built_taken_down_and_built_again_the_same(scratch: Scratch) -> None:
    empty = await scratch.catalog()

    upgrade(scratch.owner_url, folder=scratch.folder)
    first = await scratch.catalog()
    upgrade(scratch.owner_url, folder=scratch.folder)
    downgrade(scratch.owner_url, folder=scratch.folder)
    undone = await scratch.catalog()
    upgrade(scratch.owner_url, folder=scratch.folder)

    assert len(first) > 50
    assert {line for line in undone - empty if "alembic_version" not in line} == set()
    assert await scratch.catalog() == first


@pytest.mark.parametrize(
    "blocking",
    [
        f"SELECT pg_advisory_lock({shared.migrations._ADVISORY_KEY})",  # pyright: ignore[reportPrivateUsage]  the other migrator's lock
        "BEGIN; SELECT count(*) FROM approvals",
    ],
)
async def test_migration_that_is_blocked_gives_up_with_one_line_and_changes_nothing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, blocking: str
) -> None:
    monkeypatch.setattr(shared.migrations, "LOCK_TIMEOUT", "200ms")
    scratch = await make_scratch(stack, "plant")
    upgrade(scratch.owner_url, folder=scratch.folder)
    before = await scratch.catalog()
    other = await asyncpg.connect(scratch.owner_url)
    await other.execute(blocking)

    with pytest.raises(MigrationError, match=r"^another migration is under way[^\n]*try again$"):
        downgrade(scratch.owner_url, folder=scratch.folder)

    await other.close()
    assert await scratch.catalog() == before
    downgrade(scratch.owner_url, folder=scratch.folder)


async def test_no_service_starts_on_a_database_that_is_not_ready(stack: Stack) -> None:
    await make_scratch(stack, "cp")
    await leave_behind(await make_scratch(stack, "plant"))
    await drop_scratch(stack, "pp")

    with ThreadPoolExecutor() as threads:
        started = threads.map(partial(start_on_scratch, stack), PROCESSES)
        ended = dict(zip(PROCESSES, started, strict=True))

    for process in ended.values():
        assert process.returncode == 1, process.stderr
        (line,) = process.stderr.strip().splitlines()
        assert line.startswith("The service does not start: its database ")
    assert (
        f"is at revision None, this version needs {needed('cp')!r}: run `countersign migrate`"
        in ended["cp"].stderr
    )
    for name in ("plant", "worker"):
        assert f"is at revision '0000', this version needs {needed('plant')!r}: run" in ended[name].stderr
    assert 'database "scratch_pp" does not exist' in ended["pp"].stderr


def needed(service: Service) -> str | None:
    return newest_revision(Path(__file__).parents[2] / "services" / PACKAGES[service] / "migrations")


async def leave_behind(scratch: Scratch) -> None:
    connection = await asyncpg.connect(scratch.owner_url)
    await connection.execute("CREATE TABLE alembic_version AS SELECT '0000' AS version_num")
    await connection.execute("GRANT SELECT ON alembic_version TO PUBLIC")
    await connection.close()


async def drop_scratch(stack: Stack, service: Service) -> None:
    admin = await asyncpg.connect(stack.admin_database_url)
    await admin.execute(f"DROP DATABASE IF EXISTS scratch_{service} WITH (FORCE)")
    await admin.close()


def test_service_without_its_settings_names_them_and_shows_none(stack: Stack) -> None:
    service = stack.running.children["plant"].service
    kept = {name: value for name, value in service.environment.items() if name != "COUNTERSIGN_CP_URL"}
    environment = kept | {"COUNTERSIGN_WORKER_CONCURRENCY": "many"}

    ended = run(stack.running.children["plant"], environment)

    assert ended.returncode == 1
    (line,) = ended.stderr.strip().splitlines()
    assert "COUNTERSIGN_CP_URL: Field required" in line
    assert "COUNTERSIGN_WORKER_CONCURRENCY: " in line
    assert "postgresql://" not in line


@pytest.mark.parametrize("service", DATABASES)
def test_newest_revision_is_that_of_the_scripts(service: Service) -> None:
    folder = Path(__file__).parents[2] / "services" / PACKAGES[service] / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))

    assert newest_revision(folder) == ScriptDirectory.from_config(config).get_current_head()


def start_on_scratch(stack: Stack, name: str) -> subprocess.CompletedProcess[str]:
    child, database = stack.running.children[name], PROCESSES[name]
    url = _at(stack.database_url(database), f"scratch_{database}")
    environment = {**child.service.environment, f"COUNTERSIGN_{database.upper()}_DATABASE_URL": url}
    return run(child, environment)


def run(child: Child, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        child.service.command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
