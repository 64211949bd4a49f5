"""A backup, more work after it, and a restore: nothing is sent twice, and nothing of then is live again."""

import subprocess
import sys
from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from cli.stack.launch import Watch, running_stack
from cli.stack.settings import StackSettings
from shared.contracts.evidence import AuditVerdict, KillSwitchList
from shared.contracts.trading import DeliverableState, DraftRunResponse, Execution, ExecutionState
from shared.denials import DenialReason
from tests.actors import CUSTOMER_PASSWORD, demo_operator, use_bearer_token
from tests.command_line import ROOT, countersign
from tests.databases import temporary_home
from tests.exchange import Json
from tests.processes import lone_exchange
from tests.stack import Stack, stack_settings
from tests.stored import DATABASES, DatabaseName, superuser, tables
from tests.trades import Approved, Trader, filled, new_trader, timeline

_CATALOG = """
SELECT format('%s %s owner=%s forced=%s acl=%s', c.relkind, c.oid::regclass, pg_get_userbyid(c.relowner),
    c.relrowsecurity AND c.relforcerowsecurity, c.relacl::text) AS line
FROM pg_class c WHERE c.relnamespace::regnamespace::text IN ('public', 'procrastinate')
UNION ALL SELECT format('%s %s %s %s', schemaname, tablename, qual, with_check) FROM pg_policies
UNION ALL SELECT format('%s owner=%s acl=%s', oid::regprocedure, pg_get_userbyid(proowner), proacl::text)
FROM pg_proc WHERE pronamespace::regnamespace::text IN ('public', 'procrastinate')
UNION ALL SELECT format('%s owner=%s acl=%s', nspname, pg_get_userbyid(nspowner), nspacl::text)
FROM pg_namespace WHERE nspname IN ('public', 'procrastinate')
UNION ALL SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
WHERE connamespace::regnamespace::text IN ('public', 'procrastinate')
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'procrastinate')
UNION ALL SELECT format('%s %s', tgrelid::regclass, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
"""


@dataclass(frozen=True, slots=True)
class StackBeside(Stack):
    """A stack whose exchange is a process of its own, which remembers when the stack is gone."""

    exchange_url: str = field(kw_only=True)

    @property
    def sandbox_url(self) -> str:
        return self.exchange_url


@dataclass(frozen=True, slots=True)
class Before:
    """What was there when the backup was taken, and what came after it: the orders at the exchange, an export."""

    released: Execution
    used_later: Approved
    never_used: Approved
    drafted: DraftRunResponse
    catalogs: dict[str, set[str]]
    counts: dict[str, dict[str, int]]
    orders: list[Json]
    export: Path


@pytest_asyncio.fixture
async def place(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[StackSettings, str]]:
    with temporary_home() as root, lone_exchange(root / "exchange.log") as exchange_url:
        monkeypatch.setenv("COUNTERSIGN_DELTA_BASE_URL", f"{exchange_url}/delta")
        yield stack_settings(root / "home"), exchange_url


@contextmanager
def running(place: tuple[StackSettings, str]) -> Generator[StackBeside]:
    settings, exchange_url = place
    with running_stack(settings, watch=Watch()) as started:
        yield StackBeside(started, exchange_url=exchange_url)


async def test_restored_stack_sends_nothing_twice_and_goes_on(place: tuple[StackSettings, str]) -> None:
    settings, _ = place
    backup = settings.home.parent / "backup"
    async with AsyncExitStack() as clients:
        with running(place) as stack:
            trader = await clients.enter_async_context(new_trader(stack))
            before = await work(stack, trader, settings, backup=backup)
            refused = countersign(settings, "restore", "--yes", str(backup))
        assert "a stack is running" in refused.stderr

        restored = countersign(settings, "restore", "--yes", str(backup))
        assert restored.returncode == 0, restored.stderr

        with running(place) as stack:
            await check_structure(stack, before)
            await check_customer(trader, before)
            await check_operator(stack, trader, before)
            await check_evidence(stack, trader, settings, before)


