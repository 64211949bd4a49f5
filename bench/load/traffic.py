"""Arrivals: as fast as so many callers can (to find the ceiling), or at a rate that waits for nobody."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.load.visits import Answer, Visitor

_MOST_AT_ONCE = 1_500


@dataclass(slots=True)
class Phase:
    """What was answered during one phase. `left_out` arrivals were not made: too many were under way."""

    answers: list[Answer] = field(default_factory=list[Answer])
    visits: int = 0
    left_out: int = 0
    seconds: float = 0.0

    @property
    def visits_per_s(self) -> float:
        return self.visits / self.seconds


@dataclass(slots=True)
class Crowd:
    """Customers of the platform; their answers go to the phase that is on."""

    visitors: Sequence[Visitor]
    dice: random.Random
    phase: Phase = field(default_factory=Phase)

    def tell(self, answer: Answer) -> None:
        self.phase.answers.append(answer)

    async def as_fast_as(self, callers: int, *, seconds: float) -> Phase:
        self.phase, started = Phase(), time.perf_counter()
        await asyncio.gather(*(self._caller(number, callers, started + seconds) for number in range(callers)))
        self.phase.seconds = time.perf_counter() - started
        return self.phase

    async def _caller(self, number: int, callers: int, until: float) -> None:
        mine = self.visitors[number::callers]
        while time.perf_counter() < until:
            await self.dice.choice(mine).visit(self.dice)
            self.phase.visits += 1

    async def at_rate(self, per_s: float, *, seconds: float) -> Phase:
        """Poisson arrivals; returns when the last visit has ended."""
        self.phase = phase = Phase()
        started, under_way = time.perf_counter(), set[asyncio.Task[None]]()
        next_at = started
        while (next_at := next_at + self.dice.expovariate(per_s)) < started + seconds:
            await asyncio.sleep(max(0.0, next_at - time.perf_counter()))
            if len(under_way) >= _MOST_AT_ONCE:
                phase.left_out += 1
                continue
            task = asyncio.create_task(self.dice.choice(self.visitors).visit(self.dice))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            phase.visits += 1
        phase.seconds = time.perf_counter() - started
        await asyncio.gather(*under_way)
        return phase
