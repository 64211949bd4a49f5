"""HTTP for evidence: customers read their own, operators read all, portals deliver the denials they decided.

Every operator's look is recorded.
"""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from plant.evidence import actions, reading
from plant.evidence.model import EvidenceFilter
from shared.contracts.base import Moment, ShortText
from shared.contracts.evidence import (
    AuditExport,
    AuditHeadList,
    AuditRowList,
    AuditVerdict,
    DecisionTrace,
    DecisionTraceList,
    DeliverDenial,
    PolicyDenialList,
    UsageEventList,
)
from shared.db import OversightSession, TenantSession
from shared.ids import CustomerId
from shared.web.identity import CallerCustomer, OperatorIdentity, PortalIdentity
from shared.web.paging import ThePage
from shared.web.params import PathId

own = APIRouter(prefix="/api/v1", tags=["evidence"])
oversight = APIRouter(prefix="/internal/v1/oversight", tags=["oversight"])
delivered = APIRouter(prefix="/internal/v1", tags=["evidence"])
Before = Annotated[int | None, Query(alias="cursor", ge=1, le=2**62)]
Limit = Annotated[int, Query(ge=1, le=200)]


async def own_session(request: Request, customer_id: CallerCustomer) -> AsyncGenerator[TenantSession]:
    async with request.app.state.wiring.database.tenant(customer_id) as session:
        yield session


async def oversight_session(request: Request, caller: OperatorIdentity) -> AsyncGenerator[OversightSession]:
    database = request.app.state.wiring.database
    async with actions.oversee(database, caller=caller, purpose=request.url.path) as session:
        yield session


async def wanted_records(
    page: ThePage,
    correlation_id: UUID | None = None,
    agent_id: ShortText | None = None,
    action: ShortText | None = None,
    reason: ShortText | None = None,
    start: Annotated[Moment | None, Query(alias="from")] = None,
    end: Annotated[Moment | None, Query(alias="to")] = None,
) -> EvidenceFilter:
    return EvidenceFilter(
        correlation_id=correlation_id,
        agent_id=agent_id,
        action=action,
        reason=reason,
        start=start,
        end=end,
        page=page,
    )


async def _of_customer(
    wanted: Annotated[EvidenceFilter, Depends(wanted_records)], customer_id: UUID | None = None
) -> EvidenceFilter:
    return replace(wanted, customer_id=CustomerId(customer_id) if customer_id else None)


OwnSession = Annotated[TenantSession, Depends(own_session)]
AllSession = Annotated[OversightSession, Depends(oversight_session)]
Wanted = Annotated[EvidenceFilter, Depends(wanted_records)]
WantedOfAll = Annotated[EvidenceFilter, Depends(_of_customer)]


@delivered.put("/policy-denials", status_code=204)
async def deliver_denial(request: Request, denial: DeliverDenial, caller: PortalIdentity) -> None:
    await actions.take_in_denial(request.app.state.wiring.database, denial, caller=caller)


@own.get("/usage-events")
async def list_own_usage(session: OwnSession, wanted: Wanted) -> UsageEventList:
    return await reading.list_usage(session, wanted)


@own.get("/policy-denials")
async def list_own_denials(session: OwnSession, wanted: Wanted) -> PolicyDenialList:
    return await reading.list_denials(session, wanted)


@own.get("/decision-traces")
async def list_own_traces(session: OwnSession, wanted: Wanted) -> DecisionTraceList:
    return await reading.list_traces(session, wanted)


@own.get("/decision-traces/{trace_id}")
async def get_own_trace(session: OwnSession, trace_id: PathId) -> DecisionTrace:
    return await reading.get_trace(session, trace_id)


@own.get("/audit")
async def list_own_audit(session: OwnSession, cursor: Before = None, limit: Limit = 50) -> AuditRowList:
    return await reading.list_audit(session, session.customer_id, before=cursor, limit=limit)


@own.get("/audit/verify")
async def verify_own_audit(request: Request, session: OwnSession) -> AuditVerdict:
    trust = request.app.state.wiring.trust
    return await actions.verify_audit(session, customer_id=session.customer_id, trust=trust)


@oversight.get("/usage-events")
async def list_all_usage(session: AllSession, wanted: WantedOfAll) -> UsageEventList:
    return await reading.list_usage(session, wanted)


@oversight.get("/policy-denials")
async def list_all_denials(session: AllSession, wanted: WantedOfAll) -> PolicyDenialList:
    return await reading.list_denials(session, wanted)


@oversight.get("/decision-traces")
async def list_all_traces(session: AllSession, wanted: WantedOfAll) -> DecisionTraceList:
    return await reading.list_traces(session, wanted)


@oversight.get("/decision-traces/{trace_id}")
async def get_any_trace(session: AllSession, trace_id: PathId) -> DecisionTrace:
    return await reading.get_trace(session, trace_id)


@oversight.get("/audit")
async def list_any_audit(
    session: AllSession, customer_id: UUID, cursor: Before = None, limit: Limit = 50
) -> AuditRowList:
    return await reading.list_audit(session, CustomerId(customer_id), before=cursor, limit=limit)


@oversight.get("/audit/export")
async def export_any_audit(
    session: AllSession,
    customer_id: UUID,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> AuditExport:
    return await reading.export_audit(session, CustomerId(customer_id), after=after, limit=limit)


@oversight.get("/audit/heads")
async def list_audit_heads(session: AllSession, page: ThePage) -> AuditHeadList:
    return await reading.list_heads(session, page=page)


@oversight.get("/audit/verify")
async def verify_any_audit(request: Request, session: AllSession, customer_id: UUID) -> AuditVerdict:
    trust = request.app.state.wiring.trust
    return await actions.verify_audit(session, customer_id=CustomerId(customer_id), trust=trust)
