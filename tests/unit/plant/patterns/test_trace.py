"""The trace: complete, stored as JSON, and one hash that only what matters can change."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import JsonValue

from plant.patterns.cache import MemoryCache
from plant.patterns.capabilities import RunContext
from plant.patterns.orchestrator import Orchestrator, PatternRunError, RunResult
from plant.patterns.trace import ResultMeta, SkipReason, StepStatus, run_hash
from tests.unit.plant.patterns.create import create_pattern, create_step

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
CONTEXT = RunContext("customer_a", asof=NOON, content={"pricing_pack_id": "p1", "ledger_commit_hash": "c1"})


async def run(
    *, context: RunContext = CONTEXT, orchestrator: Orchestrator | None = None, **inputs: JsonValue
) -> RunResult:
    pattern = create_pattern(
        create_step("a", use="test.dear", given={"text": "{{inputs.text}}"}),
        create_step("b", when="steps.a.text == 'x'"),
        create_step("c", use="test.wait", given={"value": 0}),
    )
    return await (orchestrator or Orchestrator()).run(pattern, inputs=inputs, context=context)


async def test_same_request_gives_the_same_data_and_hash_also_from_the_cache() -> None:
    orchestrator = Orchestrator(cache=MemoryCache())

    results = [await run(orchestrator=orchestrator, text="x") for _ in range(3)]
    results.append(await run(text="x"))

    assert [result.trace.steps[0].cache_hit for result in results] == [False, True, True, False]
    assert len({json.dumps(result.outputs, sort_keys=True) for result in results}) == 1
    assert len({result.trace.run_hash for result in results}) == 1


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("y", CONTEXT),
        (
            "x",
            RunContext(
                "customer_a", asof=NOON, content={"pricing_pack_id": "p2", "ledger_commit_hash": "c1"}
            ),
        ),
        ("x", RunContext("customer_b", asof=NOON, content=CONTEXT.content)),
    ],
)
async def test_other_request_or_content_gives_another_hash(text: str, context: RunContext) -> None:
    assert (await run(text="x")).trace.run_hash != (await run(text=text, context=context)).trace.run_hash


async def test_record_says_what_happened() -> None:
    result = await run(text="y")

    record = json.loads(json.dumps(result.trace.record()))

    assert record["pattern_id"] == "test.pattern"
    assert (record["pricing_pack_id"], record["ledger_commit_hash"]) == ("p1", "c1")
    assert record["capabilities"] == ["test.dear@1", "test.echo@1", "test.wait@1"]
    assert record["sources"] == ["a feed", "test.wait@1"]
    first, second, _ = record["steps"]
    assert first["meta"] == {
        "agent": "test",
        "source": "a feed",
        "asof": NOON.isoformat(),
        "ttl_s": 60,
        "confidence": "0.9",
    }
    assert first["stale"] is False
    assert float(first["ended_ms"]) >= float(first["started_ms"])
    assert (second["condition"], second["condition_value"]) == ("steps.a.text == 'x'", False)
    assert (second["status"], second["skip_reason"]) == ("skipped", "CONDITION_FALSE")


async def test_failed_run_has_a_trace_with_a_hash_that_repeats() -> None:
    hashes: list[str] = []
    for _ in range(2):
        pattern = create_pattern(create_step("a"), create_step("b", use="test.refuse"))
        with pytest.raises(PatternRunError) as caught:
            await Orchestrator().run(pattern, inputs={}, context=CONTEXT)
        hashes.append(caught.value.trace.run_hash)

    assert len(set(hashes)) == 1


async def test_any_change_of_a_step_changes_the_hash_but_times_do_not() -> None:
    steps = (await run(text="x")).trace.steps
    head = ("p", "i", "c", "o")
    before = run_hash(head, steps)

    def changed(**change: object) -> str:
        return run_hash(head, (replace(steps[0], **change), *steps[1:]))

    untouched = changed(started_s=9.0, ended_s=9.5, retries=2, cache_hit=True, error_class="X")
    touched = {
        changed(args_hash="x"),
        changed(output_hash="x"),
        changed(capability="test.dear@2"),
        changed(status=StepStatus.SKIPPED),
        changed(skip_reason=SkipReason.UPSTREAM_SKIPPED),
        changed(condition="true"),
        changed(condition_value=True),
        changed(meta=ResultMeta("test", "another feed", None, None, Decimal(1))),
        run_hash(("p", "i", "c", "x"), steps),
        run_hash(head, steps[:-1]),
        run_hash(head, (steps[0], steps[2], steps[1])),
        run_hash(head, (*steps, steps[-1])),
    }

    assert untouched == before
    assert before not in touched
    assert len(touched) == 12


@pytest.mark.parametrize(
    ("asof", "ttl_s", "at", "expected"),
    [
        (NOON, 60, NOON, False),
        (NOON, 0, NOON, False),
        (NOON, 60, NOON.replace(minute=1), False),
        (NOON, 59, NOON.replace(minute=1), True),
        (None, 60, NOON, None),
        (NOON, None, NOON, None),
        (NOON, 60, None, None),
    ],
)
def test_staleness_is_judged_at_the_run_s_own_moment(
    asof: datetime | None, ttl_s: int | None, at: datetime | None, expected: bool | None
) -> None:
    assert ResultMeta("a", "s", asof, ttl_s, Decimal(1)).is_stale(at) is expected
