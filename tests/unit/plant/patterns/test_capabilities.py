"""The registry and calls: duplicates refused, versions found, arguments and results checked strictly."""

from typing import cast

import pytest
from pydantic import JsonValue

from plant.patterns.capabilities import CapabilityRegistry, DuplicateCapability, RunContext, capability
from plant.patterns.errors import RunErrorCode
from plant.patterns.loader import load_pattern
from plant.patterns.orchestrator import Orchestrator, PatternRunError
from tests.unit.plant.patterns.create import (
    CONTEXT,
    Agent,
    Echo,
    EchoArgs,
    create_definition,
    create_pattern,
    create_step,
)


def echo(args: EchoArgs, _context: RunContext) -> Echo:
    return Echo(value=args.value)


def create_other() -> Echo:
    return cast("Echo", EchoArgs(value=1))  # what a capability must not do


def create_version(version: int) -> CapabilityRegistry:
    return CapabilityRegistry(
        capability("test.echo", function=echo, args=EchoArgs, result=Echo, summary="Echo.", version=one)
        for one in (version, 1)
    )


def test_same_name_and_version_twice_is_refused() -> None:
    with pytest.raises(DuplicateCapability, match=r"test\.echo@1"):
        create_version(1)


@pytest.mark.parametrize(
    ("use", "found"),
    [
        ("test.echo", "test.echo@10"),
        ("test.echo@1", "test.echo@1"),
        ("test.echo@10", "test.echo@10"),
        ("test.echo@2", None),
        ("test.other", None),
    ],
)
def test_use_without_a_version_means_the_newest(use: str, found: str | None) -> None:
    capability_found = create_version(10).find(use)

    assert (capability_found.reference if capability_found else None) == found


@pytest.mark.parametrize("value", ["1", 1.0, True, None, [1]])
async def test_arguments_are_not_converted(value: JsonValue) -> None:
    pattern = create_pattern(create_step("a", use="test.add", given={"left": "{{inputs.x}}", "right": 1}))

    with pytest.raises(PatternRunError) as caught:
        await Orchestrator().run(pattern, inputs={"x": value}, context=CONTEXT)

    assert caught.value.code == RunErrorCode.ARGUMENTS_INVALID


@pytest.mark.parametrize(("value", "expected"), [("0.10", "0.10"), (3, "3")])
async def test_decimal_is_taken_from_its_text(value: JsonValue, expected: str) -> None:
    pattern = create_pattern(create_step("a", use="test.amount", given={"amount": "{{inputs.x}}"}))

    result = await Orchestrator().run(pattern, inputs={"x": value}, context=CONTEXT)

    assert result.outputs == {"a": {"text": expected}}


@pytest.mark.parametrize(
    ("returned", "code"),
    [
        (create_other(), RunErrorCode.RESULT_INVALID),
        (Echo(value=float("nan")), RunErrorCode.RESULT_INVALID),
        (Echo(value="x" * 1_048_576), RunErrorCode.VALUE_TOO_LARGE),
    ],
)
async def test_result_that_is_not_what_was_promised_is_an_error(returned: Echo, code: RunErrorCode) -> None:
    def give(_args: EchoArgs, _context: RunContext) -> Echo:
        return returned

    registry = CapabilityRegistry(
        [capability("test.give", function=give, args=EchoArgs, result=Echo, summary="Give.")]
    )
    pattern = load_pattern(create_definition(create_step("a", use="test.give")), registry=registry)

    with pytest.raises(PatternRunError) as caught:
        await Orchestrator().run(pattern, inputs={}, context=CONTEXT)

    assert (caught.value.code, caught.value.step_id) == (code, "a")


async def test_argument_s_value_is_not_in_the_error() -> None:
    pattern = create_pattern(create_step("a", use="test.add", given={"left": "{{inputs.x}}", "right": 1}))

    with pytest.raises(PatternRunError) as caught:
        await Orchestrator().run(pattern, inputs={"x": "hidden"}, context=CONTEXT)

    assert "hidden" not in str(caught.value)


def test_context_cannot_be_changed() -> None:
    content = {"pricing_pack_id": "1"}
    context = RunContext("customer_a", content=content)

    content["pricing_pack_id"] = "2"

    assert context.content == {"pricing_pack_id": "1"}
    with pytest.raises(TypeError):
        context.content["pricing_pack_id"] = "2"  # type: ignore[index]


def test_agent_is_the_first_part_of_the_name() -> None:
    assert {one.agent for one in Agent().capabilities()} == {"test"}
