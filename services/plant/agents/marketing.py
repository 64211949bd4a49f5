"""What the marketing agent can do in a pattern: find times for posts, write them for each platform, make a calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, JsonValue, StringConstraints

from plant.agents.drafts import DraftDeliverable, DraftKind
from plant.agents.proposals import Proposals, table
from plant.agents.writing import (
    Brief,
    Constraints,
    Draft,
    TemplateWriter,
    Variant,
    Writer,
    fit,
    weekday_names,
)
from plant.patterns.capabilities import Capability, RunContext, capability
from shared.contracts.base import Moment, ShortText, Text, WireModel
from shared.posts.model import Platform

_LEAD = timedelta(minutes=15)
_EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WallTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Count = Annotated[int, Field(ge=1, le=62)]


class PlanSlots(WireModel):
    """The next `days` days from `at` on; `weekdays` counts from Monday, 0. At most `count` slots, spread evenly."""

    at: Moment
    timezone: str
    days: Annotated[int, Field(ge=1, le=62)]
    time_of_day: WallTime | None = None
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] | None = None
    count: Count | None = None


class Slot(WireModel):
    """`at` in UTC; `local` as the customer's clock shows it."""

    number: int
    at: Moment
    local: str


class Slots(WireModel):
    slots: tuple[Slot, ...]


class WritePosts(WireModel):
    """One post for each slot and platform; themes and offerings take turns."""

    language: ShortText
    brand: ShortText
    platforms: Annotated[tuple[Platform, ...], Field(min_length=1)]
    slots: tuple[Slot, ...]
    themes: tuple[ShortText, ...] = ()
    offerings: tuple[Text, ...] = ()
    location: ShortText | None = None
    call_to_action: Text | None = None
    link: Text | None = None
    hashtags: tuple[ShortText, ...] = ()
    image_url: Text | None = None
    max_length: Annotated[int, Field(ge=1)] | None = None
    max_hashtags: Annotated[int, Field(ge=0)] | None = None


class MakePack(WireModel):
    title: ShortText
    posts: tuple[DraftDeliverable, ...]


@dataclass(frozen=True, slots=True)
class MarketingAgent:
    writer: Writer

    async def write_posts(self, wanted: WritePosts, _context: RunContext) -> Proposals:
        found: list[DraftDeliverable] = []
        for slot in wanted.slots:
            draft = await self.writer.write(_brief(wanted, slot))
            found += [_post(wanted, slot, draft, platform) for platform in dict.fromkeys(wanted.platforms)]
        return Proposals(deliverables=tuple(found))


def plan_slots(wanted: PlanSlots, _context: RunContext) -> Slots:
    """A day without a time that still lies ahead has no slot; if none is left, the first possible moment is one."""
    zone = ZoneInfo(wanted.timezone)
    earliest = wanted.at + _LEAD
    moments = [moment for moment in _moments(wanted, zone) if moment >= earliest]
    if not moments:
        moments = [earliest.replace(second=0, microsecond=0) + timedelta(minutes=1)]
    chosen = _spread(moments, wanted.count)
    return Slots(
        slots=tuple(
            Slot(number=number, at=moment.astimezone(UTC), local=f"{moment.astimezone(zone):%Y-%m-%d %H:%M}")
            for number, moment in enumerate(chosen)
        )
    )


def make_pack(wanted: MakePack, _context: RunContext) -> Proposals:
    """The posts, headed by a calendar of them."""
    rows = [
        [_text(post.body.get("slot")), _text(post.body.get("theme")), post.title] for post in wanted.posts
    ]
    body: dict[str, JsonValue] = {
        "paragraphs": [f"{len(wanted.posts)} posts follow; each is approved on its own, or all together."],
        "tables": [table("Calendar", ("When", "Theme", "Post"), rows)],
    }
    calendar = DraftDeliverable(kind=DraftKind.REPORT, title=wanted.title, body=body)
    return Proposals(deliverables=(calendar, *wanted.posts))


