"""One timeline of all that Plant recorded: under a correlation id, or of a hired agent."""

from uuid import UUID

from plant.timelines import store
from shared.contracts.timelines import Timeline, TimelineEntry, TimelineSource
from shared.db import OversightSession

MOST_ENTRIES = 1_000
_PLANT = TimelineSource(service="plant", included=True)


async def of_correlation(session: OversightSession, correlation_id: UUID) -> Timeline:
    """Empty when nothing is known under it."""
    found = await store.load_entries(session, store.OF_CORRELATION, correlation_id, limit=MOST_ENTRIES + 1)
    return _cut(found)


async def of_agent(session: OversightSession, hired_instance_id: UUID) -> Timeline:
    found = await store.load_entries(session, store.OF_AGENT, hired_instance_id, limit=MOST_ENTRIES + 1)
    return _cut(found)


def _cut(found: list[TimelineEntry]) -> Timeline:
    is_more = len(found) > MOST_ENTRIES
    return Timeline(entries=tuple(found[:MOST_ENTRIES]), sources=(_PLANT,), truncated=is_more)
