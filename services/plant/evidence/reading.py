"""Reading evidence back, a page at a time. On a tenant's session one sees one's own, on oversight all."""

from uuid import UUID

from plant.evidence import store
from plant.evidence.model import EvidenceFilter
from shared.contracts.evidence import (
    AuditExport,
    AuditHeadList,
    AuditRowList,
    DecisionTrace,
    DecisionTraceList,
    PolicyDenialList,
    UsageEventList,
)
from shared.db import OversightSession, Session
from shared.errors import not_found
from shared.ids import CustomerId
from shared.paging import Page, cut_page


async def list_usage(session: Session, wanted: EvidenceFilter) -> UsageEventList:
    items, cursor = cut_page(await store.list_usage(session, wanted), wanted.page, id_of=lambda e: e.event_id)
    return UsageEventList(items=tuple(items), next_cursor=cursor)


async def list_denials(session: Session, wanted: EvidenceFilter) -> PolicyDenialList:
    found = await store.list_denials(session, wanted)
    items, cursor = cut_page(found, wanted.page, id_of=lambda d: d.decision_id)
    return PolicyDenialList(items=tuple(items), next_cursor=cursor)


async def list_traces(session: Session, wanted: EvidenceFilter) -> DecisionTraceList:
    found = await store.list_traces(session, wanted)
    items, cursor = cut_page(found, wanted.page, id_of=lambda t: t.trace_id)
    return DecisionTraceList(items=tuple(items), next_cursor=cursor)


async def get_trace(session: Session, trace_id: UUID) -> DecisionTrace:
    """Raises: PlatformError 404."""
    trace = await store.find_trace(session, trace_id)
    if trace is None:
        raise not_found("decision trace")
    return trace


async def export_audit(session: Session, customer_id: CustomerId, *, after: int, limit: int) -> AuditExport:
    rows, checkpoints, head = await store.export_rows(session, customer_id, after=after, limit=limit)
    next_after = rows[-1].seq if len(rows) == limit else None
    return AuditExport(head_seq=head, rows=tuple(rows), checkpoints=tuple(checkpoints), next_after=next_after)


async def list_heads(session: OversightSession, *, page: Page) -> AuditHeadList:
    items, cursor = cut_page(await store.list_heads(session, page=page), page, id_of=lambda h: h.customer_id)
    return AuditHeadList(items=tuple(items), next_cursor=cursor)


async def list_audit(
    session: Session, customer_id: CustomerId, *, before: int | None, limit: int
) -> AuditRowList:
    """Newest first; the cursor is the last seq seen."""
    rows = await store.list_audit(session, customer_id=customer_id, before=before, limit=limit + 1)
    shown = rows[:limit]
    cursor = str(shown[-1].seq) if len(rows) > limit else None
    return AuditRowList(items=tuple(shown), next_cursor=cursor)
