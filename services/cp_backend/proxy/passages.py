"""What customers may reach of Plant through this portal; a path that is not here is a 404."""

from types import UnionType

from shared.contracts.agent_types import AgentType, AgentTypeList
from shared.contracts.evidence import (
    AuditRowList,
    AuditVerdict,
    DecisionTrace,
    DecisionTraceList,
    Entitlement,
    PolicyDenialList,
    UsageEventList,
)
from shared.contracts.goals import (
    Goal,
    GoalList,
    GoalRequest,
    GoalRun,
    GoalRunList,
    GoalRunRequest,
    NewGoalRequest,
)
from shared.contracts.hired_agents import (
    DraftInstanceRequest,
    FinalizeRequest,
    HiredAgent,
    HiredAgentList,
    UpgradeReport,
    UpgradeRequest,
)
from shared.contracts.notifications import Notification, NotificationList
from shared.contracts.trading import (
    Deliverable,
    DeliverableList,
    DraftRunResponse,
    ExecutedRunResponse,
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
_AGENT = "/api/v1/hired-agents/{hired_instance_id}"
_EVIDENCE = (*_PAGE, "correlation_id", "agent_id", "action", "reason", "from", "to")


def _read(path: str, answer: type, *, query: tuple[str, ...] = ()) -> Passage:
    return Passage("GET", path, path, answer, require_customer, query=query)


def _act(
    path: str,
    body: type | None,
    answer: type | UnionType,
    *,
    method: str = "POST",
    accepted: type | None = None,
) -> Passage:
    return Passage(method, path, path, answer, require_customer, body=body, accepted=accepted)


PASSAGES = (
    _read("/api/v1/reference-agents", ReferenceAgentList),
    _act(
        "/api/v1/reference-agents/{agent_id}/run",
        RunRequest,
        DraftRunResponse | ExecutedRunResponse,
        accepted=ExecutedRunResponse,
    ),
    _read("/api/v1/deliverables", DeliverableList, query=(*_PAGE, "state")),
    _read("/api/v1/deliverables/{deliverable_id}", Deliverable),
    _act(
        "/api/v1/deliverables/{deliverable_id}/execute",
        ExecuteRequest,
        ExecuteResponse,
        accepted=ExecuteResponse,
    ),
    _read("/api/v1/executions", ExecutionList, query=_PAGE),
    _read("/api/v1/executions/{execution_id}", Execution),
    _read("/api/v1/usage-events", UsageEventList, query=_EVIDENCE),
    _read("/api/v1/policy-denials", PolicyDenialList, query=_EVIDENCE),
    _read("/api/v1/decision-traces", DecisionTraceList, query=_EVIDENCE),
    _read("/api/v1/decision-traces/{trace_id}", DecisionTrace),
    _read("/api/v1/audit", AuditRowList, query=_PAGE),
    _read("/api/v1/audit/verify", AuditVerdict),
    _read("/api/v1/entitlement", Entitlement),
    _read("/api/v1/agent-types", AgentTypeList, query=_PAGE),
    _read("/api/v1/agent-types/{agent_type_id}", AgentType, query=("version",)),
    _read("/api/v1/hired-agents", HiredAgentList, query=_PAGE),
    _act("/api/v1/hired-agents/draft", DraftInstanceRequest, HiredAgent, method="PUT"),
    _read("/api/v1/hired-agents/by-subscription/{subscription_id}", HiredAgent),
    _read("/api/v1/hired-agents/{hired_instance_id}", HiredAgent),
    _act("/api/v1/hired-agents/{hired_instance_id}/finalize", FinalizeRequest, HiredAgent),
    _act("/api/v1/hired-agents/{hired_instance_id}/pause", None, HiredAgent),
    _act("/api/v1/hired-agents/{hired_instance_id}/resume", None, HiredAgent),
    _read("/api/v1/hired-agents/{hired_instance_id}/upgrade", UpgradeReport, query=("version",)),
    _act("/api/v1/hired-agents/{hired_instance_id}/upgrade", UpgradeRequest, HiredAgent),
    _read(f"{_AGENT}/goals", GoalList, query=_PAGE),
    _act(f"{_AGENT}/goals", NewGoalRequest, Goal, method="PUT"),
    _act(f"{_AGENT}/goals/{{goal_id}}", GoalRequest, Goal, method="PUT"),
    _act(f"{_AGENT}/goals/{{goal_id}}", None, Goal, method="DELETE"),
    _act(f"{_AGENT}/goals/{{goal_id}}/run", GoalRunRequest, GoalRun),
    _read(f"{_AGENT}/goals/{{goal_id}}/runs", GoalRunList, query=(*_PAGE, "state")),
    _read(f"{_AGENT}/runs", GoalRunList, query=(*_PAGE, "state")),
    _read(f"{_AGENT}/runs/{{run_id}}", GoalRun),
    _read(f"{_AGENT}/deliverables", DeliverableList, query=(*_PAGE, "state")),
    _read("/api/v1/notifications", NotificationList, query=(*_PAGE, "unread")),
    _act("/api/v1/notifications/{notification_id}/read", None, Notification),
)
