"""One timeline of a correlation id: what Plant recorded and what this portal did, in time order."""

from uuid import UUID

from pp_backend.timelines import store
from shared.contracts.timelines import Timeline, TimelineEntry, TimelineSource
from shared.portal import Portal
from shared.sign_in.party import Party

_MOST_ENTRIES = 1_000
_OWN = TimelineSource(service="pp", included=True)
_CUSTOMERS = TimelineSource(
    service="cp",
    included=False,
    note=(
        "The customer portal's database is its own, and this portal cannot read it: releases of its vault and the "
        "requests that customers made there are to be asked for there. What it told Plant is in Plant's records."
    ),
)
_GATEWAY = TimelineSource(
    service="gateway", included=False, note="The gateway keeps nothing; its log has the correlation id."
)


async def read(portal: Portal, correlation_id: UUID, *, by: Party) -> Timeline:
    """Raises: PlatformError 503 when Plant does not answer."""
    path = f"/internal/v1/oversight/correlations/{correlation_id}"
    plant = await portal.plant.fetch("GET", path, caller=by.caller(customer_id=None), model=Timeline)
    async with by.session(portal.database) as session:
        own = await store.load_entries(
            session, correlation_id, approval_ids=_approvals_in(plant.entries), limit=_MOST_ENTRIES
        )
    entries = sorted((*plant.entries, *own), key=lambda entry: entry.at)
    return Timeline(
        entries=tuple(entries[:_MOST_ENTRIES]),
        sources=(*plant.sources, _OWN, _CUSTOMERS, _GATEWAY),
        truncated=plant.truncated or len(entries) > _MOST_ENTRIES,
    )


def _approvals_in(entries: tuple[TimelineEntry, ...]) -> list[UUID]:
    return [UUID(entry.subject_id) for entry in entries if entry.record == "approval" and entry.subject_id]
