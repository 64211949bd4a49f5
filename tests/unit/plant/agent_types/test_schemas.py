"""Schemas that a form can be made of, and what is wrong with a value; refused values are never repeated."""

import time
from typing import Any

import pytest

from plant.agent_types.schemas import (
    MAX_DEPTH,
    MAX_SCHEMA_BYTES,
    credential_fields,
    find_field,
    find_value,
    problems_of_schema,
    problems_of_value,
)
from tests.unit.plant.agent_types.create import EXCHANGE

SECRET = "s3cr3t-value"


def create_schema(properties: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties if properties is not None else dict[str, Any](),
    } | changes


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "array", "items": schema}
    return schema


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        (create_schema(type="array"), "config"),
        (create_schema(additionalProperties=True), "config"),
        ({"type": "object", "properties": {}}, "config"),
        (create_schema({"a": {"type": "text"}}), "config.properties.a.type"),
        (create_schema({"a": {"minLength": -1}}), "config.properties.a.minLength"),
        (create_schema({"a": {"pattern": "("}}), "config"),
        (create_schema({"a": {"pattern": "(?=look)"}}), "config"),
        (create_schema({"a": {"$ref": "#"}}), "config.properties.a.$ref"),
        (create_schema({"a": {"$ref": "file:///etc/passwd"}}), "config.properties.a.$ref"),
        (create_schema({"__proto__": {"type": "string"}}), "config.properties.__proto__"),
        (create_schema({"constructor": {"type": "string"}}), "config.properties.constructor"),
        ({**create_schema(), "$defs": {}}, "config.$defs"),
        (create_schema({"a": {"x-credential": "exchange"}}), "config.properties.a.x-credential"),
        (
            create_schema({"a": {"x-credential": EXCHANGE | {"kind": "bank"}}}),
            "config.properties.a.x-credential",
        ),
        (create_schema({"a": {"x-credential": {"kind": "platform"}}}), "config.properties.a.x-credential"),
        (create_schema({"a": {"description": "x" * MAX_SCHEMA_BYTES}}), "config"),
    ],
)
def test_schema_that_no_form_can_be_made_of_is_refused(schema: dict[str, Any], field: str) -> None:
    assert field in {problem.field for problem in problems_of_schema(schema, at="config")}


def test_depth_of_a_schema_is_bounded() -> None:
    fine = create_schema({"a": nested(MAX_DEPTH - 3)})
    deep = create_schema({"a": nested(MAX_DEPTH + 1)})

    assert problems_of_schema(fine, at="config") == []
    assert "nested deeper" in problems_of_schema(deep, at="config")[0].message


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ({"type": "string"}, 5, "/a"),
        ({"enum": ["x"]}, SECRET, "/a"),
        ({"const": "x"}, SECRET, "/a"),
        ({"type": "string", "pattern": "^x$"}, SECRET, "/a"),
        ({"type": "string", "format": "uuid"}, SECRET, "/a"),
        ({"type": "string", "format": "timezone"}, SECRET, "/a"),
        ({"type": "string", "format": "timezone"}, "localtime", "/a"),
        ({"type": "array", "items": {"type": "integer"}}, [1, SECRET], "/a/1"),
        ({"type": "object", "required": ["b"]}, {}, "/a/b"),
        (create_schema({"b": {}}), {"unknown": 1}, "/a/unknown"),
        (create_schema({"b": {}}), {SECRET: 1}, "/a"),
        ({"type": "object", "additionalProperties": False}, {"unknown": SECRET}, "/a"),
    ],
)
def test_problem_names_its_field_and_repeats_no_value(field: dict[str, Any], value: Any, where: str) -> None:
    (problem,) = problems_of_value(create_schema({"a": field}), {"a": value})

    assert problem.field == where
    assert SECRET not in problem.message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ({"type": "string", "format": "timezone"}, "Asia/Kolkata"),
        ({"type": "string", "format": "uuid"}, "0b6ec6c4-4c17-4c0f-8f0a-6a41f4bf7e11"),
        ({"type": "string", "minLength": 1}, "x"),
    ],
)
def test_value_that_fits_has_no_problem(field: dict[str, Any], value: Any) -> None:
    assert problems_of_value(create_schema({"a": field}), {"a": value}) == []


def test_pattern_made_to_take_for_ever_does_not() -> None:
    schema = create_schema({"a": {"type": "string", "pattern": "^(a+)+$"}})
    started = time.process_time()

    problems = problems_of_value(schema, {"a": "a" * 5_000 + "b"})

    assert [problem.field for problem in problems] == ["/a"]
    assert time.process_time() - started < 0.5


def test_credential_refs_are_found_wherever_they_stand() -> None:
    inner = create_schema({"c": {"type": "string", "x-credential": {"kind": "platform", "provider": "x"}}})
    schema = create_schema({"a": {"type": "string", "x-credential": EXCHANGE}, "b": inner})

    found = list(credential_fields(schema, {"a": "1", "b": {"c": "2"}, "d": "3"}))

    assert [(one.field, one.kind, one.provider, one.ref) for one in found] == [
        ("/a", "exchange", "delta_exchange_india", "1"),
        ("/b/c", "platform", "x", "2"),
    ]


def test_pointers_find_fields_and_values() -> None:
    schema = create_schema({"a": create_schema({"b": {"type": "string"}})})

    assert find_field(schema, "/a/b") == {"type": "string"}
    assert (find_field(schema, "/a/c"), find_field(schema, "/b")) == (None, None)
    assert (find_value({"a": {"b": 1}}, "/a/b"), find_value({"a": 1}, "/a/b")) == (1, None)
