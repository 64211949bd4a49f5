"""Facts that are stored with every decision: what was asked, by whom, and what the gate said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.denials import DenialReason
from shared.ids import CorrelationId, CustomerId, DecisionId, ExecutionId
from shared.paging import Page

JsonObject = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who and what a record is about."""

    customer_id: CustomerId
    correlation_id: CorrelationId
    actor: str
    agent_id: str | None = None
    action_kind: str | None = None
    action_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Denial:
    decision_id: DecisionId
    reason: DenialReason
    stage: str
    detail: str
    risk_codes: tuple[str, ...] = ()
    details: JsonObject = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Usage:
    """Units: `cost` in USD."""

    kind: str
    quantity: int
    cost: Decimal
    details: JsonObject = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Trace:
    """Shape: `inputs` and `decision` are canonical JSON texts; `inputs` parses as the risk gate's inputs."""

    trace_id: UUID
    verdict: str
    reason: str | None
    inputs: str
    decision: str
    explanation: str
    execution_id: ExecutionId | None = None


@dataclass(frozen=True, slots=True)
class EvidenceFilter:
    """Which records are wanted; None: any. Times: from `start` up to, not including, `end`."""

    customer_id: CustomerId | None = None
    correlation_id: UUID | None = None
    agent_id: str | None = None
    action: str | None = None
    reason: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    page: Page = field(default_factory=Page)