async def work(stack: Stack, trader: Trader, settings: StackSettings, *, backup: Path) -> Before:
    await trader.settled((await trader.trade()).execution_id)
    used_later, never_used = await trader.approved(units="0.02"), await trader.approved(units="0.03")
    drafted = await trader.draft(units="0.04")
    stack.kill("worker")
    released = await trader.trade(units="0.05")
    catalogs = {name: await catalog(stack, name) for name in DATABASES}
    counts = {name: await row_counts(stack, name) for name in DATABASES}
    taken = countersign(settings, "backup", str(backup))
    assert taken.returncode == 0, taken.stderr

    stack.restart("worker")
    assert filled(await trader.settled(released.execution_id))[0] is ExecutionState.FILLED
    await trader.settled((await trader.release(used_later)).execution_id)
    approval = await trader.approve(drafted)
    late = Approved({}, drafted, approval)
    await trader.settled((await trader.release(late)).execution_id)
    export = settings.home.parent / "before.jsonl"
    write_export(settings, trader, export)
    orders = await trader.exchange.orders(trader.account)
    assert len(orders) == 4
    return Before(released, used_later, never_used, drafted, catalogs, counts, orders, export)


async def check_structure(stack: Stack, before: Before) -> None:
    """Tables belong to the same owners and keep customers apart as before, and no row was left out."""
    for name in DATABASES:
        assert await catalog(stack, name) == before.catalogs[name]
        found = await row_counts(stack, name)
        missing = {table: count for table, count in before.counts[name].items() if found[table] < count}
        assert {table for table in missing if not table.startswith("procrastinate.")} == set()


async def check_customer(trader: Trader, before: Before) -> None:
    signed_out = await trader.customer.http.get("/api/v1/executions")
    assert signed_out.status_code == 401
    await use_bearer_token(trader.customer.http, email=trader.customer.email, password=CUSTOMER_PASSWORD)

    found = await trader.settled(before.released.execution_id)
    assert filled(found) == (ExecutionState.FILLED, 50, True)
    assert "it may have been sent after the backup" in timeline(found)
    assert "found at the venue" in timeline(found)
    stopped = await trader.execute(before.used_later)
    assert (stopped.status_code, stopped.json()["reason"]) == (403, DenialReason.KILL_SWITCH)
    assert await trader.exchange.orders(trader.account) == before.orders


async def check_operator(stack: Stack, trader: Trader, before: Before) -> None:
    """The switch is on until an operator releases it; then old approvals are refused, and new ones are good."""
    async with demo_operator(stack) as operator:
        switches = KillSwitchList.model_validate((await operator.http.get("/api/pp/kill-switches")).json())
        assert [(one.scope, one.engaged) for one in switches.items] == [("platform", True)]
        assert "restored from the backup of" in switches.items[0].reason
        release = {"engaged": False, "reason": "looked through"}
        (await operator.http.put("/api/pp/kill-switches/platform", json=release)).raise_for_status()

    for approved in (before.used_later, before.never_used):
        answer = await trader.execute(approved)
        assert (answer.status_code, answer.json()["reason"]) == (403, DenialReason.APPROVAL_REVOKED)
    draft = await trader.deliverable(before.drafted.deliverable_id)
    assert draft.state is DeliverableState.EXPIRED
    assert await trader.exchange.orders(trader.account) == before.orders
    anew = await trader.settled((await trader.trade(units="0.06")).execution_id)
    assert filled(anew) == (ExecutionState.FILLED, 60, True)
    assert len(await trader.exchange.orders(trader.account)) == len(before.orders) + 1


async def check_evidence(stack: Stack, trader: Trader, settings: StackSettings, before: Before) -> None:
    """The chain holds by itself; who has kept an export of the time in between sees that it was cut."""
    verdict = AuditVerdict.model_validate((await trader.customer.http.get("/api/v1/audit/verify")).json())
    assert verdict.ok, verdict.detail
    after = settings.home.parent / "after.jsonl"
    write_export(settings, trader, after)
    assert "backup.restored" in after.read_text()

    alone = audit_verifier(str(after), "--trust", str(stack.trust_file))
    compared = audit_verifier(str(after), "--trust", str(stack.trust_file), "--earlier", str(before.export))

    assert alone.returncode == 0, alone.stdout + alone.stderr
    assert compared.returncode == 1


def write_export(settings: StackSettings, trader: Trader, path: Path) -> None:
    customer = str(trader.customer.customer_id)
    told = countersign(settings, "audit", "export", "--customer", customer, "--output", str(path))
    assert told.returncode == 0, told.stderr


def audit_verifier(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "audit_verifier.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


async def catalog(stack: Stack, database: DatabaseName) -> set[str]:
    async with superuser(stack, database) as connection:
        return {row["line"] for row in await connection.fetch(_CATALOG)}


async def row_counts(stack: Stack, database: DatabaseName) -> dict[str, int]:
    async with superuser(stack, database) as connection:
        return {
            table: await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608  from the catalog
            for table in await tables(connection)
        }
