"""An upgrade with work pending: the database goes first, the old code still runs on it, the new code finishes."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli.stack.launch import Watch, running_stack
from cli.stack.settings import StackSettings
from shared.contracts.trading import Execution, ExecutionState
from shared.start import newest_revision
from tests.command_line import ROOT, countersign
from tests.databases import temporary_home
from tests.stack import Stack, stack_settings
from tests.stored import superuser
from tests.trades import Approved, Trader, eventually, filled, new_trader

NOW = newest_revision(ROOT / "services/plant/migrations")
NEXT = f"{int(NOW) + 1:04}"
REVISION = f'''"""A further revision that only expands: a column with a default, and an index."""

from alembic import op

revision = "{NEXT}"
down_revision = "{NOW}"


def upgrade() -> None:
    op.execute("ALTER TABLE executions ADD COLUMN desk text NOT NULL DEFAULT 'main'")
    op.execute("CREATE INDEX executions_desk ON executions (desk) WHERE NOT settled")


def downgrade() -> None:
    op.execute("ALTER TABLE executions DROP COLUMN desk")
'''


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The services as they are, with one more revision of Plant's database."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "services", tmp_path / "services", ignore=ignored)
    (tmp_path / "services/plant/migrations/versions" / f"{NEXT}_desk.py").write_text(REVISION)
    return tmp_path


@pytest.fixture
def settings() -> Iterator[StackSettings]:
    with temporary_home() as root:
        yield stack_settings(root)


def upgrade_code(stack: Stack, name: str, code: Path) -> None:
    """Start the process again, of the other version."""
    child = stack.running.children[name]
    paths = os.pathsep.join([str(code / "services"), child.service.environment["PYTHONPATH"]])
    child.service = replace(child.service, environment={**child.service.environment, "PYTHONPATH": paths})
    stack.restart(name)


async def release_persistently(trader: Trader, approved: Approved) -> Execution:
    """Old code learns of the new columns by being told once to try again; nothing worse may happen."""
    answer = await eventually(lambda: trader.execute(approved), lambda answer: answer.status_code != 503)
    assert answer.status_code in (200, 202), answer.text
    return Execution.model_validate(answer.json()["execution"])


async def test_work_that_was_pending_is_finished_once_by_the_next_version(
    settings: StackSettings, next_version: Path
) -> None:
    with running_stack(settings, watch=Watch()) as running:
        stack = Stack(running)
        async with new_trader(stack) as trader:
            approved = await trader.approved(units="0.02")
            stack.kill("worker")
            pending = [await trader.trade(units="0.03"), await trader.trade(units="0.04")]

            migrated = countersign(settings, "migrate", code=next_version)
            assert migrated.returncode == 0, migrated.stderr
            async with superuser(stack, "plant") as connection:
                desks = await connection.fetch("SELECT desk, state FROM executions ORDER BY execution_id")
            by_old_code = await release_persistently(trader, await trader.approved(units="0.05"))
            behind = countersign(settings, "backup", str(settings.home / "backup"))
            for name in ("plant", "worker"):
                upgrade_code(stack, name, next_version)
            released = await trader.release(approved)

            executions = [*pending, by_old_code, released]
            settled = [await trader.settled(execution.execution_id) for execution in executions]
            orders = await trader.exchange.orders(trader.account)

    assert [tuple(row) for row in desks] == [("main", ExecutionState.RELEASED)] * 2
    assert f"is at revision '{NEXT}', this version needs '{NOW}'" in behind.stderr
    assert [filled(execution) for execution in settled] == [
        (ExecutionState.FILLED, size, True) for size in (30, 40, 50, 20)
    ]
    assert sorted(order["size"] for order in orders) == [20, 30, 40, 50]
