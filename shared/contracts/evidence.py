"""Wire models of evidence: usage, denials, decision traces, the audit log, kill switches, entitlements."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from shared.contracts.approvals import ActionHashText
from shared.contracts.base import Moment, Name, ShortText, Text, WireDecimal, WireModel
from shared.denials import DenialReason


class PolicyDenial(WireModel):
    decision_id: UUID
    correlation_id: UUID
    customer_id: UUID
    agent_id: str | None
    action_kind: str | None
    reason: str
    risk_codes: tuple[str, ...]
    stage: str
    at: datetime
    details: dict[str, Any]


class PolicyDenialList(WireModel):
    items: tuple[PolicyDenial, ...]
    next_cursor: str | None = None


class DeliverDenial(WireModel):
    """Portal to Plant: a denial that the portal decided itself, for the one record of all denials."""

    decision_id: UUID
    reason: DenialReason
    stage: ShortText
    detail: Text
    actor: ShortText
    action_kind: Name | None = None
    action_hash: ActionHashText | None = None


class UsageEvent(WireModel):
    event_id: UUID
    correlation_id: UUID
    customer_id: UUID
    agent_id: str | None
    kind: str
    action_kind: str | None
    quantity: int
    at: datetime
    details: dict[str, Any]


class UsageEventList(WireModel):
    items: tuple[UsageEvent, ...]
    next_cursor: str | None = None


class DecisionTrace(WireModel):
    """`inputs` replays the decision; `outcome` and `explanation` say what came of it."""

    trace_id: UUID
    correlation_id: UUID
    customer_id: UUID
    agent_id: str | None
    action_kind: str | None
    action_hash: str | None
    verdict: str
    reason: str | None
    at: datetime
    inputs: dict[str, Any]
    decision: dict[str, Any]
    outcome: dict[str, Any]
    explanation: str


class DecisionTraceList(WireModel):
    items: tuple[DecisionTrace, ...]
    next_cursor: str | None = None


class AuditRow(WireModel):
    customer_id: UUID
    seq: int
    at: datetime
    kind: str
    body: dict[str, Any]
    body_hash: str
    prev_hash: str
    hash: str


class AuditRowList(WireModel):
    items: tuple[AuditRow, ...]
    next_cursor: str | None = None


class ExportedRow(WireModel):
    """`body` is the stored text, to the byte; its hash is over exactly that."""

    customer_id: UUID
    seq: int
    at: datetime
    kind: str
    body: str
    body_hash: str
    prev_hash: str
    hash: str


class ExportedCheckpoint(WireModel):
    """`statement` is the signed head: a JWS (EdDSA) of Plant's checkpoint key."""

    customer_id: UUID
    seq: int
    statement: str


class AuditExport(WireModel):
    """A stretch of a chain, oldest first; `next_after` is the seq to go on from, None at the end."""

    head_seq: int
    rows: tuple[ExportedRow, ...]
    checkpoints: tuple[ExportedCheckpoint, ...]
    next_after: int | None


class AuditHead(WireModel):
    customer_id: UUID
    seq: int
    hash: str


class AuditHeadList(WireModel):
    items: tuple[AuditHead, ...]
    next_cursor: str | None = None


class AuditVerdict(WireModel):
    """`first_broken_seq` names the first row that does not follow from the one before it."""

    ok: bool
    rows: int
    first_broken_seq: int | None
    detail: str


class KillSwitchRequest(WireModel):
    engaged: bool
    reason: ShortText


class KillSwitch(WireModel):
    scope: str
    engaged: bool
    reason: str
    actor: str
    changed_at: datetime


class KillSwitchList(WireModel):
    items: tuple[KillSwitch, ...]
    next_cursor: str | None = None


class EntitlementRequest(WireModel):
    """Put a customer on a plan; what is given here holds instead of the plan's own value.

    Units: `task_limit` in tasks a month, `budget_limit` in USD a month.
    """

    plan: Name
    trial_ends_at: Moment | None = None
    task_limit: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None
    budget_limit: Annotated[WireDecimal, Field(ge=0, max_digits=20, decimal_places=6)] | None = None


class Entitlement(WireModel):
    """Units: tasks and USD of cost, this month; null: no limit."""

    customer_id: UUID
    plan: str
    trial_ends_at: datetime | None
    tasks_used: Annotated[int, Field(ge=0)]
    task_limit: int | None
    budget_used: WireDecimal
    budget_limit: WireDecimal | None
