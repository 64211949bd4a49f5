"""Plays attacks against a running stack: a few side by side, each in a scene of its own."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

import httpx

from cli.attack.exchange import Exchange
from cli.attack.model import Attack, Result
from cli.attack.scene import TIMEOUT_S, Scene
from cli.attack.target import Target

AT_ONCE = 5

Report = Callable[[Result], None]


async def play_attacks(attacks: Sequence[Attack], *, target: Target, report: Report) -> list[Result]:
    """Return the results in the order of the attacks; `report` hears of each when it is over."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def play(attack: Attack) -> Result:
        async with turns:
            result = await _play(attack, target)
            report(result)
            return result

    long_first = sorted(attacks, key=lambda attack: not attack.is_long)
    results = await asyncio.gather(*(play(attack) for attack in long_first))
    return sorted(results, key=lambda result: attacks.index(result.attack))


async def _play(attack: Attack, target: Target) -> Result:
    started = time.monotonic()
    async with AsyncExitStack() as opened:
        sandbox = httpx.AsyncClient(base_url=target.sandbox_url, timeout=TIMEOUT_S, trust_env=False)
        scene = Scene(target, opened, Exchange(await opened.enter_async_context(sandbox)))
        (trouble,) = await asyncio.gather(_act(attack, scene), return_exceptions=True)
    said = f"{type(trouble).__name__}: {trouble}" if trouble is not None else None
    return Result(attack, tuple(scene.facts), said, time.monotonic() - started)


async def _act(attack: Attack, scene: Scene) -> None:
    await attack.act(scene)
    await scene.check_effects()
