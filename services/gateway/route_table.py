"""Every path that reaches Plant, who may call it, and how much: what is not in this table is answered 404.

To let portals use a new Plant endpoint, add its row here.
"""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from shared.identity import ActorType
from shared.keys import Issuer

_KIB = 1024


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


def _delivery(method: str, path: str, summary: str) -> Row:
    callers = frozenset({Caller.PORTAL})
    return Row(method, path, summary, callers, Role.VIEWER, True, 64 * _KIB, RateClass.DELIVERY)


def _oversight(path: str, summary: str) -> Row:
    return Row("GET", path, summary, frozenset({Caller.OPERATOR}), Role.VIEWER, False, 0, RateClass.READ)


def _operation(path: str, summary: str, *, role: Role) -> Row:
    return Row("PUT", path, summary, frozenset({Caller.OPERATOR}), role, False, 16 * _KIB, RateClass.WRITE)


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
    _shared_read("/api/v1/usage-events", "List usage events"),
    _shared_read("/api/v1/policy-denials", "List denials"),
    _shared_read("/api/v1/decision-traces", "List decision traces"),
    _shared_read("/api/v1/decision-traces/{decision_id}", "Read a decision trace"),
    _shared_read("/api/v1/audit", "List audit rows"),
    _shared_read("/api/v1/audit/verify", "Verify the audit chain"),
    _shared_read("/api/v1/entitlement", "Read the entitlement"),
    _delivery("PUT", "/internal/v1/approvals", "Deliver a signed approval"),
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
