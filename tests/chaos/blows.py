"""Striking the machine room by schedule: kill and freeze processes at random moments, restart the database."""

import asyncio
import time

from tests.chaos.fleet import names_in_turn
from tests.chaos.plan import Blow, PlannedBlow
from tests.chaos.scene import Chaos

_PERIOD_S = 0.05
_LEAD_S = 0.5


_AT_PLANT = (Blow.KILL_PLANT, Blow.FREEZE_PLANT)


async def strike_by_schedule(chaos: Chaos) -> None:
    """Plants are struck in their own turn, beside the workers and the database."""
    at_plants = [blow for blow in chaos.plan.blows if blow.blow in _AT_PLANT]
    others = [blow for blow in chaos.plan.blows if blow.blow not in _AT_PLANT]
    await asyncio.gather(_strike_in_turn(chaos, at_plants), _strike_in_turn(chaos, others))


async def _strike_in_turn(chaos: Chaos, blows: list[PlannedBlow]) -> None:
    for blow in blows:
        while chaos.done < blow.after:
            await asyncio.sleep(_PERIOD_S)
        await _strike(chaos, blow)
        chaos.met[blow.blow] += 1


async def _strike(chaos: Chaos, blow: PlannedBlow) -> None:
    match blow.blow:
        case Blow.KILL_WORKER:
            async with chaos.worker_down:
                await _kill(chaos, names_in_turn(chaos.fleet.workers, blow.victim), blow.seconds)
        case Blow.KILL_PLANT:
            async with chaos.plant_down:
                await _kill(chaos, names_in_turn(chaos.fleet.plants, blow.victim), blow.seconds)
        case Blow.FREEZE_WORKER:
            async with chaos.worker_down:
                chaos.watch.struck("worker frozen", now_s=time.time())
                await _freeze(chaos, names_in_turn(chaos.fleet.workers, blow.victim), blow.seconds)
        case Blow.FREEZE_PLANT:
            async with chaos.plant_down:
                await _freeze(chaos, names_in_turn(chaos.fleet.plants, blow.victim), blow.seconds)
        case _:
            async with chaos.worker_down, chaos.plant_down:
                await _strike_all(chaos, blow)


async def _strike_all(chaos: Chaos, blow: PlannedBlow) -> None:
    fleet = chaos.fleet
    if blow.blow is Blow.KILL_ALL_WORKERS:
        for name in fleet.workers:
            fleet.kill(name)
        await asyncio.sleep(blow.seconds)
        await asyncio.gather(*(fleet.restart(name) for name in fleet.workers))
        chaos.watch.recovered("all workers were away", now_s=time.time())
        return
    if blow.blow is Blow.KILL_DATABASE:
        fleet.kill_database()
        await asyncio.sleep(_LEAD_S)
    await fleet.restart_database()
    chaos.watch.recovered("PostgreSQL was away", now_s=time.time())


async def _kill(chaos: Chaos, name: str, seconds: float) -> None:
    chaos.kill(name, cause="killed at random")
    await asyncio.sleep(seconds)
    await chaos.fleet.restart(name)


async def _freeze(chaos: Chaos, name: str, seconds: float) -> None:
    chaos.fleet.freeze(name)
    await asyncio.sleep(seconds)
    chaos.fleet.thaw(name)
