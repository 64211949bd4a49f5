"""The attacks of `countersign attack`, against the stack of the tests: none may succeed, and each must run."""

from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from cli.attack.catalogue import ATTACKS, NOT_TRIED
from cli.attack.model import Attack, Result, Verdict
from cli.attack.pages import render_aisvs
from cli.attack.play import play_attacks
from cli.attack.scorecard import Scorecard, scorecard_json
from cli.attack.target import Target
from cli.docs import AISVS
from cli.stack.supervisor import start_child, wait_until_ready
from tests.stack import Stack

ROOT = Path(__file__).parents[2]
KNOWN_LINES = {*map(str, range(1, 67)), "56b", "56c"}


@pytest_asyncio.fixture(scope="module")
async def results(stack: Stack) -> AsyncIterator[Sequence[Result]]:
    with checkpoints_signed_often(stack):
        yield await play_attacks(ATTACKS, target=target_of(stack), report=lambda _result: None)


@contextmanager
def checkpoints_signed_often(stack: Stack) -> Generator[None]:
    """One more worker, which signs a checkpoint every second and not every minute."""
    known = stack.running.children["worker"].service
    environment = {**known.environment, "COUNTERSIGN_CHECKPOINT_INTERVAL_S": "1"}
    often = replace(known, name="worker-checkpoints", environment=environment)
    child = start_child(often, log=stack.running.home.log(often.name))
    try:
        wait_until_ready([child], patience_s=30, is_stop_requested=lambda: False)
        yield
    finally:
        child.process.kill()
        child.process.wait()


def target_of(stack: Stack) -> Target:
    home = stack.running.home
    return Target(
        cp_url=stack.cp_url,
        pp_url=stack.pp_url,
        gateway_url=stack.gateway_url,
        plant_url=stack.plant_url,
        sandbox_url=stack.sandbox_url,
        keys=home.keys,
        trust_file=home.trust_file,
        logs=home.logs,
        server_url=stack.admin_database_url,
    )


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.line}-{attack.name}")
async def test_attack_is_held(results: Sequence[Result], attack: Attack) -> None:
    (result,) = [result for result in results if result.attack == attack]

    refuted = [fact for fact in result.facts if not fact.held]
    assert (refuted, result.trouble) == ([], None)
    assert result.verdict is Verdict.HELD


async def test_every_attack_looked_at_the_exchange(results: Sequence[Result]) -> None:
    """Attacks on the evidence or on definitions alone, and on a database role's rights, touch no exchange."""
    without = {result.attack.name for result in results if not _has_effect(result)}

    assert without <= {
        "cut_or_rewritten",
        "as_the_service_itself",
        "columns_changed",
        "cherry_picked",
        "rolled_back",
        "written_by_others",
        "definition_that_never_ends",
    }


async def test_the_page_of_what_is_proved_is_of_today(results: Sequence[Result]) -> None:
    card = Scorecard.model_validate_json(scorecard_json(results, not_tried=NOT_TRIED))

    assert (ROOT / AISVS).read_text() == render_aisvs(card), "run `countersign docs aisvs --results FILE`"


def test_every_known_failure_is_tried_or_says_why_not() -> None:
    assert {entry.line for entry in (*ATTACKS, *NOT_TRIED)} == KNOWN_LINES


@pytest.mark.parametrize("path", sorted({path for known in NOT_TRIED for path in known.by}))
def test_tests_that_try_it_instead_exist(path: str) -> None:
    assert (ROOT / path).is_file()


def _has_effect(result: Result) -> bool:
    return any(fact.what.startswith("orders sent for") for fact in result.facts)
