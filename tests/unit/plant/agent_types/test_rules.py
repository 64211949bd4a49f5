"""A configuration against its definition: defaults, schema, rules."""

from typing import Any

import pytest

from plant.agent_types.rules import problems_of_config, with_defaults
from tests.unit.plant.agent_types.create import create_definition

WHOLE: dict[str, Any] = {"name": "Mina", "zone": "Asia/Kolkata", "coins": ["BTC", "ETH"], "favourite": "BTC"}


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"favourite": "SOL"}, ["/favourite"]),
        ({"coins": []}, ["/favourite"]),
        ({"favourite": 5}, ["/favourite"]),
        ({"zone": "Mars/Olympus", "favourite": "SOL"}, ["/zone", "/favourite"]),
        ({"coins": ["X"] * 150}, ["/favourite"]),
    ],
)
def test_configuration_is_held_against_schema_and_rules(change: dict[str, Any], fields: list[str]) -> None:
    problems = problems_of_config(create_definition(), WHOLE | change)

    assert [problem.field for problem in problems] == fields


@pytest.mark.parametrize("absent", ["coins", "favourite"])
def test_rule_about_a_field_that_is_not_there_does_not_apply(absent: str) -> None:
    config = {name: value for name, value in WHOLE.items() if name != absent}

    assert problems_of_config(create_definition(), config) == []


def test_rule_asks_whether_a_field_is_there() -> None:
    rule = {
        "condition": "!has(inputs.config.coins) || has(inputs.config.favourite)",
        "field": "/favourite",
        "message": "choose one of the coins",
    }
    definition = create_definition(rules=[rule])
    without = {name: value for name, value in WHOLE.items() if name != "favourite"}

    (problem,) = problems_of_config(definition, without)

    assert (problem.field, problem.message) == ("/favourite", "choose one of the coins")
    assert problems_of_config(definition, WHOLE) == []


def test_defaults_fill_what_is_absent_and_nothing_else() -> None:
    inner: dict[str, Any] = {"type": "object", "properties": {"c": {"default": 3}}, "default": {"d": 4}}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"a": {"default": 1}, "b": {"default": 2}, "in": inner},
    }
    given: dict[str, Any] = {"a": None}

    filled = with_defaults(schema, given)

    assert filled == {"a": None, "b": 2, "in": {"c": 3, "d": 4}}
    assert given == {"a": None}
    assert inner["default"] == {"d": 4}
