"""Every path that reaches Plant, who may call it, and how much: what is not in this table is answered 404.

To let portals use a new Plant endpoint, add its row here.
"""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from shared.identity import ActorType
from shared.keys import Issuer

_KIB = 1024
_DEFINITION = 240 * _KIB


class Caller(StrEnum):
    """Who calls, as one word: the portal that speaks, and for whom."""

    CUSTOMER = "customer"
    OPERATOR = "operator"
    PORTAL = "portal"


class Role(IntEnum):
    """An operator's role; a higher one may do all that a lower one may."""

    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3


class RateClass(StrEnum):
    READ = "read"
    WRITE = "write"
    DELIVERY = "delivery"


CALLERS: dict[tuple[Issuer, ActorType], Caller] = {
    (Issuer.CP, ActorType.CUSTOMER): Caller.CUSTOMER,
    (Issuer.PP, ActorType.OPERATOR): Caller.OPERATOR,
    (Issuer.CP, ActorType.SERVICE): Caller.PORTAL,
    (Issuer.PP, ActorType.SERVICE): Caller.PORTAL,
}


@dataclass(frozen=True, slots=True)
class Row:
    """`role` is the least an operator needs; `names_customer` says that the token must name whose data it is.

    Units: `body_limit` bytes; 0 means that no body is taken.
    """

    method: str
    path: str
    summary: str
    callers: frozenset[Caller]
    role: Role
    names_customer: bool
    body_limit: int
    rate: RateClass


def _shared_read(path: str, summary: str) -> Row:
    callers = frozenset({Caller.CUSTOMER, Caller.OPERATOR})
    return Row("GET", path, summary, callers, Role.VIEWER, True, 0, RateClass.READ)


def _shared_write(path: str, summary: str, *, body_limit: int = 64 * _KIB) -> Row:
    callers = frozenset({Caller.CUSTOMER, Caller.OPERATOR})
    return Row("POST", path, summary, callers, Role.OPERATOR, True, body_limit, RateClass.WRITE)


def _own_put(path: str, summary: str, *, body_limit: int = 64 * _KIB) -> Row:
    return replace(_shared_write(path, summary, body_limit=body_limit), method="PUT")


def _delivery(method: str, path: str, summary: str, *, body_limit: int = 64 * _KIB) -> Row:
    callers = frozenset({Caller.PORTAL})
    return Row(method, path, summary, callers, Role.VIEWER, True, body_limit, RateClass.DELIVERY)


def _oversight(path: str, summary: str) -> Row:
    return Row("GET", path, summary, frozenset({Caller.OPERATOR}), Role.VIEWER, False, 0, RateClass.READ)


def _operation(path: str, summary: str, *, role: Role) -> Row:
    return Row("PUT", path, summary, frozenset({Caller.OPERATOR}), role, False, 16 * _KIB, RateClass.WRITE)


def _own_delete(path: str, summary: str) -> Row:
    return replace(_shared_write(path, summary, body_limit=0), method="DELETE")


def _authoring(method: str, path: str, summary: str, *, role: Role, body_limit: int = 16 * _KIB) -> Row:
    callers = frozenset({Caller.OPERATOR})
    return Row(method, path, summary, callers, role, False, body_limit, RateClass.WRITE)


