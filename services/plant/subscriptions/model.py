"""A subscription as Plant knows it, and how long it lives: live, then read-only, then gone."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from shared.ids import CustomerId

SubscriptionId = NewType("SubscriptionId", UUID)


class Life(StrEnum):
    LIVE = "live"
    READ_ONLY = "read_only"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Units: `task_limit` in tasks a month, `budget_limit` in USD a month; None: no limit, no end."""

    subscription_id: SubscriptionId
    customer_id: CustomerId
    agent_type_id: str
    plan: str
    task_limit: int | None
    budget_limit: Decimal | None
    trial_ends_at: datetime | None
    ends_at: datetime | None
    retained_until: datetime | None

    def life(self, now: datetime) -> Life:
        if self.ends_at is None or now < self.ends_at:
            return Life.LIVE
        if self.retained_until is None or now < self.retained_until:
            return Life.READ_ONLY
        return Life.GONE


FIELDS = tuple(Subscription.__dataclass_fields__)


def subscription_of(row: Any) -> Subscription:
    """Shape: a row, or a mapping, with at least the columns of FIELDS."""
    return Subscription(**{name: row[name] for name in FIELDS})
