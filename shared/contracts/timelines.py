"""Wire models of timelines: all that was recorded of one correlation id, or of one hired agent, in time order."""

from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from shared.contracts.base import WireModel


class TimelineEntry(WireModel):
    """`record` is the kind of row that says so, `event` what it says; `subject_id` the thing it is about."""

    at: datetime
    service: str
    record: str
    event: str
    subject_id: str | None
    customer_id: UUID | None
    correlation_id: UUID | None
    facts: dict[str, JsonValue]


class TimelineSource(WireModel):
    """Whose records these are; `note` says what is not among them, and why."""

    service: str
    included: bool
    note: str | None = None


class Timeline(WireModel):
    """Oldest first. `truncated`: there is more than is shown."""

    entries: tuple[TimelineEntry, ...]
    sources: tuple[TimelineSource, ...]
    truncated: bool
