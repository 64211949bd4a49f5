"""What operators may reach of Plant through this portal, and with which role; anything else is a 404."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from shared.contracts.customers import CustomerOverviewList
from shared.contracts.evidence import (
    AuditExport,
    AuditHeadList,
    AuditRowList,
    AuditVerdict,
    DecisionTrace,
    DecisionTraceList,
    Entitlement,
    EntitlementRequest,
    KillSwitch,
    KillSwitchList,
    KillSwitchRequest,
    PolicyDenialList,
    UsageEventList,
)
from shared.contracts.goals import GoalList, GoalRun, GoalRunList, SchedulerHealth
from shared.contracts.hired_agents import HiredAgent, HiredAgentList
from shared.contracts.sign_in import Role
from shared.contracts.timelines import Timeline
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
from shared.web.portal import RequireOperator

_viewer = RequireOperator(Role.VIEWER)
_operator = RequireOperator(Role.OPERATOR)
_admin = RequireOperator(Role.ADMIN)
_PAGE = ("limit", "cursor")
_FILTERS = (*_PAGE, "customer_id", "correlation_id", "agent_id", "action", "reason", "from", "to")


def _overview(name: str, answer: type[BaseModel], *, query: tuple[str, ...] = _FILTERS) -> Passage:
    return Passage("GET", f"/api/pp/{name}", f"/internal/v1/oversight/{name}", answer, _viewer, query=query)


def _of_agent(name: str, answer: type[BaseModel], *, query: tuple[str, ...] = _PAGE) -> Passage:
    """What a hired agent has, for the customer that the query names."""
    path = f"/hired-agents/{{hired_instance_id}}/{name}"
    return Passage(
        "GET", f"/api/pp{path}", f"/api/v1{path}", answer, _viewer, query=query, customer_from_query=True
    )


def _setting(
    method: str,
    name: str,
    answer: type[BaseModel],
    *,
    access: Callable[..., Any],
    body: type[BaseModel] | None = None,
) -> Passage:
    return Passage(method, f"/api/pp/{name}", f"/internal/v1/{name}", answer, access, body=body)


PASSAGES = (
    _overview("usage-events", UsageEventList),
    _overview("policy-denials", PolicyDenialList),
    _overview("decision-traces", DecisionTraceList),
    _overview("decision-traces/{trace_id}", DecisionTrace, query=()),
    _overview("audit", AuditRowList, query=(*_PAGE, "customer_id")),
    _overview("audit/heads", AuditHeadList, query=_PAGE),
    _overview("audit/verify", AuditVerdict, query=("customer_id",)),
    _overview("audit/export", AuditExport, query=("customer_id", "after", "limit")),
    _overview("deliverables", DeliverableList, query=(*_PAGE, "customer_id", "state")),
    _overview("executions", ExecutionList, query=(*_PAGE, "customer_id")),
    _setting("GET", "kill-switches", KillSwitchList, access=_viewer),
    _setting("PUT", "kill-switches/{scope}", KillSwitch, access=_operator, body=KillSwitchRequest),
    _setting("GET", "entitlements/{customer_id}", Entitlement, access=_admin),
    _setting("PUT", "entitlements/{customer_id}", Entitlement, access=_admin, body=EntitlementRequest),
    _overview("customers", CustomerOverviewList, query=_PAGE),
    _overview("hired-agents", HiredAgentList, query=(*_PAGE, "customer_id", "agent_type_id", "state")),
    _overview("hired-agents/{hired_instance_id}/timeline", Timeline, query=()),
    _of_agent("goals", GoalList),
    _of_agent("runs", GoalRunList, query=(*_PAGE, "state")),
    _of_agent("runs/{run_id}", GoalRun, query=()),
    _of_agent("deliverables", DeliverableList, query=(*_PAGE, "state")),
    _overview("goal-runs", GoalRunList, query=(*_PAGE, "customer_id", "hired_instance_id", "state")),
    _overview("scheduler", SchedulerHealth, query=()),
    Passage(
        "POST",
        "/api/pp/goal-runs/{run_id}/run-again",
        "/internal/v1/oversight/goal-runs/{run_id}/run-again",
        GoalRun,
        _operator,
    ),
    Passage(
        "GET",
        "/api/pp/hired-agents/{hired_instance_id}",
        "/api/v1/hired-agents/{hired_instance_id}",
        HiredAgent,
        _viewer,
        customer_from_query=True,
    ),
    Passage("GET", "/api/pp/reference-agents", "/api/v1/reference-agents", ReferenceAgentList, _viewer),
    Passage(
        "POST",
        "/api/pp/reference-agents/{agent_id}/run",
        "/api/v1/reference-agents/{agent_id}/run",
        DraftRunResponse | ExecutedRunResponse,
        _operator,
        body=RunRequest,
        accepted=ExecutedRunResponse,
        customer_from_query=True,
    ),
    Passage(
        "GET",
        "/api/pp/deliverables/{deliverable_id}",
        "/api/v1/deliverables/{deliverable_id}",
        Deliverable,
        _viewer,
        customer_from_query=True,
    ),
    Passage(
        "POST",
        "/api/pp/deliverables/{deliverable_id}/execute",
        "/api/v1/deliverables/{deliverable_id}/execute",
        ExecuteResponse,
        _operator,
        body=ExecuteRequest,
        accepted=ExecuteResponse,
        customer_from_query=True,
    ),
    Passage(
        "GET",
        "/api/pp/executions/{execution_id}",
        "/api/v1/executions/{execution_id}",
        Execution,
        _viewer,
        customer_from_query=True,
    ),
)
