"""Runs: order, parallel steps, skips, time-outs, retries, and errors that name their step."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from plant.patterns.capabilities import CapabilityRegistry, Kind, RunContext, capability
from plant.patterns.errors import RunErrorCode
from plant.patterns.loaded import LoadedPattern
from plant.patterns.loader import load_pattern
from plant.patterns.orchestrator import Orchestrator, PatternRunError, RunResult
from plant.patterns.trace import SkipReason, StepStatus
from tests.unit.plant.patterns.create import (
    CONTEXT,
    Agent,
    Echo,
    EchoArgs,
    create_definition,
    create_pattern,
    create_step,
)


async def run(pattern: LoadedPattern, **inputs: JsonValue) -> RunResult:
    return await Orchestrator().run(pattern, inputs=inputs, context=CONTEXT)


async def fail(pattern: LoadedPattern, **inputs: JsonValue) -> PatternRunError:
    with pytest.raises(PatternRunError) as caught:
        await run(pattern, **inputs)
    return caught.value


def statuses(result: RunResult | PatternRunError) -> dict[str, str]:
    return {step.step_id: step.status for step in result.trace.steps}


async def test_steps_pass_values_on_with_their_types() -> None:
    pattern = create_pattern(
        create_step("total", use="test.add", given={"left": "{{inputs.n}}", "right": 2}),
        create_step("twice", use="test.add", given={"left": "{{steps.total.total}}", "right": 5}),
        outputs={"n": "{{steps.twice.total}}", "text": "n = {{steps.twice.total}}", "fixed": [1, None]},
    )

    result = await run(pattern, n=1)

    assert result.outputs == {"n": 8, "text": "n = 8", "fixed": [1, None]}


@settings(max_examples=60, deadline=None)
@given(data=st.data(), count=st.integers(1, 8))
async def test_every_step_runs_once_after_what_it_waits_for(data: st.DataObject, count: int) -> None:
    agent = Agent()
    names = [f"s{number}" for number in range(count)]
    steps = [
        create_step(
            name,
            given={
                "value": name,
                "after": [f"{{{{steps.{one}}}}}" for one in names[:index] if data.draw(st.booleans())],
            },
        )
        for index, name in enumerate(names)
    ]
    shuffled = data.draw(st.permutations(steps))
    pattern = create_pattern(*shuffled, agent=agent)

    result = await run(pattern)

    position = {name: agent.calls.index(name) for name in names}
    assert sorted(agent.calls) == sorted(names)
    assert all(
        position[one] < position[step.step_id] for step in result.trace.steps for one in step.inputs_from
    )
    assert [step.step_id for step in result.trace.steps] == [step["id"] for step in shuffled]


async def test_order_of_the_file_breaks_ties() -> None:
    agent = Agent()
    released = create_step("c", given={"value": "c", "after": "{{steps.b}}"})
    pattern = create_pattern(released, *(create_step(name) for name in "bda"), agent=agent)

    await run(pattern)

    assert agent.calls == ["b", "c", "d", "a"]


@pytest.mark.parametrize(("limit", "expected"), [(1, 1), (3, 3), (8, 5)])
async def test_independent_steps_run_side_by_side_up_to_the_limit(limit: int, expected: int) -> None:
    agent = Agent()
    waits = [create_step(f"s{n}", use="test.wait", given={"value": 0.01}) for n in range(5)]
    pattern = create_pattern(*waits, agent=agent, max_parallel=limit)

    await run(pattern)

    assert agent.most_under_way == expected


async def test_skips_propagate_unless_the_input_is_optional() -> None:
    pattern = create_pattern(
        create_step("a", when="inputs.wanted"),
        create_step("b", given={"value": "{{steps.a.value}}"}),
        create_step("c", given={"value": '{{steps.b.value ?? "none"}}'}, optional_inputs=["b"]),
        create_step("d", when="has(steps.a.value)", given={"value": 1}, optional_inputs=["a"]),
    )

    skipped = await run(pattern, wanted=False)
    done = await run(pattern, wanted=True)

    reasons = {step.step_id: step.skip_reason for step in skipped.trace.steps}
    assert reasons == {
        "a": SkipReason.CONDITION_FALSE,
        "b": SkipReason.UPSTREAM_SKIPPED,
        "c": None,
        "d": SkipReason.CONDITION_FALSE,
    }
    assert skipped.outputs == {"a": None, "b": None, "c": {"value": "none"}, "d": None}
    assert set(statuses(done).values()) == {StepStatus.DONE}


@pytest.mark.parametrize(
    ("step", "code", "words"),
    [
        (
            create_step("b", given={"value": "{{inputs.missing}}"}),
            RunErrorCode.MISSING_VALUE,
            "inputs.missing",
        ),
        (create_step("b", when="inputs.missing > 1"), RunErrorCode.CONDITION_ERROR, "inputs.missing"),
        (create_step("b", use="test.refuse"), RunErrorCode.CAPABILITY_REFUSED, "no b today"),
        (
            create_step("b", use="test.fail", given={"value": "x"}),
            RunErrorCode.CAPABILITY_FAILED,
            "RuntimeError",
        ),
        (
            create_step("b", use="test.wait", given={"value": 5}, timeout_ms=10),
            RunErrorCode.STEP_TIMEOUT,
            "10 ms",
        ),
        (
            create_step("b", use="test.add", given={"left": "{{inputs.text}}", "right": 1}),
            RunErrorCode.ARGUMENTS_INVALID,
            "left",
        ),
        (
            create_step("b", given={"value": ["{{inputs.large}}", "{{inputs.large}}"]}),
            RunErrorCode.VALUE_TOO_LARGE,
            "bytes",
        ),
    ],
)
async def test_error_names_its_step(step: dict[str, JsonValue], code: RunErrorCode, words: str) -> None:
    agent = Agent(failures={"x": 9})
    pattern = create_pattern(
        create_step("a"), step, create_step("c", given={"value": "{{steps.b}}"}), agent=agent
    )

    error = await fail(pattern, text="1", large="x" * 600_000)

    assert (error.code, error.step_id) == (code, "b")
    assert words in error.detail
    assert statuses(error) == {"a": "done", "b": "failed", "c": "not_run"}
    assert next(step for step in error.trace.steps if step.step_id == "b").error == code


async def test_words_of_an_unexpected_error_are_not_shown() -> None:
    agent = Agent(failures={"x": 1})
    pattern = create_pattern(create_step("a", use="test.fail", given={"value": "x"}), agent=agent)

    error = await fail(pattern)

    assert "abc123" not in str(error) + str(error.trace.record())
    assert isinstance(error.__cause__, RuntimeError)


async def test_inputs_that_do_not_fit_are_named_before_any_step_runs() -> None:
    agent = Agent()
    inputs: JsonValue = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n", "m"]}
    pattern = create_pattern(create_step("a"), agent=agent, inputs=inputs)

    error = await fail(pattern, n="1")

    assert (error.code, error.step_id) == (RunErrorCode.INPUTS_INVALID, None)
    assert "inputs.n: expected integer, found string" in error.detail
    assert "inputs.m: is missing" in error.detail
    assert agent.calls == []


@pytest.mark.parametrize(("failures", "attempts", "calls"), [(0, 3, 1), (2, 3, 3), (3, 3, 3)])
async def test_read_is_retried_as_often_as_is_said(failures: int, attempts: int, calls: int) -> None:
    agent = Agent(failures={"x": failures})
    step = create_step("a", use="test.fail", given={"value": "x"}, retry={"attempts": attempts, "wait_ms": 0})
    pattern = create_pattern(step, agent=agent)

    outcome = await fail(pattern) if failures >= attempts else await run(pattern)

    assert len(agent.calls) == calls
    assert outcome.trace.steps[0].retries == calls - 1


async def test_refusal_is_not_retried() -> None:
    agent = Agent()
    calls: list[int] = []

    def refuse(args: EchoArgs, context: RunContext) -> Echo:
        calls.append(1)
        return agent.refuse(args, context)

    registry = CapabilityRegistry(
        [capability("test.no", function=refuse, args=EchoArgs, result=Echo, summary="No.", kind=Kind.READ)]
    )
    step = create_step("a", use="test.no", retry={"attempts": 3, "wait_ms": 0})

    await fail(load_pattern(create_definition(step), registry=registry))

    assert len(calls) == 1
