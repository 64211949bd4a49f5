"""What customers may reach of Plant through this portal; a path that is not here is a 404."""

from shared.contracts.evidence import (
    AuditRowList,
    AuditVerdict,
    DecisionTrace,
    DecisionTraceList,
    Entitlement,
    PolicyDenialList,
    UsageEventList,
)
from shared.contracts.trading import (
    Deliverable,
    DeliverableList,
    DraftRunResponse,
    ExecuteRequest,
    ExecuteResponse,
    Execution,
    ExecutionList,
    ReferenceAgentList,
    RunRequest,
)
from shared.web.passages import Passage
from shared.web.portal import require_customer

_PAGE = ("limit", "cursor")
_EVIDENCE = (*_PAGE, "correlation_id", "agent_id", "action", "reason", "from", "to")


def _read(path: str, answer: type, *, query: tuple[str, ...] = ()) -> Passage:
    return Passage("GET", path, path, answer, require_customer, query=query)


def _act(path: str, body: type, answer: type) -> Passage:
    return Passage("POST", path, path, answer, require_customer, body=body)


PASSAGES = (
    _read("/api/v1/reference-agents", ReferenceAgentList),
    _act("/api/v1/reference-agents/{agent_id}/run", RunRequest, DraftRunResponse),
    _read("/api/v1/deliverables", DeliverableList, query=(*_PAGE, "state")),
    _read("/api/v1/deliverables/{deliverable_id}", Deliverable),
    _act("/api/v1/deliverables/{deliverable_id}/execute", ExecuteRequest, ExecuteResponse),
    _read("/api/v1/executions", ExecutionList, query=_PAGE),
    _read("/api/v1/executions/{execution_id}", Execution),
    _read("/api/v1/usage-events", UsageEventList, query=_EVIDENCE),
    _read("/api/v1/policy-denials", PolicyDenialList, query=_EVIDENCE),
    _read("/api/v1/decision-traces", DecisionTraceList, query=_EVIDENCE),
    _read("/api/v1/decision-traces/{trace_id}", DecisionTrace),
    _read("/api/v1/audit", AuditRowList, query=_PAGE),
    _read("/api/v1/audit/verify", AuditVerdict),
    _read("/api/v1/entitlement", Entitlement),
)
