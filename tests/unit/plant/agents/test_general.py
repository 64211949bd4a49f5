"""General capabilities: enough for a pattern whose agent type is only data."""

from typing import cast

import pytest
from pydantic import JsonValue

from plant.agents.registered import all_capabilities
from plant.patterns.capabilities import RunContext
from plant.patterns.errors import RunErrorCode
from plant.patterns.loader import load_pattern
from plant.patterns.orchestrator import Orchestrator, PatternRunError
from plant.patterns.shipped import load_shipped

CONTEXT = RunContext("customer_a")


async def use(name: str, **arguments: JsonValue) -> JsonValue:
    """What the capability gives, called as a step."""
    given: dict[str, JsonValue] = {key: f"{{{{inputs.{key}}}}}" for key in arguments}
    definition: dict[str, JsonValue] = {
        "pattern_id": "test.one",
        "version": 1,
        "summary": "One step.",
        "steps": [{"id": "one", "use": name, "with": given}],
        "outputs": {"value": "{{steps.one}}"},
    }
    pattern = load_pattern(definition, registry=all_capabilities())
    result = await Orchestrator().run(pattern, inputs=arguments, context=CONTEXT)
    return result.outputs["value"]


async def test_note_is_a_report_without_a_request() -> None:
    assert await use("general.note", title="T", paragraphs=["a", "b"]) == {
        "kind": "report",
        "title": "T",
        "body": {"paragraphs": ["a", "b"]},
        "request": None,
        "scheduled_for": None,
    }


async def test_text_of_a_post_is_passed_on_to_the_byte() -> None:
    text = "e\u0301 \u00e9 \u200b \U0001f468\u200d\U0001f469\u200d\U0001f467 \u202e\nnext"

    draft = await use("general.post", title="T", platform="mastodon", language="en", text=text)

    assert draft == {
        "kind": "post",
        "title": "T",
        "body": {"text": text},
        "request": {"platform": "mastodon", "text": text, "language": "en"},
        "scheduled_for": None,
    }


@pytest.mark.parametrize(
    ("source", "key", "expected"),
    [
        ({"en": "x"}, "en", {"value": "x", "found": True}),
        ({"en": "x"}, "de", {"value": "otherwise", "found": False}),
        ({"en": None}, "en", {"value": None, "found": True}),
        (["x", "y"], 1, {"value": "y", "found": True}),
        (["x", "y"], 2, {"value": "otherwise", "found": False}),
        (["x", "y"], -1, {"value": "otherwise", "found": False}),
    ],
)
async def test_pick_finds_or_gives_what_was_said(
    source: JsonValue, key: JsonValue, expected: JsonValue
) -> None:
    assert await use("general.pick", source=source, key=key, otherwise="otherwise") == expected


async def test_pick_by_a_key_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(PatternRunError) as caught:
        await use("general.pick", source=["x"], key="0", otherwise=None)

    assert caught.value.code == RunErrorCode.CAPABILITY_REFUSED


@pytest.mark.parametrize(
    ("left", "comparison", "right", "holds"),
    [
        ("0.3", "==", "0.30", True),
        ("10", "<", "9", False),
        ("9", "<", "10", True),
        ("10", "<=", "10", True),
        ("10", ">", "10", False),
        ("10", ">=", "10.00", True),
        ("0.1000000000000000000001", ">", "0.1", True),
    ],
)
async def test_amounts_are_compared_as_numbers(left: str, comparison: str, right: str, holds: bool) -> None:
    found = await use("general.compare", left=left, comparison=comparison, right=right)

    assert found == {"holds": holds}


@pytest.mark.parametrize("left", ["NaN", "Infinity", "x", ""])
async def test_what_is_no_number_is_not_compared(left: str) -> None:
    with pytest.raises(PatternRunError) as caught:
        await use("general.compare", left=left, comparison="<", right="1")

    assert caught.value.code == RunErrorCode.ARGUMENTS_INVALID


async def test_collect_leaves_out_nulls_only() -> None:
    assert await use("general.collect", items=[None, 0, "", [], None]) == {"items": [0, "", []], "count": 3}


@pytest.mark.parametrize(
    ("language", "closing", "expected"),
    [("de", True, "Einen guten Tag."), ("fr", True, "Have a good day."), ("de", False, "")],
)
async def test_example_pattern_makes_a_report(language: str, closing: bool, expected: str) -> None:
    pattern = load_shipped(all_capabilities())["general.reminder.v1"]
    inputs: dict[str, JsonValue] = {
        "config": {"nickname": "Ada", "primary_language": language},
        "settings": {"subject": "rent", "closing": closing},
        "goal": {"due_at": "2026-11-20T09:00:00Z"},
    }

    result = await Orchestrator().run(pattern, inputs=inputs, context=CONTEXT)

    report = cast("list[dict[str, JsonValue]]", result.outputs["deliverables"])[0]
    assert (report["kind"], report["title"]) == ("report", "Reminder: rent")
    assert report["body"] == {"paragraphs": ["Ada reminds you: rent.", "Due 2026-11-20T09:00:00Z.", expected]}
