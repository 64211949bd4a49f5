"""What all parts of a run share: the fleet, the watch, who may be down at the moment, and what has happened."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from tests.actors import Operator
from tests.chaos.client import Verdict
from tests.chaos.fleet import Fleet
from tests.chaos.plan import Plan, PlannedOrder
from tests.chaos.watch import Watch


@dataclass(frozen=True, slots=True)
class Placed:
    """An approved order and everything its customer was told: in the end, and in between."""

    order: PlannedOrder
    approval_id: UUID
    verdict: Verdict
    told: frozenset[UUID]


@dataclass(slots=True)
class Chaos:
    """`worker_down` and `plant_down`: one process of a kind is down at a time, so that another can take over."""

    plan: Plan
    fleet: Fleet
    watch: Watch
    operator: Operator
    worker_down: asyncio.Lock = field(default_factory=asyncio.Lock)
    plant_down: asyncio.Lock = field(default_factory=asyncio.Lock)
    placed: list[Placed] = field(default_factory=list[Placed])
    done: int = 0
    met: Counter[str] = field(default_factory=Counter[str])
    missed: Counter[str] = field(default_factory=Counter[str])
    problems: list[str] = field(default_factory=list[str])

    def kill(self, name: str, *, cause: str) -> None:
        self.fleet.kill(name)
        if name in self.fleet.workers:
            self.watch.struck(cause, now_s=time.time())
