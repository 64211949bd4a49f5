"""Running work in bursts that are short enough for the market to stay fresh; its renewal is not measured."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from bench.world import World

_FRESH_FOR_S = 1.2
Work = Callable[[], Awaitable[object]]


async def rate_of(world: World, callers: Sequence[Work], *, each: int) -> float:
    """Let every caller do its work `each` times, all callers at once; return pieces of work per second."""
    left = [each] * len(callers)
    spent_s = 0.0
    while any(left):
        await world.make_fresh()
        started = time.perf_counter()
        bursts = [
            _burst(work, at_most=count, until=started + _FRESH_FOR_S)
            for work, count in zip(callers, left, strict=True)
        ]
        left = list(await asyncio.gather(*bursts))
        spent_s += time.perf_counter() - started
    return each * len(callers) / spent_s


async def _burst(work: Work, *, at_most: int, until: float) -> int:
    """Return how many are left when the time is over."""
    while at_most and time.perf_counter() < until:
        await work()
        at_most -= 1
    return at_most