ROUTE_TABLE: tuple[Row, ...] = (
    replace(_shared_read("/api/v1/reference-agents", "List the reference agents"), names_customer=False),
    _shared_write("/api/v1/reference-agents/{agent_id}/run", "Run a reference agent"),
    _shared_read("/api/v1/deliverables", "List deliverables"),
    _shared_read("/api/v1/deliverables/{deliverable_id}", "Read a deliverable"),
    _shared_write("/api/v1/deliverables/{deliverable_id}/review", "Reject a deliverable"),
    _shared_write("/api/v1/deliverables/{deliverable_id}/execute", "Execute an approved deliverable"),
    _shared_read("/api/v1/executions", "List executions"),
    _shared_read("/api/v1/executions/{execution_id}", "Read an execution"),
    _shared_read("/api/v1/approvals", "List approvals as Plant sees them"),
    _shared_read("/api/v1/approvals/{approval_id}", "Read an approval as Plant sees it"),
    _shared_write("/api/v1/exchange-accounts/{credential_ref}/test", "Test a connection with one read"),
    _shared_write("/api/v1/platform-accounts/{credential_ref}/test", "Test a platform with one read"),
    _shared_read("/api/v1/usage-events", "List usage events"),
    _shared_read("/api/v1/policy-denials", "List denials"),
    _shared_read("/api/v1/decision-traces", "List decision traces"),
    _shared_read("/api/v1/decision-traces/{decision_id}", "Read a decision trace"),
    _shared_read("/api/v1/audit", "List audit rows"),
    _shared_read("/api/v1/audit/verify", "Verify the audit chain"),
    _shared_read("/api/v1/entitlement", "Read the entitlement"),
    replace(_shared_read("/api/v1/agent-types", "List the agent types"), names_customer=False),
    replace(_shared_read("/api/v1/agent-types/{agent_type_id}", "Read an agent type"), names_customer=False),
    _shared_read("/api/v1/hired-agents", "List hired agents"),
    _shared_read("/api/v1/hired-agents-summary", "Summarize hired agents"),
    _shared_read(
        "/api/v1/hired-agents/by-subscription/{subscription_id}", "Find a subscription's hired agent"
    ),
    _shared_read("/api/v1/hired-agents/{hired_instance_id}", "Read a hired agent"),
    _own_put("/api/v1/hired-agents/draft", "Begin or change a configuration", body_limit=16 * _KIB),
    _shared_write("/api/v1/hired-agents/{hired_instance_id}/finalize", "Let a hired agent work"),
    _shared_write("/api/v1/hired-agents/{hired_instance_id}/pause", "Pause a hired agent"),
    _shared_write("/api/v1/hired-agents/{hired_instance_id}/resume", "Resume a hired agent"),
    _shared_read("/api/v1/hired-agents/{hired_instance_id}/upgrade", "Report what an upgrade needs"),
    _shared_write("/api/v1/hired-agents/{hired_instance_id}/upgrade", "Upgrade a hired agent"),
    _shared_read("/api/v1/hired-agents/{hired_instance_id}/goals", "List goals"),
    _own_put("/api/v1/hired-agents/{hired_instance_id}/goals", "Set a goal"),
    _own_put("/api/v1/hired-agents/{hired_instance_id}/goals/{goal_id}", "Set or change a goal"),
    _own_delete("/api/v1/hired-agents/{hired_instance_id}/goals/{goal_id}", "Delete a goal"),
    _shared_write("/api/v1/hired-agents/{hired_instance_id}/goals/{goal_id}/run", "Run a goal now"),
    _shared_read("/api/v1/hired-agents/{hired_instance_id}/goals/{goal_id}/runs", "List a goal's runs"),
    _shared_read("/api/v1/hired-agents/{hired_instance_id}/runs", "List runs"),
    _shared_read("/api/v1/hired-agents/{hired_instance_id}/runs/{run_id}", "Read a run with its trace"),
    _shared_read("/api/v1/hired-agents/{hired_instance_id}/deliverables", "List an agent's deliverables"),
    _shared_read("/api/v1/notifications", "List notifications"),
    _shared_write(
        "/api/v1/notifications/{notification_id}/read", "Mark a notification as read", body_limit=0
    ),
    _shared_read("/api/v1/changes", "Read a marker for each topic"),
    _oversight("/internal/v1/changes", "Read a marker for each topic, of all customers"),
    _oversight("/internal/v1/oversight/customers", "List customers"),
    _delivery("POST", "/internal/v1/notification-deliveries/claim", "Claim what goes to channels outside"),
    _delivery("POST", "/internal/v1/notification-deliveries/acknowledge", "Say which of it is kept"),
    _delivery("PUT", "/internal/v1/subscriptions/{subscription_id}", "Deliver a subscription"),
    _delivery("PUT", "/internal/v1/platform-accounts/{credential_ref}", "Deliver a platform account"),
    _oversight("/internal/v1/oversight/hired-agents", "List all hired agents"),
    _oversight(
        "/internal/v1/oversight/hired-agents/{hired_instance_id}/timeline", "Read a hired agent's timeline"
    ),
    _oversight(
        "/internal/v1/oversight/correlations/{correlation_id}", "Read what is recorded of a correlation id"
    ),
    _oversight("/internal/v1/oversight/goal-runs", "List all goal runs"),
    _oversight("/internal/v1/oversight/scheduler", "Read the scheduler's health"),
    replace(
        _operation(
            "/internal/v1/oversight/goal-runs/{run_id}/run-again", "Run a dead run again", role=Role.OPERATOR
        ),
        method="POST",
        body_limit=0,
    ),
    _oversight("/internal/v1/agent-types", "List all versions of agent types"),
    _authoring(
        "POST",
        "/internal/v1/agent-types/validate",
        "Look at a definition; nothing is stored",
        role=Role.OPERATOR,
        body_limit=_DEFINITION,
    ),
    _authoring(
        "PUT",
        "/internal/v1/agent-types/{agent_type_id}/draft",
        "Keep a draft of an agent type",
        role=Role.ADMIN,
        body_limit=_DEFINITION,
    ),
    _authoring(
        "POST", "/internal/v1/agent-types/{agent_type_id}/publish", "Publish the draft", role=Role.ADMIN
    ),
    _authoring(
        "POST",
        "/internal/v1/agent-types/{agent_type_id}/versions/{version}/retire",
        "Retire a version",
        role=Role.ADMIN,
    ),
    _delivery("PUT", "/internal/v1/approvals", "Deliver a signed approval", body_limit=600 * _KIB),
    _delivery("POST", "/internal/v1/approval-revocations", "Deliver a revocation"),
    _delivery("PUT", "/internal/v1/exchange-accounts/{credential_ref}", "Deliver an account's settings"),
    _delivery("PUT", "/internal/v1/policy-denials", "Deliver a denial that a portal decided"),
    _oversight("/internal/v1/oversight/usage-events", "List all usage events"),
    _oversight("/internal/v1/oversight/policy-denials", "List all denials"),
    _oversight("/internal/v1/oversight/decision-traces", "List all decision traces"),
    _oversight("/internal/v1/oversight/decision-traces/{decision_id}", "Read any decision trace"),
    _oversight("/internal/v1/oversight/audit", "List all audit rows"),
    _oversight("/internal/v1/oversight/audit/export", "Export an audit chain, to the byte"),
    _oversight("/internal/v1/oversight/audit/heads", "List the heads of all audit chains"),
    _oversight("/internal/v1/oversight/audit/verify", "Verify any audit chain"),
    _oversight("/internal/v1/oversight/deliverables", "List all deliverables"),
    _oversight("/internal/v1/oversight/executions", "List all executions"),
    _oversight("/internal/v1/kill-switches", "List kill switches"),
    _operation("/internal/v1/kill-switches/{scope}", "Engage or release a kill switch", role=Role.OPERATOR),
    _oversight("/internal/v1/entitlements/{customer_id}", "Read a customer's entitlement"),
    _operation("/internal/v1/entitlements/{customer_id}", "Set a customer's entitlement", role=Role.ADMIN),
)
