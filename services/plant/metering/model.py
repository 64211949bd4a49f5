"""Plans and what is left of them: the trial's end, its tasks, the month's budget. Plans are data: plans.json."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from pydantic import TypeAdapter

from shared.contracts.base import WireDecimal, WireModel
from shared.denials import DenialReason


class Plan(WireModel):
    """Units: `task_limit` in tasks a month, budgets and costs in USD; null: no limit."""

    trial_days: int | None
    task_limit: int | None
    budget_limit_usd: WireDecimal | None
    task_cost_usd: WireDecimal


PLANS: Mapping[str, Plan] = TypeAdapter(dict[str, Plan]).validate_json(
    (Path(__file__).parent / "plans.json").read_bytes()
)
DEFAULT_PLAN = "trial"


@dataclass(frozen=True, slots=True)
class InstanceStanding:
    """A hired agent's plan and what was used of it this month; it ends with its subscription."""

    plan: str
    task_limit: int | None
    budget_limit: Decimal | None
    trial_ends_at: datetime | None
    ends_at: datetime | None
    tasks_used: int
    cost_used: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's plan and what was used of it this month; and where the hired agent stands that is asked for."""

    plan: str
    trial_ends_at: datetime | None
    task_limit: int | None
    budget_limit: Decimal | None
    tasks_used: int
    cost_used: Decimal
    instance: InstanceStanding | None = None

    @property
    def task_cost(self) -> Decimal:
        return PLANS[self.plan].task_cost_usd


def limit_reached(standing: Standing, *, now: datetime) -> DenialReason | None:
    """Say whether one more task would go beyond the plan, before it costs anything."""
    if standing.trial_ends_at is not None and now >= standing.trial_ends_at:
        return DenialReason.TRIAL_EXPIRED
    if standing.task_limit is not None and standing.tasks_used >= standing.task_limit:
        return DenialReason.TRIAL_LIMIT_REACHED
    if standing.budget_limit is not None and standing.cost_used + standing.task_cost > standing.budget_limit:
        return DenialReason.BUDGET_EXCEEDED
    return None if standing.instance is None else _limit_of_instance(standing, standing.instance, now=now)


def _limit_of_instance(
    standing: Standing, instance: InstanceStanding, *, now: datetime
) -> DenialReason | None:
    ends = (end for end in (instance.trial_ends_at, instance.ends_at) if end is not None)
    if any(now >= end for end in ends):
        return DenialReason.TRIAL_EXPIRED
    if instance.task_limit is not None and instance.tasks_used >= instance.task_limit:
        return DenialReason.TRIAL_LIMIT_REACHED
    if instance.budget_limit is not None and instance.cost_used + standing.task_cost > instance.budget_limit:
        return DenialReason.BUDGET_EXCEEDED
    return None
