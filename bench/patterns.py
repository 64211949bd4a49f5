"""A pattern of six steps with no work in them, with its whole trace, beside LangGraph on the same DAG."""

import time
from collections.abc import Mapping

from pydantic import JsonValue

from bench.measure import Figure, Plan, Series, compare, measure_rounds
from bench.peer_process import run_peer
from plant.patterns.capabilities import CapabilityRegistry, RunContext, capability
from plant.patterns.conditions import CelEngine
from plant.patterns.loaded import LoadedPattern
from plant.patterns.loader import load_pattern
from plant.patterns.orchestrator import Orchestrator
from shared.contracts.base import Text, WireModel

_RUNS = 2_000
_PEER_RUNS = 500
_WARM_UP = 100
_CONDITIONS = 20_000
_STEP_AIM = "<= 300"
_RATIO_AIM = "<= 0.1"
_CONTEXT = RunContext("bench")
_INPUTS: Mapping[str, JsonValue] = {"text": "x", "limits": {"coins": ["BTC", "ETH"], "open": 3}}


class Words(WireModel):
    text: Text


def _same(args: Words, _context: RunContext) -> Words:
    return args


async def _same_later(args: Words, _context: RunContext) -> Words:
    return args


def _registry() -> CapabilityRegistry:
    return CapabilityRegistry(
        capability(name, function=function, args=Words, result=Words, summary="What it is given.")
        for name, function in (("bench.same", _same), ("bench.same_later", _same_later))
    )


def _pattern(use: str) -> LoadedPattern:
    middle = [{"id": name, "use": use, "with": {"text": "{{steps.a.text}}"}} for name in "bcde"]
    joined = " ".join(f"{{{{steps.{name}.text}}}}" for name in "bcde")
    definition: dict[str, JsonValue] = {
        "pattern_id": "bench.fan",
        "version": 1,
        "summary": "A first step, four beside each other, a last one.",
        "steps": [
            {"id": "a", "use": use, "with": {"text": "{{inputs.text}}"}},
            *middle,
            {"id": "f", "use": use, "with": {"text": joined}},
        ],
        "outputs": {"text": "{{steps.f.text}}"},
    }
    return load_pattern(definition, registry=_registry())


async def run(plan: Plan) -> list[Figure]:
    runs, peer_runs = plan.count(_RUNS, least=100), plan.count(_PEER_RUNS, least=50)
    patterns = {"functions": _pattern("bench.same"), "coroutines": _pattern("bench.same_later")}

    async def ours(_round: int) -> dict[str, float]:
        figures = {name: await _microseconds(pattern, runs) for name, pattern in patterns.items()}
        return figures | {"condition": _condition_microseconds(plan.count(_CONDITIONS, least=1_000))}

    async def theirs(_round: int) -> dict[str, float]:
        return await run_peer("langgraph_dag", str(peer_runs))

    found = await measure_rounds([ours, theirs], rounds=plan.rounds)
    steps = len(patterns["functions"].steps)
    return [
        *(
            compare(
                f"run of 6 steps, traced; the peer: {peer}",
                "us",
                ours=found["functions"],
                peer=found[peer],
                peer_name="LangGraph",
                aim=_RATIO_AIM,
            )
            for peer in ("plain", "checkpointed")
        ),
        *(Figure(f"one step ({name})", "us", _each(found[name], steps), aim=_STEP_AIM) for name in patterns),
        Figure("one condition over five facts", "us", found["condition"]),
    ]


def _each(series: Series, steps: int) -> Series:
    return Series(tuple(value / steps for value in series.values))


async def _microseconds(pattern: LoadedPattern, runs: int) -> float:
    orchestrator = Orchestrator()
    for _ in range(_WARM_UP):
        await orchestrator.run(pattern, inputs=_INPUTS, context=_CONTEXT)
    started = time.perf_counter()
    for _ in range(runs):
        result = await orchestrator.run(pattern, inputs=_INPUTS, context=_CONTEXT)
    spent_s = time.perf_counter() - started
    assert result.outputs == {"text": "x x x x"}, result.outputs
    return spent_s / runs * 1e6


def _condition_microseconds(count: int) -> float:
    condition = CelEngine().compile(
        "inputs.text == 'x' && size(inputs.limits.coins) > 1 && 'BTC' in inputs.limits.coins"
        " && has(inputs.limits.open) && inputs.limits.open < 5"
    )
    scope = {"inputs": dict(_INPUTS)}
    started = time.perf_counter()
    for _ in range(count):
        condition.holds(scope)
    return (time.perf_counter() - started) / count * 1e6
