"""Where a newcomer looks: each question is answered, and every path that an answer names exists."""

import re
from collections.abc import Mapping

import pytest

from tests.architecture.tree import ROOT, SOURCE_FOLDERS

QUESTIONS = {
    "Which rule denies an order without an approval?",
    "Where is an exchange key decrypted?",
    "What happens after Approve is clicked?",
    "What can go wrong between send and record, and who mends it?",
    "How do I add a broker?",
    "How do I add a reference agent?",
    "How do I add a risk check?",
    "Where are the platform's risk limits?",
    "How do I add an endpoint that portals may use?",
    "How do I change the database?",
    "Why was this denied?",
    "How is everything stopped?",
    "What may import what?",
}
STEPS_OF_AN_ORDER = 11

_IN_BACKTICKS = re.compile(r"`([^`\s]+)`")
_LINKED = re.compile(r"\]\(([^)#]+)[^)]*\)")
_PAGES = sorted(
    path.relative_to(ROOT).as_posix() for path in [ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]
)


def answers() -> Mapping[str, str]:
    lines = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    rows = (line.strip("| ").split(" | ", maxsplit=1) for line in lines if line.startswith("| "))
    return {row[0]: row[1] for row in rows if len(row) == 2}


def test_every_question_has_an_answer() -> None:
    assert set(answers()) >= QUESTIONS


@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_answer_names_a_path(question: str) -> None:
    assert any(is_path(text) for text in _IN_BACKTICKS.findall(answers()[question]))


def test_every_step_of_an_order_names_a_file() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    _, _, following = page.partition("## The life of one order")
    life, _, _ = following.partition("\n## ")

    steps = re.findall(r"^\| +(\d+) \|.*\| `[^`]+\.py` \|$", life, flags=re.MULTILINE)

    assert steps == [str(step) for step in range(1, STEPS_OF_AN_ORDER + 1)]


@pytest.mark.parametrize("page", _PAGES)
def test_paths_that_a_page_names_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")

    named = [ROOT / path for path in _IN_BACKTICKS.findall(text) if is_path(path)]
    linked = [(ROOT / page).parent / path for path in _LINKED.findall(text) if "://" not in path]

    assert [str(path) for path in named + linked if not path.exists()] == []


def is_path(text: str) -> bool:
    """A path from the root: in one of its folders, or a file that lies there."""
    return text == ".importlinter" or text.split("/", maxsplit=1)[0] in {*SOURCE_FOLDERS, "tests", "docs"}
