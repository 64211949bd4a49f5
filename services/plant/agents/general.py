"""Capabilities of no trade in particular: enough to write a new agent type as data, without a line of code."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints

from plant.agents.drafts import DraftDeliverable, DraftKind
from plant.patterns.capabilities import RunContext, capability
from plant.patterns.errors import CapabilityRefused
from shared.contracts.base import Moment, Name, ShortText, Text, WireModel

PostText = Annotated[str, StringConstraints(min_length=1, max_length=70_000)]
Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=40)]


class Comparison(StrEnum):
    BELOW = "<"
    AT_MOST = "<="
    EQUAL = "=="
    AT_LEAST = ">="
    ABOVE = ">"


class NoteArgs(WireModel):
    title: ShortText
    paragraphs: tuple[Text, ...] = Field(min_length=1, max_length=100)


class PostArgs(WireModel):
    title: ShortText
    platform: Name
    language: Name
    text: PostText
    scheduled_for: Moment | None = None


class PickArgs(WireModel):
    """From an object by its key, or from a list by its position."""

    source: dict[str, JsonValue] | list[JsonValue]
    key: ShortText | int
    otherwise: JsonValue = None


class CompareArgs(WireModel):
    """Numbers and amounts of money, which a condition must not compare itself: it would compare them as texts."""

    left: Number
    comparison: Comparison
    right: Number


class CollectArgs(WireModel):
    items: tuple[JsonValue, ...] = Field(max_length=1_000)


class Picked(WireModel):
    value: JsonValue
    found: bool


class Compared(WireModel):
    holds: bool


class Collected(WireModel):
    items: tuple[JsonValue, ...]
    count: int


def note(args: NoteArgs, _context: RunContext) -> DraftDeliverable:
    return DraftDeliverable(kind=DraftKind.REPORT, title=args.title, body={"paragraphs": [*args.paragraphs]})


def post(args: PostArgs, _context: RunContext) -> DraftDeliverable:
    return DraftDeliverable(
        kind=DraftKind.POST,
        title=args.title,
        body={"text": args.text},
        request={"platform": args.platform, "text": args.text, "language": args.language},
        scheduled_for=args.scheduled_for,
    )


def pick(args: PickArgs, _context: RunContext) -> Picked:
    match args.source, args.key:
        case dict() as fields, str(name):
            found, value = name in fields, fields.get(name)
        case list() as items, int(position):
            found = 0 <= position < len(items)
            value = items[position] if found else None
        case _:
            raise CapabilityRefused("an object is picked from by a text, a list by a whole number")
    return Picked(value=value if found else args.otherwise, found=found)


def compare(args: CompareArgs, _context: RunContext) -> Compared:
    order = args.left.compare(args.right)
    match args.comparison:
        case Comparison.BELOW:
            return Compared(holds=order < 0)
        case Comparison.AT_MOST:
            return Compared(holds=order <= 0)
        case Comparison.EQUAL:
            return Compared(holds=order == 0)
        case Comparison.AT_LEAST:
            return Compared(holds=order >= 0)
        case Comparison.ABOVE:
            return Compared(holds=order > 0)


def collect(args: CollectArgs, _context: RunContext) -> Collected:
    items = tuple(item for item in args.items if item is not None)
    return Collected(items=items, count=len(items))


CAPABILITIES = (
    capability(
        "general.note",
        function=note,
        args=NoteArgs,
        result=DraftDeliverable,
        summary="A report of a title and paragraphs.",
    ),
    capability(
        "general.post",
        function=post,
        args=PostArgs,
        result=DraftDeliverable,
        summary="A post for one platform, as text.",
    ),
    capability(
        "general.pick",
        function=pick,
        args=PickArgs,
        result=Picked,
        summary="One value of an object or a list.",
    ),
    capability(
        "general.compare",
        function=compare,
        args=CompareArgs,
        result=Compared,
        summary="Whether two numbers or amounts stand in an order; for conditions.",
    ),
    capability(
        "general.collect",
        function=collect,
        args=CollectArgs,
        result=Collected,
        summary="A list without its nulls, such as of deliverables some of which were skipped.",
    ),
)
