"""The playbooks that ship, and what keeps one from being loaded."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from plant.agents.playbooks.loader import FOLDER, PlaybookInvalid, load_playbooks, parse_playbook
from plant.agents.registered import all_capabilities
from plant.patterns.shipped import load_shipped, read_definitions
from plant.reference_agents.model import CATALOGUE

ROOT = Path(__file__).parents[4]
NAME = "delta_futures_manual_v1"


def shipped_source() -> str:
    return (FOLDER / f"{NAME}.md").read_text(encoding="utf-8")


def changed(**fields: JsonValue) -> str:
    _, front, text = shipped_source().split("---\n", 2)
    return "\n".join(("---", json.dumps(json.loads(front) | fields), "---", text))


def test_shipped_playbook_describes_the_reference_agents_skill() -> None:
    playbooks = load_playbooks(patterns=load_shipped(all_capabilities()))

    skills = {playbook.front_matter.skill for playbook in playbooks.values()}
    assert CATALOGUE["AGT-TRD-DELTA-001"].dimensions["skill"] in skills


def test_inputs_are_those_of_the_pattern() -> None:
    front = load_playbooks(patterns=read_definitions())[NAME].front_matter
    pattern: Any = read_definitions()["trading.trade_intent_draft.v1"]
    described: Any = front.inputs_schema

    settings = pattern["inputs"]["properties"]["settings"]
    assert described["properties"].keys() == settings["properties"].keys()
    assert described["required"] == settings["required"]


def test_whatever_enforces_a_rule_exists() -> None:
    front = load_playbooks(patterns=read_definitions())[NAME].front_matter

    for rule in (*front.qa_rubric, *front.boundary_constraints):
        place = ROOT / ("" if rule.enforced_by.startswith(".") else "services") / rule.enforced_by
        assert place.is_file(), rule


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("# no front matter", "front matter"),
        (changed(patterns=["trading.nothing.v1"]), "there is no 'trading.nothing.v1'"),
        (changed(inputs_schema={"type": "array"}), "inputs_schema.type"),
        (changed(inputs_schema={"type": "object", "$ref": "#/x"}), "inputs_schema.$ref"),
        (changed(qa_rubric=[]), "qa_rubric"),
        (changed(playbook_id="another_v1"), "playbook_id"),
        (changed(surprise=1), "surprise"),
        (shipped_source().replace("## Steps", "## Ways"), "## Steps"),
        (
            changed(boundary_constraints=[{"id": "risk_shown", "text": "x", "enforced_by": "y"}]),
            "risk_shown: is used twice",
        ),
    ],
)
def test_playbook_that_is_not_right_is_refused_by_name(source: str, problem: str) -> None:
    with pytest.raises(PlaybookInvalid) as refused:
        parse_playbook(NAME, source, patterns=read_definitions())

    assert problem in str(refused.value)
