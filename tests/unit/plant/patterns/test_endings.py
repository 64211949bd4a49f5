"""How runs end early: compensation, deadline, cancelling, time-outs, an agent that rests, a missing resource."""

import asyncio

import pytest
from pydantic import JsonValue

from plant.patterns.breaker import Breaker
from plant.patterns.capabilities import CapabilityRegistry, Resource, RunContext, capability
from plant.patterns.errors import RunErrorCode
from plant.patterns.loaded import LoadedPattern
from plant.patterns.loader import load_pattern
from plant.patterns.orchestrator import Orchestrator, PatternRunError, RunResult
from tests.unit.plant.patterns.create import (
    CONTEXT,
    Agent,
    Clock,
    Echo,
    EchoArgs,
    create_definition,
    create_pattern,
    create_step,
)


async def run(pattern: LoadedPattern, **inputs: JsonValue) -> RunResult:
    """Well before any step that waits would end by itself or reach its time-out."""
    async with asyncio.timeout(5):
        return await Orchestrator().run(pattern, inputs=inputs, context=CONTEXT)


async def fail(pattern: LoadedPattern, **inputs: JsonValue) -> PatternRunError:
    with pytest.raises(PatternRunError) as caught:
        await run(pattern, **inputs)
    return caught.value


def statuses(result: RunResult | PatternRunError) -> dict[str, str]:
    return {step.step_id: step.status for step in result.trace.steps}


async def test_failure_is_compensated_the_latest_first() -> None:
    agent = Agent(failures={"x": 9})

    def undo(name: str) -> JsonValue:
        return {"use": "test.echo", "with": {"value": f"undo {name} {{{{steps.{name}.value}}}}"}}

    pattern = create_pattern(
        create_step("a", compensate=undo("a")),
        create_step("b", given={"value": "b", "after": "{{steps.a}}"}, compensate=undo("b")),
        create_step("c", given={"value": "c", "after": "{{steps.b}}"}),
        create_step("d", use="test.fail", given={"value": "x", "after": "{{steps.c}}"}, compensate=undo("d")),
        agent=agent,
    )

    error = await fail(pattern)

    assert error.step_id == "d"
    assert agent.calls == ["a", "b", "c", "x", "undo b b", "undo a a"]
    assert [(one.step_id, one.error) for one in error.trace.compensations] == [("b", None), ("a", None)]


async def test_compensation_that_fails_is_recorded_and_hides_nothing() -> None:
    agent = Agent(failures={"x": 9, "undo": 9})
    broken: JsonValue = {"use": "test.fail", "with": {"value": "undo"}}
    whole: JsonValue = {"use": "test.echo", "with": {"value": "undone"}}
    pattern = create_pattern(
        create_step("a", compensate=whole),
        create_step("b", given={"value": "b", "after": "{{steps.a}}"}, compensate=broken),
        create_step("c", use="test.fail", given={"value": "x", "after": "{{steps.b}}"}),
        agent=agent,
    )

    error = await fail(pattern)

    assert error.step_id == "c"
    assert agent.calls[-1] == "undone"
    assert [one.error for one in error.trace.compensations] == [RunErrorCode.CAPABILITY_FAILED, None]


async def test_failure_cancels_what_is_under_way() -> None:
    agent = Agent()
    pattern = create_pattern(
        create_step("slow", use="test.wait", given={"value": 30}),
        create_step("short", use="test.wait", given={"value": 30}, timeout_ms=5),
        agent=agent,
    )

    error = await fail(pattern)

    assert error.step_id == "short"
    assert (agent.cancelled, agent.under_way) == (2, 0)
    assert statuses(error) == {"slow": "not_run", "short": "failed"}


async def test_deadline_ends_the_run_and_names_the_step() -> None:
    agent = Agent()
    pattern = create_pattern(
        create_step("a"),
        create_step("slow", use="test.wait", given={"value": 30, "after": "{{steps.a}}"}),
        agent=agent,
        deadline_ms=20,
    )

    error = await fail(pattern)

    assert (error.code, error.step_id) == (RunErrorCode.DEADLINE_EXCEEDED, "slow")
    assert agent.under_way == 0


