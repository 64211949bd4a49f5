"""What the pattern of a goal puts out: drafts of deliverables, for the goal engine to make deliverables of."""

from enum import StrEnum

from pydantic import JsonValue

from shared.contracts.base import Moment, ShortText, WireModel


class DraftKind(StrEnum):
    TRADE_ORDER = "trade_order"
    POST = "post"
    REPORT = "report"


class DraftDeliverable(WireModel):
    """`body` is what the reviewer reads; `request` what would be carried out, None for a report.

    Shape: the request of a trade_order is {coin, units, side, action, market | limit_price}, that of a post is
    {platform, text, language}.
    """

    kind: DraftKind
    title: ShortText
    body: dict[str, JsonValue]
    request: dict[str, JsonValue] | None = None
    scheduled_for: Moment | None = None
