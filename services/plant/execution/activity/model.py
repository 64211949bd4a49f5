"""What an account has done lately, as the risk gate needs it."""

from dataclasses import dataclass
from datetime import datetime

from plant.risk.model import Counters


@dataclass(frozen=True, slots=True)
class RecentActivity:
    """The account's counters, and when its newest order that had an effect last changed."""

    now: datetime
    counters: Counters
    last_change: datetime | None
