"""The JSON Schema of inputs: each keyword at its limit and beyond, and none ignored."""

import pytest
from pydantic import JsonValue

from plant.patterns.input_schema import check_schema, check_value


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "string"}, "", 1),
        ({"type": "integer"}, 1, True),
        ({"type": "integer"}, -1, 1.5),
        ({"type": "number"}, 1.5, False),
        ({"type": "boolean"}, False, 0),
        ({"type": "null"}, None, 0),
        ({"type": ["string", "null"]}, None, 1),
        ({"type": "array", "items": {"type": "integer"}}, [1, 2], [1, "2"]),
        ({"type": "object", "required": ["a"]}, {"a": None}, {}),
        ({"properties": {"a": {"type": "string"}}}, {"b": 1}, {"a": 1}),
        ({"properties": {"a": True}, "additionalProperties": False}, {"a": 1}, {"a": 1, "b": 1}),
        ({"additionalProperties": {"type": "integer"}}, {"x": 1}, {"x": "1"}),
        ({"enum": ["a", 1]}, 1, True),
        ({"const": 0}, 0, False),
        ({"minimum": 2}, 2, 1),
        ({"maximum": 2}, 2, 3),
        ({"minLength": 2}, "ab", "a"),
        ({"maxLength": 2}, "ab", "abc"),
        ({"minItems": 1}, [1], []),
        ({"maxItems": 1}, [1], [1, 2]),
        (True, 1, None),
        ({"x-ui": {"order": 1}, "title": "T"}, 1, None),
    ],
)
def test_value_is_judged_by_the_schema(schema: JsonValue, good: JsonValue, bad: JsonValue) -> None:
    refuses_something = bad is not None

    assert list(check_schema(schema)) == []
    assert list(check_value(good, schema=schema, where="v")) == []
    assert bool(list(check_value(bad, schema=schema, where="v"))) == refuses_something


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"pattern": "(a+)+$"}, "pattern"),
        ({"properties": {"a": {"$ref": "#/x"}}}, "properties.a.$ref"),
        ({"type": "text"}, "type"),
        ({"type": []}, "type"),
        ({"items": {"anyOf": []}}, "items.anyOf"),
        ({"required": "a"}, "required"),
        ({"minimum": "1"}, "minimum"),
        ({"maxLength": -1}, "maxLength"),
        ({"properties": {"a": 1}}, "properties.a"),
    ],
)
def test_schema_that_is_not_understood_is_refused(schema: JsonValue, path: str) -> None:
    assert [where for where, _ in check_schema(schema)] == [path]


def test_problem_names_its_place() -> None:
    schema: JsonValue = {"properties": {"a": {"items": {"properties": {"b": {"type": "string"}}}}}}

    found = list(check_value({"a": [{"b": "x"}, {"b": 1}]}, schema=schema, where="inputs"))

    assert found == [("inputs.a.1.b", "expected string, found integer")]
