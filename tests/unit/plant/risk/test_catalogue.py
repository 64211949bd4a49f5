"""The docs page of the checks is the one that the code renders."""

from pathlib import Path

from plant.risk.catalogue import render
from plant.risk.gate import CHECKS

_PAGE = Path(__file__).parents[4] / "docs" / "risk-checks.md"


def test_docs_page_is_current() -> None:
    assert _PAGE.read_text(encoding="utf-8") == render(), (
        "run `PYTHONPATH=services:. python -m plant.risk.catalogue > docs/risk-checks.md`"
    )


def test_docs_page_has_a_row_for_each_check() -> None:
    rows = [line for line in render().splitlines() if line.startswith("| ") and "`" in line]

    assert len(rows) == len(CHECKS)
    assert all(line.count("|") == 6 for line in rows)
