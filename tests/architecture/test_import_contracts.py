"""The import contracts hold, and each of them bites: a planted violation of every one is caught."""

import configparser
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, source_files

_PREFIX = "importlinter:contract:"


@dataclass(frozen=True, slots=True)
class Planted:
    """`module` gets an import of `imported` and breaks `contract`; a module that is missing is made."""

    contract: str
    module: str
    imported: str

    def __str__(self) -> str:
        return f"{self.module} -> {self.imported}"


VIOLATIONS = [
    Planted("services-apart", "gateway.limits", "plant.permits"),
    Planted("services-apart", "cp_backend.settings", "pp_backend.settings"),
    Planted("services-apart", "plant.brokers.delta.adapter", "sandbox.delta.engine"),
    Planted("command-line-on-top", "plant.settings", "cli.console"),
    Planted("command-line-outside", "cli.up", "gateway.settings"),
    Planted("command-line-outside", "cli.replay", "plant.execution.release"),
    Planted("replay-only", "cli.demo.story", "plant.risk.policy"),
    Planted("shared-below-services", "shared.approvals.verify", "plant.approvals.model"),
    Planted("shared-below-services", "shared.http_client", "sandbox.settings"),
    Planted("plant-downhill", "plant.permits", "plant.evidence.model"),
    Planted("plant-downhill", "plant.evidence.actions", "plant.execution.model"),
    Planted("plant-downhill", "plant.approvals.actions", "plant.metering.actions"),
    Planted("plant-downhill", "plant.brokers.base", "plant.risk.policy"),
    Planted("plant-downhill", "plant.execution.model", "plant.reference_agents.model"),
    Planted("slice-privacy", "plant.execution.release", "plant.approvals.store"),
    Planted("slice-privacy", "plant.reference_agents.actions", "plant.execution.routes"),
    Planted("slice-privacy", "cp_backend.approvals.routes", "shared.approvals.store"),
    Planted("agents-have-no-hands", "plant.reference_agents.actions", "aiohttp"),
    Planted("agents-have-no-hands", "plant.reference_agents.actions", "httpx"),
    Planted("agents-have-no-hands", "plant.reference_agents.plan", "plant.brokers.delta.adapter"),
    Planted("agents-have-no-hands", "plant.reference_agents.plan", "plant.credentials.sessions"),
    Planted("patterns-are-pure", "plant.patterns.orchestrator", "plant.evidence.model"),
    Planted("patterns-are-pure", "plant.patterns.loader", "plant.agents.general"),
    Planted("patterns-are-pure", "plant.patterns.calls", "socket"),
    Planted("patterns-are-pure", "plant.patterns.cache", "shared.db"),
    Planted("patterns-are-pure", "shared.contracts.base", "subprocess"),
    Planted("capabilities-are-pure", "plant.agents.general", "aiohttp"),
    Planted("capabilities-are-pure", "plant.agents.trading", "pydantic_ai"),
    Planted("capabilities-are-pure", "plant.agents.trading", "plant.brokers.base"),
    Planted("capabilities-are-pure", "plant.agents.drafts", "shared.http_client"),
    Planted("capabilities-open-nothing", "plant.agents.general", "asyncio"),
    Planted("brokers-named-in-wiring", "plant.execution.send", "plant.brokers.delta.adapter"),
    Planted("publishers-named-in-wiring", "plant.execution.send", "plant.publishers.mastodon"),
    Planted("credentials-in-use", "plant.enforcement.gates", "plant.credentials.sessions"),
    Planted("bundles", "plant.execution.send", "shared.bundle_format"),
    Planted("permits", "plant.reference_agents.actions", "plant.permits"),
    Planted("plant-cannot-approve", "plant.execution.release", "shared.approvals.mint"),
    Planted("plant-cannot-approve", "gateway.forward", "shared.approvals.actions"),
    Planted("approvals-minted-by-portals", "shared.plant_client", "shared.approvals.mint"),
    Planted("portal-parts", "plant.credentials.sessions", "shared.vault.envelope"),
    Planted("portal-parts", "gateway.authenticate", "shared.sign_in.actions"),
    Planted("database-driver", "plant.execution.release", "asyncpg"),
    Planted("schema-tools", "plant.execution.store", "sqlalchemy"),
    Planted("schema-tools", "shared.db", "alembic"),
    Planted("job-queue", "plant.execution.advance", "procrastinate"),
    Planted("job-queue", "shared.jobs", "procrastinate"),
    Planted("owner-driver", "plant.execution.store", "psycopg"),
    Planted("web-framework", "plant.execution.actions", "fastapi"),
    Planted("web-framework", "shared.sign_in.actions", "fastapi"),
    Planted("http-client", "plant.brokers.delta.adapter", "aiohttp"),
    Planted("call-makers", "plant.execution.send", "shared.http_client"),
    Planted("notifiers", "cp_backend.notifications.delivery", "apprise"),
    Planted("no-second-client", "plant.credentials.sessions", "httpx"),
    Planted("rules-are-pure", "plant.execution.model", "shared.db"),
    Planted("rules-are-pure", "plant.risk.checks.price", "aiohttp"),
    Planted("rules-are-pure", "shared.sign_in.model", "asyncpg"),
]


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree's Python files and contracts, where a test may write."""
    copy = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / ".importlinter", copy)
    for path in source_files():
        target = copy / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, target)
    return copy


@pytest.fixture(scope="module")
def findings_before(copied_tree: Path) -> str:
    return lint_imports(copied_tree).stdout


def test_tree_keeps_every_contract() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", sorted({planted.contract for planted in VIOLATIONS}))
def test_planted_violation_is_caught(contract: str, copied_tree: Path, findings_before: str) -> None:
    planted = [violation for violation in VIOLATIONS if violation.contract == contract]
    assert [str(violation) for violation in planted if str(violation) in findings_before] == []

    with ExitStack() as stack:
        for violation in planted:
            stack.enter_context(importing(copied_tree, violation))
        result = lint_imports(copied_tree, contract=contract)

    assert result.returncode == 1
    assert [str(violation) for violation in planted if str(violation) not in result.stdout] == []


def test_plant_module_without_a_layer_is_caught(copied_tree: Path) -> None:
    newcomer = copied_tree / "services" / "plant" / "newcomer.py"
    newcomer.touch()

    result = lint_imports(copied_tree, contract="plant-downhill")
    newcomer.unlink()

    assert result.returncode == 1
    assert "newcomer" in result.stdout


def test_every_contract_has_a_planted_violation() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")

    contracts = {name.removeprefix(_PREFIX) for name in config.sections() if name.startswith(_PREFIX)}

    assert {planted.contract for planted in VIOLATIONS} == contracts


def test_no_contract_has_an_exemption() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")

    assert [name for name in config.sections() if config.has_option(name, "ignore_imports")] == []


def lint_imports(root: Path, *, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(
        command if contract is None else [*command, "--contract", contract],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'services'}", "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def importing(root: Path, planted: Planted) -> Generator[None]:
    path = _file_of(root, planted.module)
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\nimport {planted.imported}\n", encoding="utf-8")
    try:
        yield
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")


def _file_of(root: Path, module: str) -> Path:
    parts = module.split(".")
    base = root if (root / parts[0]).is_dir() else root / "services"
    return base.joinpath(*parts).with_suffix(".py")
