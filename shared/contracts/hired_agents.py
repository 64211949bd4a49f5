"""Wire models of hiring: subscriptions, hired agents and their configuration, platform accounts, the hub."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, JsonValue

from shared.contracts.agent_types import AgentTypeId, Finding, Identifier, JsonObject
from shared.contracts.base import Moment, ShortText, WireDecimal, WireModel

Version = Annotated[int, Field(ge=1, le=2_000_000_000)]
Limit = Annotated[int, Field(ge=0, le=10_000_000)]
Budget = Annotated[WireDecimal, Field(ge=Decimal(0), max_digits=12, decimal_places=4)]


class HireRequest(WireModel):
    agent_type_id: AgentTypeId
    plan: Identifier


class SubscriptionStatus(StrEnum):
    """`ending` runs until `ends_at`; `ended` can be read until `retained_until`."""

    TRIAL = "trial"
    TRIAL_EXPIRED = "trial_expired"
    ACTIVE = "active"
    ENDING = "ending"
    ENDED = "ended"


class SubscriptionTerms(WireModel):
    """What a customer has subscribed to. Units: tasks and USD a month; null: no limit, no end."""

    subscription_id: UUID
    agent_type_id: AgentTypeId
    plan: Identifier
    task_limit: Limit | None
    budget_limit: Budget | None
    trial_ends_at: Moment | None
    ends_at: Moment | None
    retained_until: Moment | None


class Subscription(SubscriptionTerms):
    status: SubscriptionStatus
    started_at: datetime
    cancelled_at: datetime | None


class SubscriptionList(WireModel):
    items: tuple[Subscription, ...]
    next_cursor: str | None = None


class SubscriptionNotice(SubscriptionTerms):
    """Portal to Plant: a subscription as it is from now on."""

    customer_id: UUID
    version: Version


class PlatformAccount(WireModel):
    """Portal to Plant: where a customer publishes; which vault holds the token; never the token."""

    credential_ref: UUID
    customer_id: UUID
    platform: Identifier
    vault: Literal["cp", "pp"]
    posting_identity: ShortText | None = None
    version: Version
    deleted: bool


class InstanceState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"


class DraftInstanceRequest(WireModel):
    """`version` is the one that was read; leave it out to start configuring a new subscription."""

    subscription_id: UUID
    config: JsonObject
    version: Version | None = None


class FinalizeRequest(WireModel):
    version: Version


class UpgradeRequest(WireModel):
    """`config` replaces the present one when the new version asks for more, or for less."""

    version: Version
    agent_type_version: Version
    config: JsonObject | None = None


class HiredAgent(WireModel):
    """`missing` is what keeps it from working; `config` holds references to credentials, never a secret."""

    hired_instance_id: UUID
    customer_id: UUID
    subscription_id: UUID
    agent_type_id: str
    agent_type_version: int
    nickname: str | None
    state: InstanceState
    config: dict[str, JsonValue]
    configured: bool
    missing: tuple[Finding, ...]
    read_only: bool
    version: int
    created_at: datetime
    updated_at: datetime


class HiredAgentList(WireModel):
    items: tuple[HiredAgent, ...]
    next_cursor: str | None = None


class GoalProblem(WireModel):
    goal_id: UUID
    template_id: str
    problems: tuple[Finding, ...]


class UpgradeReport(WireModel):
    """What an upgrade needs: `missing` in the configuration, `goals` that would not fit any more."""

    from_version: int
    to_version: int
    ready: bool
    missing: tuple[Finding, ...]
    added_fields: tuple[str, ...]
    removed_fields: tuple[str, ...]
    goals: tuple[GoalProblem, ...]


class HiredAgentSummary(WireModel):
    """Units: `tasks_used` and `budget_used` (USD) of this month."""

    hired_instance_id: UUID
    subscription_id: UUID
    agent_type_id: str
    agent_type_version: int
    nickname: str | None
    state: InstanceState
    configured: bool
    goals_completed: int
    drafts_waiting: int
    tasks_used: int
    budget_used: WireDecimal


class HiredAgentSummaryList(WireModel):
    items: tuple[HiredAgentSummary, ...]


class MyAgent(WireModel):
    """One line of the hub; `agent` is null until its configuration was begun."""

    subscription: Subscription
    configured: bool
    agent: HiredAgentSummary | None


class MyAgents(WireModel):
    """`selected` is the subscription that the hub shows."""

    items: tuple[MyAgent, ...]
    selected: UUID | None
