"""Loading: whatever can be known to be wrong is found then, with the step and the place."""

from collections.abc import Mapping

import pytest
from pydantic import JsonValue

from plant.patterns.errors import PatternInvalid, Problem
from plant.patterns.loader import load_pattern
from tests.unit.plant.patterns.create import Agent, create_definition, create_step

A = create_step("a")
INPUTS: JsonValue = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"count": {"type": "integer"}, "text": {"type": "string"}, "free": {"type": "object"}},
}


def problems_of(definition: Mapping[str, JsonValue]) -> tuple[Problem, ...]:
    try:
        load_pattern(definition, registry=Agent().registry())
    except PatternInvalid as error:
        return error.problems
    return ()


def add(step_id: str = "b", *, left: JsonValue, right: JsonValue = 1) -> dict[str, JsonValue]:
    return create_step(step_id, use="test.add", given={"left": left, "right": right})


def echo(step_id: str, value: JsonValue, **rest: JsonValue) -> dict[str, JsonValue]:
    return {**create_step(step_id, given={"value": value}), **rest}


GOOD: dict[str, dict[str, JsonValue]] = {
    "one step": create_definition(A),
    "named version": create_definition(create_step("a", use="test.echo@1")),
    "later step first": create_definition(echo("b", "{{steps.a.value}}"), A),
    "integer from inputs": create_definition(add(left="{{inputs.count}}"), inputs=INPUTS),
    "integer for a decimal": create_definition(
        create_step("a", use="test.amount", given={"amount": "{{inputs.count}}"}), inputs=INPUTS
    ),
    "unknown type": create_definition(add(left="{{inputs.free.x}}"), inputs=INPUTS),
    "embedded in text": create_definition(echo("b", "n: {{inputs.count}}"), inputs=INPUTS),
    "optional with default": create_definition(
        echo("a", 1, when="has(inputs.count)"),
        echo("b", "{{steps.a.value ?? 0}}", optional_inputs=["a"]),
    ),
    "compensation over what it used": create_definition(
        A,
        echo(
            "b", "{{steps.a.value}}", compensate={"use": "test.echo", "with": {"value": "{{steps.a.value}}"}}
        ),
    ),
    "retry of a read": create_definition(create_step("a", use="test.fail", retry={"attempts": 2})),
}

