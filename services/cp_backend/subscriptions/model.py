"""A subscription: when its period ends, and what it is called at a moment."""

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NewType
from uuid import UUID

from shared.contracts.agent_types import HirePlan
from shared.contracts.hired_agents import SubscriptionStatus
from shared.ids import CustomerId

SubscriptionId = NewType("SubscriptionId", UUID)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Units: `task_limit` in tasks a month, `budget_limit` in USD a month; None: no limit, no end."""

    subscription_id: SubscriptionId
    customer_id: CustomerId
    agent_type_id: str
    plan: str
    task_limit: int | None
    budget_limit: Decimal | None
    started_at: datetime
    trial_ends_at: datetime | None
    cancelled_at: datetime | None
    ends_at: datetime | None
    retained_until: datetime | None
    version: int

    def status(self, now: datetime) -> SubscriptionStatus:
        if self.ends_at is not None:
            return SubscriptionStatus.ENDED if now >= self.ends_at else SubscriptionStatus.ENDING
        if self.trial_ends_at is None:
            return SubscriptionStatus.ACTIVE
        return SubscriptionStatus.TRIAL_EXPIRED if now >= self.trial_ends_at else SubscriptionStatus.TRIAL

    def is_gone(self, now: datetime) -> bool:
        return self.retained_until is not None and now >= self.retained_until

    def period_end(self, now: datetime) -> datetime:
        """When what is paid for is over: the trial's end, else the end of the month that runs. Never in the past."""
        if self.trial_ends_at is not None:
            return max(self.trial_ends_at, now)
        months = 1
        while add_months(self.started_at, months) <= now:
            months += 1
        return add_months(self.started_at, months)


def trial_end(plan: HirePlan, *, started_at: datetime) -> datetime | None:
    return None if plan.trial_days is None else started_at + timedelta(days=plan.trial_days)


def add_months(start: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day when it is shorter."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))
