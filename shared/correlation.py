"""The correlation id of the request or job at hand: accepted or made once, carried everywhere."""

from contextvars import ContextVar
from uuid import UUID

from shared.ids import CorrelationId, uuid7

HEADER = "X-Correlation-ID"
_current: ContextVar[CorrelationId | None] = ContextVar("correlation_id", default=None)


def current_correlation_id() -> CorrelationId:
    """Return the id at hand; outside a request or job a fresh one is made and kept."""
    correlation_id = _current.get()
    if correlation_id is None:
        correlation_id = CorrelationId(uuid7())
        _current.set(correlation_id)
    return correlation_id


def bind_correlation_id(correlation_id: UUID) -> None:
    _current.set(CorrelationId(correlation_id))


def accept_or_make(header_value: str | None) -> CorrelationId:
    try:
        return CorrelationId(UUID(header_value or ""))
    except ValueError:
        return CorrelationId(uuid7())
