"""The marketing patterns, run whole: within each platform's and the customer's limits, in their language, on time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant.agents.registered import all_capabilities
from plant.agents.writing import Brief, Constraints, TemplateWriter, fit
from plant.patterns.capabilities import RunContext
from plant.patterns.orchestrator import Orchestrator
from plant.patterns.shipped import load_shipped
from shared.posts.check import check_post
from shared.posts.graphemes import count_graphemes
from shared.posts.model import Platform

PATTERNS = load_shipped(all_capabilities())
STARTED = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
GOAL = {"started_at": STARTED.isoformat(), "timezone": "Asia/Kolkata"}
CONFIG = {
    "brand_name": "Chai & Co",
    "primary_language": "en",
    "offerings": ["masala chai", "samosas"],
    "location": "Pune",
    "platforms": ["mastodon", "bluesky", "x"],
}
TEXTS = [platform for platform in Platform if platform is not Platform.INSTAGRAM]


async def drafts(pattern: str, *, config: dict[str, Any] | None = None, **settings: Any) -> list[Any]:
    inputs: dict[str, Any] = {
        "config": CONFIG | (config or {}),
        "settings": settings,
        "goal": GOAL,
        "facts": {},
    }
    result = await Orchestrator().run(PATTERNS[pattern], inputs=inputs, context=RunContext("customer_a"))
    found: Any = result.outputs["deliverables"]
    return found


async def test_week_has_one_post_for_each_slot_and_platform() -> None:
    found = await drafts("marketing.weekly_batch.v1", weekdays=[0, 2, 4], time_of_day="10:00")

    assert {one["kind"] for one in found} == {"post"}
    slots = sorted({one["scheduled_for"] for one in found})
    assert slots == ["2026-11-20T04:30:00Z", "2026-11-23T04:30:00Z", "2026-11-25T04:30:00Z"]
    assert len(found) == len(slots) * len(CONFIG["platforms"])
    for one in found:
        assert check_post(Platform(one["request"]["platform"]), one["request"]["text"]).problems == ()


async def test_daily_post_is_for_today_or_soon() -> None:
    later = await drafts("marketing.daily_micro_post.v1", time_of_day="12:00")
    too_late = await drafts("marketing.daily_micro_post.v1", time_of_day="08:00")

    assert {one["scheduled_for"] for one in later} == {"2026-11-20T06:30:00Z"}
    assert {one["scheduled_for"] for one in too_late} == {"2026-11-21T02:30:00Z"}


async def test_monthly_pack_is_headed_by_its_calendar() -> None:
    calendar, *posts = await drafts(
        "marketing.monthly_pack.v1", campaign="Rain", posts_per_month=4, time_of_day="10:00"
    )

    assert (calendar["kind"], calendar["title"], len(posts)) == ("report", "Rain", 12)
    assert len(calendar["body"]["tables"][0]["rows"]) == len(posts)
    latest = max(datetime.fromisoformat(one["scheduled_for"]) for one in posts)
    assert latest <= STARTED + timedelta(days=30)


@pytest.mark.parametrize(
    ("language", "written_in", "has_note"),
    [("en", "en", False), ("hi", "hi", False), ("de-AT", "de", False), ("fr", "en", True)],
)
async def test_language_is_the_configured_one_or_the_fallback_is_said(
    language: str, written_in: str, has_note: bool
) -> None:
    found = await drafts("marketing.daily_micro_post.v1", config={"primary_language": language})

    assert {one["request"]["language"] for one in found} == {written_in}
    assert all(("note" in one["body"]) is has_note for one in found)


async def test_instagram_without_a_picture_is_said_and_not_posted() -> None:
    (report,) = await drafts("marketing.daily_micro_post.v1", config={"platforms": ["instagram"]})

    assert (report["kind"], report["request"]) == ("report", None)
    assert "picture" in report["body"]["problems"][0]


async def test_customers_own_limits_hold_beside_the_platforms() -> None:
    found = await drafts(
        "marketing.daily_micro_post.v1",
        config={"constraints": {"max_length": 60, "max_hashtags": 1}},
        hashtags=["chai", "pune"],
    )

    for one in found:
        assert count_graphemes(one["request"]["text"]) <= 60
        assert one["request"]["text"].count("#") <= 1


async def test_hidden_characters_in_a_brand_are_not_posted() -> None:
    found = await drafts(
        "marketing.daily_micro_post.v1", config={"brand_name": "Chai\u202e & Co", "platforms": ["mastodon"]}
    )

    assert [one["kind"] for one in found] == ["report"]


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200),
    st.sampled_from(TEXTS),
    st.integers(1, 600),
)
async def test_what_is_fitted_is_publishable_or_its_problems_are_named(
    theme: str, platform: Platform, max_length: int
) -> None:
    draft = await TemplateWriter().write(Brief(language="en", brand="Chai", theme=theme, number=len(theme)))

    variant = fit(draft, platform, Constraints(max_length=max_length))

    if not variant.problems:
        assert check_post(platform, variant.text).is_publishable
        assert count_graphemes(variant.text) <= max_length
    assert variant == fit(draft, platform, Constraints(max_length=max_length))


async def test_braces_of_a_customer_are_text() -> None:
    draft = await TemplateWriter().write(Brief(language="en", brand="{theme}", theme="{brand}"))

    assert "{theme}" in draft.text
    assert "{brand}" in draft.text
