"""The docs page of the capabilities is the one that the code renders."""

from pathlib import Path

from plant.agents.catalogue import render
from plant.agents.registered import all_capabilities

_PAGE = Path(__file__).parents[4] / "docs" / "capabilities.md"


def test_docs_page_is_current() -> None:
    assert _PAGE.read_text(encoding="utf-8") == render(), (
        "run `PYTHONPATH=services:. python -m plant.agents.catalogue > docs/capabilities.md`"
    )


def test_docs_page_has_a_section_for_each_capability() -> None:
    sections = [line.removeprefix("## ") for line in render().splitlines() if line.startswith("## ")]

    assert sections == [one.reference for one in all_capabilities().all()]
