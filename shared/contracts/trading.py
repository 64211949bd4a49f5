"""Wire models of the trading trunk: runs, drafts, deliverables, reviews, executions."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, JsonValue, model_validator

from shared.approvals.action import Action
from shared.contracts.approvals import ActionHashText
from shared.contracts.base import Name, ShortText, Text, WireDecimal, WireModel
from shared.contracts.vault import Coin
from shared.posts.model import Platform

PositiveDecimal = Annotated[WireDecimal, Field(gt=0, max_digits=24, decimal_places=10)]


class ReferenceAgent(WireModel):
    agent_id: str
    display_name: str
    agent_type: str
    dimensions: dict[str, Any]


class ReferenceAgentList(WireModel):
    items: tuple[ReferenceAgent, ...]
    next_cursor: str | None = None


class RunRequest(WireModel):
    """Units: `units` in units of the coin (not contracts), `limit_price` in the quote currency."""

    exchange_account_id: UUID
    coin: Coin
    units: PositiveDecimal
    side: Literal["long", "short"]
    action: Literal["enter", "exit"]
    market: bool | None = None
    limit_price: PositiveDecimal | None = None
    intent_action: Name | None = None
    approval_id: UUID | None = None
    purpose: ShortText | None = None

    @model_validator(mode="after")
    def _market_or_limit(self) -> Self:
        if bool(self.market) == (self.limit_price is not None):
            raise ValueError("send either market: true or a limit_price")
        return self


class Plan(WireModel):
    """Units: `units` in coins, `contracts` whole, `notional` in `currency`; prices as seen at `priced_at`."""

    summary: str
    coin: str
    units: WireDecimal
    contracts: WireDecimal
    contract_value: WireDecimal
    price_shown: WireDecimal
    allowed_drift_bps: int
    notional: WireDecimal
    currency: str
    priced_at: datetime


class ShownCheck(WireModel):
    code: str
    status: str
    observed: str | None
    limit: str | None
    unit: str | None


class ShownRisk(WireModel):
    verdict: str
    policy_hash: str
    checks: tuple[ShownCheck, ...]


class Draft(WireModel):
    action: Action
    action_hash: ActionHashText
    plan: Plan | None
    risk: ShownRisk | None


class DeliverableState(StrEnum):
    DRAFT = "draft"
    PENDING_REVIEW = "pending_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXECUTING = "executing"
    EXECUTED = "executed"
    FAILED = "failed"
    EXPIRED = "expired"


class Transition(WireModel):
    at: datetime
    state: DeliverableState
    actor: str
    notes: str | None


class DeliverableKind(StrEnum):
    TRADE_ORDER = "trade_order"
    POST = "post"
    REPORT = "report"


class Deliverable(WireModel):
    """`draft` is what can be approved; without one there is nothing to approve, only `body` to read."""

    deliverable_id: UUID
    customer_id: UUID
    agent_id: str
    state: DeliverableState
    draft: Draft | None
    correlation_id: UUID
    execution_id: UUID | None
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    kind: DeliverableKind = DeliverableKind.TRADE_ORDER
    title: str | None = None
    body: dict[str, JsonValue] | None = None
    hired_instance_id: UUID | None = None
    goal_run_id: UUID | None = None
    scheduled_for: datetime | None = None
    transitions: tuple[Transition, ...] = ()


class DeliverableList(WireModel):
    items: tuple[Deliverable, ...]
    next_cursor: str | None = None


class ReviewRequest(WireModel):
    """`acknowledged` is for what holds no action: it was read, and is no longer waiting."""

    decision: Literal["approved", "rejected", "acknowledged"]
    action_hash: ActionHashText | None = None
    notes: Text | None = None


class ExecuteRequest(WireModel):
    approval_id: UUID | None = None


class ExecutionState(StrEnum):
    RELEASED = "released"
    SENDING = "sending"
    UNKNOWN = "unknown"
    OPEN = "open"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    ABSENT = "absent"
    VETOED = "vetoed"
    PUBLISHED = "published"


class TimelineEntry(WireModel):
    at: datetime
    state: ExecutionState
    detail: str


class PostReceipt(WireModel):
    """Where a post can be found. `url` is None where a platform tells none."""

    platform: Platform
    post_id: Text
    url: Text | None
    at: datetime


class Execution(WireModel):
    """Units: `filled_size` in contracts, `average_price` in quote currency, `fees` in the settling asset.

    `hired_instance_id` is the hired agent that drafted it, if one did.
    """

    execution_id: UUID
    approval_id: UUID
    deliverable_id: UUID
    action_hash: ActionHashText
    kind: str
    provider: str
    client_order_id: str
    broker_order_ids: tuple[str, ...]
    state: ExecutionState
    filled_size: WireDecimal
    average_price: WireDecimal | None
    fees: WireDecimal | None
    verified: bool
    receipt: PostReceipt | None = None
    hired_instance_id: UUID | None = None
    created_at: datetime
    updated_at: datetime
    timeline: tuple[TimelineEntry, ...] = ()


class ExecutionList(WireModel):
    items: tuple[Execution, ...]
    next_cursor: str | None = None


class ExecuteResponse(WireModel):
    execution: Execution
    replayed: bool


class DraftRunResponse(WireModel):
    agent_id: str
    agent_type: str
    status: Literal["draft"]
    deliverable_id: UUID
    draft: Draft


class ExecutedRunResponse(WireModel):
    agent_id: str
    agent_type: str
    status: Literal["executing", "executed", "failed"]
    deliverable_id: UUID
    execution: Execution
    replayed: bool