async def test_cancelling_a_run_leaves_nothing_under_way() -> None:
    agent = Agent()
    pattern = create_pattern(
        *(create_step(f"s{n}", use="test.wait", given={"value": 30}) for n in range(3)), agent=agent
    )
    task = asyncio.create_task(run(pattern))
    while agent.under_way < 3:
        await asyncio.sleep(0)

    task.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await task

    assert (agent.cancelled, agent.under_way) == (3, 0)


async def test_plain_function_that_took_too_long_has_failed() -> None:
    clock = Clock()

    def dawdle(args: EchoArgs, _context: RunContext) -> Echo:
        clock.now_s += 2
        return Echo(value=args.value)

    registry = CapabilityRegistry(
        [capability("test.dawdle", function=dawdle, args=EchoArgs, result=Echo, summary="Slow.")]
    )
    step = create_step("a", use="test.dawdle", timeout_ms=1_999)
    pattern = load_pattern(create_definition(step), registry=registry)

    with pytest.raises(PatternRunError) as caught:
        await Orchestrator(clock=clock).run(pattern, inputs={}, context=CONTEXT)

    assert caught.value.code == RunErrorCode.STEP_TIMEOUT


async def test_agent_that_failed_five_times_is_left_alone_until_its_rest_is_over() -> None:
    clock, agent = Clock(), Agent(failures={"x": 5})
    pattern = create_pattern(create_step("a", use="test.fail", given={"value": "x"}), agent=agent)
    orchestrator = Orchestrator(breaker=Breaker(clock, rest_s=30))

    async def try_it() -> str:
        try:
            await orchestrator.run(pattern, inputs={}, context=CONTEXT)
        except PatternRunError as error:
            return error.code
        return "done"

    failed = [await try_it() for _ in range(6)]
    clock.now_s += 30
    recovered = [await try_it() for _ in range(2)]

    assert failed == ["CAPABILITY_FAILED"] * 5 + ["AGENT_UNAVAILABLE"]
    assert len(agent.calls) == 7
    assert recovered == ["done", "done"]


async def test_run_without_a_resource_that_a_step_needs_does_not_start() -> None:
    def read(args: EchoArgs, context: RunContext) -> Echo:
        return Echo(value=context.resource(Agent).calls[0])

    registry = CapabilityRegistry(
        [capability("test.read", function=read, args=EchoArgs, result=Echo, summary="Read.", needs=(Agent,))]
    )
    pattern = load_pattern(create_definition(create_step("a", use="test.read")), registry=registry)
    given = RunContext("a", resources={Agent: Resource(Agent(calls=["found"]), "sha256:1")})

    error = await fail(pattern)
    result = await Orchestrator().run(pattern, inputs={}, context=given)

    assert (error.code, error.step_id) == (RunErrorCode.MISSING_RESOURCE, "a")
    assert result.outputs == {"a": {"value": "found"}}


async def test_values_of_a_run_cannot_be_changed_from_outside() -> None:
    agent = Agent()
    inputs: dict[str, JsonValue] = {"list": [1]}
    pattern = create_pattern(
        create_step("a", use="test.wait", given={"value": 0}),
        create_step("b", given={"value": "{{inputs.list}}", "after": "{{steps.a}}"}),
        agent=agent,
        outputs={"list": "{{steps.b.value}}", "fixed": {"k": [2]}},
    )
    task = asyncio.create_task(Orchestrator().run(pattern, inputs=inputs, context=CONTEXT))
    await asyncio.sleep(0)

    inputs["list"] = [9]
    first = (await task).outputs
    first["fixed"] = None
    second = await run(pattern, list=[1])

    assert second.outputs == {"list": [1], "fixed": {"k": [2]}}
    assert first["list"] == [1]