BAD: dict[str, tuple[dict[str, JsonValue], str | None, str, str]] = {
    "unknown field": (create_definition({**A, "run": "x"}), "a", "steps.0.run", "Extra inputs"),
    "bad step id": (create_definition({**A, "id": "A b"}, outputs={"x": 1}), "A b", "steps.0.id", "match"),
    "no steps": (create_definition(outputs={"x": 1}), None, "steps", "at least 1"),
    "too long a condition": (
        create_definition({**A, "when": "true || " * 70 + "true"}),
        "a",
        "steps.0.when",
        "at most 512",
    ),
    "duplicate id": (create_definition(A, A), "a", "steps.1.id", "twice"),
    "unknown capability": (create_definition(create_step("a", use="test.x")), "a", "steps.0.use", "no capab"),
    "unknown version": (
        create_definition(create_step("a", use="test.add@9")),
        "a",
        "steps.0.use",
        "no capab",
    ),
    "unreadable reference": (
        create_definition(echo("a", {"k": ["{{x}}"]})),
        "a",
        "steps.0.with.value.k.0",
        "neither 'inputs' nor 'steps'",
    ),
    "unreadable output": (create_definition(A, outputs={"x": "{{"}), None, "outputs.x", "expected a path"),
    "unknown step": (create_definition(echo("a", "{{steps.z}}")), "a", "steps.0.with", "steps.z"),
    "unknown step in outputs": (
        create_definition(A, outputs={"x": "{{steps.z}}"}),
        None,
        "outputs",
        "steps.z",
    ),
    "unknown step in condition": (
        create_definition(echo("a", 1, when="steps.z.x")),
        "a",
        "steps.0.when",
        "steps.z",
    ),
    "itself": (create_definition(echo("a", "{{steps.a}}")), "a", "steps", "a -> a"),
    "cycle": (
        create_definition(echo("a", "{{steps.b}}"), echo("b", 1, when="steps.a.value == 1")),
        "a",
        "steps",
        "wait for each other",
    ),
    "unused step": (
        create_definition(A, echo("b", 1), outputs={"x": "{{steps.b}}"}),
        "a",
        "steps.0",
        "no step and no output",
    ),
    "condition off the leash": (
        create_definition(echo("a", 1, when="[1].all(x, true)")),
        "a",
        "steps.0.when",
        "macro 'all'",
    ),
    "condition that is no CEL": (
        create_definition(echo("a", 1, when="1 +")),
        "a",
        "steps.0.when",
        "not a CEL",
    ),
    "condition on a path that cannot be": (
        create_definition(echo("a", 1, when="inputs.cuont > 1"), inputs=INPUTS),
        "a",
        "steps.0.when",
        "inputs.cuont",
    ),
    "path that the inputs rule out": (
        create_definition(echo("a", "{{inputs.cuont}}"), inputs=INPUTS),
        "a",
        "steps.0.with",
        "inputs.cuont",
    ),
    "path that a result rules out": (
        create_definition(A, echo("b", "{{steps.a.valeu}}")),
        "b",
        "steps.1.with",
        "steps.a.valeu",
    ),
    "path into a number": (
        create_definition(add("a", left=1), echo("b", "{{steps.a.total.x}}")),
        "b",
        "steps.1.with",
        "steps.a.total.x",
    ),
    "unknown argument": (
        create_definition(create_step("a", given={"vlaue": 1})),
        "a",
        "steps.0.with.vlaue",
        "",
    ),
    "unknown argument with a reference": (
        create_definition(create_step("a", given={"vlaue": "{{inputs.x}}"})),
        "a",
        "steps.0.with.vlaue",
        "it takes after, value",
    ),
    "missing argument": (
        create_definition(create_step("a", use="test.add", given={"left": 1})),
        "a",
        "steps.0.with.right",
        "Field required",
    ),
    "missing argument beside a reference": (
        create_definition(create_step("a", use="test.add", given={"left": "{{inputs.x}}"})),
        "a",
        "steps.0.with.right",
        "Field required",
    ),
    "fixed value of another type": (
        create_definition(add("a", left="1")),
        "a",
        "steps.0.with.left",
        "integer",
    ),
    "text for a number": (
        create_definition(add("a", left="{{inputs.text}}"), inputs=INPUTS),
        "a",
        "steps.0.with.left",
        "expects integer, this gives string",
    ),
    "embedded text for a number": (
        create_definition(add("a", left="{{inputs.count}}0"), inputs=INPUTS),
        "a",
        "steps.0.with.left",
        "expects integer, this gives string",
    ),
    "result for a number": (
        create_definition(add("a", left=1), add("b", left="{{steps.a}}")),
        "b",
        "steps.1.with.left",
        "expects integer, this gives object",
    ),
    "retry of a computation": (
        create_definition(create_step("a", retry={"attempts": 2})),
        "a",
        "steps.0.retry",
        "only reads",
    ),
    "optional input that is none": (
        create_definition(A, echo("b", 1, optional_inputs=["a"])),
        "b",
        "steps.1.optional_inputs",
        "'a'",
    ),
    "optional input without a default": (
        create_definition(
            echo("a", 1, when="has(inputs.x)"), echo("b", "{{steps.a.value}}", optional_inputs=["a"])
        ),
        "b",
        "steps.1.with",
        "?? default",
    ),
    "output of a step that may be skipped": (
        create_definition(echo("a", 1, when="has(inputs.x)"), outputs={"x": "{{steps.a}}"}),
        None,
        "outputs",
        "?? default",
    ),
    "output of a step behind one that may be skipped": (
        create_definition(
            echo("a", 1, when="has(inputs.x)"), echo("b", "{{steps.a}}"), outputs={"x": "{{steps.b}}"}
        ),
        None,
        "outputs",
        "?? default",
    ),
    "compensation over what may not have run": (
        create_definition(
            echo("a", 1, compensate={"use": "test.echo", "with": {"value": "{{steps.b.value}}"}}),
            echo("b", 2),
        ),
        "a",
        "steps.0.compensate.with",
        "steps.b.value",
    ),
    "inputs schema that is not understood": (
        create_definition(A, inputs={"type": "object", "properties": {"x": {"$ref": "http://example.test"}}}),
        None,
        "inputs.properties.x.$ref",
        "not understood",
    ),
    "inputs that are no object": (
        create_definition(A, inputs={"type": "array"}),
        None,
        "inputs.type",
        "object",
    ),
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_pattern_that_is_right_loads(name: str) -> None:
    assert problems_of(GOOD[name]) == ()


@pytest.mark.parametrize("name", sorted(BAD))
def test_problem_is_named_by_step_and_path(name: str) -> None:
    definition, step_id, path, words = BAD[name]

    found = problems_of(definition)

    named = [problem for problem in found if problem.path == path and problem.step_id == step_id]
    assert any(words in problem.message for problem in named), found


def test_all_problems_are_named_at_once() -> None:
    definition = create_definition(
        create_step("a", use="test.none"), echo("b", 1, when="1 +"), echo("c", "{{z}}"), add("d", left="x")
    )

    assert {problem.step_id for problem in problems_of(definition)} == {"a", "b", "c", "d"}


def test_definition_with_what_is_not_json_is_refused() -> None:
    deep: JsonValue = 1
    for _ in range(100_000):
        deep = [deep]

    assert problems_of(create_definition(echo("a", deep)))[0].message.startswith("is not JSON")
    assert problems_of(create_definition(echo("a", float("nan"))))[0].message.startswith("is not JSON")


def test_same_pattern_has_the_same_hash_whatever_the_order_of_its_keys() -> None:
    definition = create_definition(A)
    registry = Agent().registry()
    turned = dict(reversed(definition.items()))

    one, other = (load_pattern(each, registry=registry) for each in (definition, turned))
    changed = load_pattern({**definition, "summary": "Another."}, registry=registry)

    assert one.pattern_hash == other.pattern_hash
    assert one.pattern_hash != changed.pattern_hash