def marketing_capabilities(writer: Writer) -> tuple[Capability, ...]:
    return (
        capability(
            "marketing.plan_slots",
            function=plan_slots,
            args=PlanSlots,
            result=Slots,
            summary="Find the times of the next posts in the customer's time zone.",
        ),
        capability(
            "marketing.write_posts",
            function=MarketingAgent(writer).write_posts,
            args=WritePosts,
            result=Proposals,
            summary="Write one post for each time and platform, within the platform's and the customer's limits.",
        ),
        capability(
            "marketing.make_pack",
            function=make_pack,
            args=MakePack,
            result=Proposals,
            summary="Head posts with a calendar of them.",
        ),
    )


CAPABILITIES = marketing_capabilities(TemplateWriter())


def _moments(wanted: PlanSlots, zone: ZoneInfo) -> Iterator[datetime]:
    hour, _, minute = (wanted.time_of_day or "10:00").partition(":")
    first = wanted.at.astimezone(zone).date()
    for offset in range(wanted.days + 1):
        day: date = first + timedelta(days=offset)
        if day.weekday() in (_EVERY_DAY if wanted.weekdays is None else wanted.weekdays):
            moment = datetime.combine(day, time(int(hour), int(minute)), zone)
            if moment <= wanted.at + timedelta(days=wanted.days):
                yield moment.astimezone(UTC)


def _spread(moments: list[datetime], count: int | None) -> list[datetime]:
    if count is None or count >= len(moments):
        return moments
    return [moments[number * len(moments) // count] for number in range(count)]


def _brief(wanted: WritePosts, slot: Slot) -> Brief:
    offering = wanted.offerings[slot.number % len(wanted.offerings)] if wanted.offerings else None
    theme = wanted.themes[slot.number % len(wanted.themes)] if wanted.themes else offering or wanted.brand
    return Brief(
        language=wanted.language,
        brand=wanted.brand,
        theme=theme,
        offering=None if offering == theme else offering,
        location=wanted.location,
        call_to_action=wanted.call_to_action,
        link=wanted.link,
        hashtags=wanted.hashtags,
        number=slot.number,
    )


def _post(wanted: WritePosts, slot: Slot, draft: Draft, platform: Platform) -> DraftDeliverable:
    limits = Constraints(max_length=wanted.max_length, max_hashtags=wanted.max_hashtags)
    variant = fit(draft, platform, limits)
    problems = [*variant.problems]
    if platform is Platform.INSTAGRAM and not wanted.image_url:
        problems.append(
            "Instagram takes no post without a picture; give the address of one in the goal's settings"
        )
    body = _body(draft, variant, slot=slot, theme=_brief(wanted, slot).theme)
    title = f"{platform.value.title()}, {_day_name(slot, draft.language)} {slot.local}"
    if problems:
        body["problems"] = [*problems]
        return DraftDeliverable(kind=DraftKind.REPORT, title=f"No post for {title}", body=body)
    request: dict[str, JsonValue] = {
        "platform": platform.value,
        "text": variant.text,
        "language": draft.language,
    }
    if platform is Platform.INSTAGRAM:
        request["image_url"] = wanted.image_url
    return DraftDeliverable(
        kind=DraftKind.POST, title=title, body=body, request=request, scheduled_for=slot.at
    )


def _body(draft: Draft, variant: Variant, *, slot: Slot, theme: str) -> dict[str, JsonValue]:
    body: dict[str, JsonValue] = {
        "canonical": draft.text,
        "theme": theme,
        "slot": slot.local,
        "used": f"{variant.check.count} of {variant.check.limit} {variant.check.unit}",
    }
    if draft.note:
        body["note"] = draft.note
    return body


def _day_name(slot: Slot, language: str) -> str:
    return weekday_names(language)[date.fromisoformat(slot.local[:10]).weekday()]


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
