"""The cache: what makes two calls the same, and that it stays within its bounds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from plant.patterns.cache import CachedResult, MemoryCache, cache_key
from plant.patterns.capabilities import CapabilityRegistry, Resource, RunContext, capability
from plant.patterns.loader import load_pattern
from plant.patterns.orchestrator import Orchestrator, PatternRunError
from plant.patterns.trace import ResultMeta
from tests.unit.plant.patterns.create import (
    Agent,
    Clock,
    Echo,
    EchoArgs,
    create_definition,
    create_pattern,
    create_step,
)

META = ResultMeta("test", "a feed", None, None, Decimal(1))
CONTENT: Mapping[str, str] = {"pricing_pack_id": "1"}
CONTEXT = RunContext("customer_a", content=CONTENT)


@pytest.mark.parametrize(
    "other",
    [
        RunContext("customer_b", content=CONTENT),
        RunContext("customer_a", content={"pricing_pack_id": "2"}),
        RunContext("customer_a", content={**CONTENT, "ledger_commit_hash": "1"}),
        RunContext("customer_a", asof=datetime(2026, 1, 1, tzinfo=UTC), content=CONTENT),
        RunContext("customer_a", content=CONTENT, resources={Clock: Resource(Clock(), "sha256:1")}),
    ],
)
async def test_result_is_kept_for_its_own_content_only(other: RunContext) -> None:
    agent = Agent()
    pattern = create_pattern(create_step("a", use="test.dear", given={"text": "x"}), agent=agent)
    orchestrator = Orchestrator(cache=MemoryCache())

    results = [
        await orchestrator.run(pattern, inputs={}, context=context) for context in (CONTEXT, CONTEXT, other)
    ]

    assert [result.trace.steps[0].cache_hit for result in results] == [False, True, False]
    assert agent.calls == ["x", "x"]
    assert results[0].outputs == results[1].outputs
    assert results[0].trace.steps[0].meta == results[1].trace.steps[0].meta


def test_key_differs_by_version_and_arguments() -> None:
    dear = next(one for one in Agent().capabilities() if one.name == "test.dear")
    newer = replace(dear, version=2)

    keys = {
        cache_key(one, arguments, context=CONTEXT) for one in (dear, newer) for arguments in (b"{}", b"[]")
    }

    assert len(keys) == 4
    assert cache_key(dear, b"{}", context=CONTEXT) in keys


async def test_without_a_cache_everything_is_computed() -> None:
    agent = Agent()
    pattern = create_pattern(create_step("a", use="test.dear", given={"text": "x"}), agent=agent)

    for _ in range(2):
        await Orchestrator().run(pattern, inputs={}, context=CONTEXT)

    assert agent.calls == ["x", "x"]


async def test_failure_is_not_kept() -> None:
    failing = Agent(failures={"x": 1})
    dear_fail = capability(
        "test.dear_fail", function=failing.fail, args=EchoArgs, result=Echo, summary="Dear.", cacheable=True
    )
    step = create_step("a", use="test.dear_fail", given={"value": "x"})
    pattern = load_pattern(create_definition(step), registry=CapabilityRegistry([dear_fail]))
    orchestrator = Orchestrator(cache=MemoryCache())

    with pytest.raises(PatternRunError):
        await orchestrator.run(pattern, inputs={}, context=CONTEXT)
    second = await orchestrator.run(pattern, inputs={}, context=CONTEXT)

    assert second.outputs == {"a": {"value": "x"}}
    assert not second.trace.steps[0].cache_hit


async def test_least_recently_used_goes_first() -> None:
    cache = MemoryCache(max_entries=2)
    for key in ("a", "b"):
        await cache.keep(key, CachedResult(b"1", META))
    await cache.find("a")

    await cache.keep("c", CachedResult(b"1", META))

    assert [await cache.find(key) is not None for key in "abc"] == [True, False, True]


async def test_bytes_are_bounded_and_counted_once_for_a_key() -> None:
    cache = MemoryCache(max_bytes=10)
    for key in ("a", "a", "b"):
        await cache.keep(key, CachedResult(b"12345", META))
    kept = [await cache.find(key) is not None for key in "ab"]

    await cache.keep("c", CachedResult(b"12345", META))
    await cache.keep("d", CachedResult(b"x" * 11, META))

    assert kept == [True, True]
    assert [await cache.find(key) is not None for key in "abcd"] == [False] * 4
