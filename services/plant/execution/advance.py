"""The worker's step: look at where an execution stands and take it one step on, until it is settled.

released -> send.py; sending (its sender died) and unknown -> resolve.py; at the venue -> follow.py.
Each step ends by writing the state and the next wake-up in one transaction.
"""

import asyncio

from plant.execution import follow, jobs, resolve, send, store
from plant.execution.desk import Desk
from plant.execution.model import TERMINAL, HeldExecution
from shared.contracts.trading import ExecutionState
from shared.ids import CustomerId, ExecutionId

_PATIENCE_S = 0.3
_MAX_STEPS = 50


async def advance(desk: Desk, *, customer_id: CustomerId, execution_id: ExecutionId) -> None:
    """Step until the execution is settled or its next step is due later; then a job is left for that."""
    for _ in range(_MAX_STEPS):
        held = await _load(desk, customer_id, execution_id)
        if held is None or held.settled:
            return
        wait_s = await _step(desk, held)
        if wait_s > _PATIENCE_S:
            return
        await asyncio.sleep(wait_s)
    await _continue_later(desk, customer_id, execution_id)


async def _step(desk: Desk, held: HeldExecution) -> float:
    """Take one step; return the seconds until the next one is due."""
    if held.state in TERMINAL:
        return await follow.settle(desk, held)
    match held.state:
        case ExecutionState.RELEASED:
            return await send.send(desk, held)
        case ExecutionState.SENDING:
            return await resolve.take_over(desk, held)
        case ExecutionState.UNKNOWN:
            return await resolve.look_up(desk, held)
        case _:
            return await follow.poll(desk, held)


async def _load(desk: Desk, customer_id: CustomerId, execution_id: ExecutionId) -> HeldExecution | None:
    async with desk.database.tenant(customer_id) as session:
        return await store.find(session, execution_id)


async def _continue_later(desk: Desk, customer_id: CustomerId, execution_id: ExecutionId) -> None:
    async with desk.database.tenant(customer_id) as session:
        held = await store.find(session, execution_id)
        if held is not None and not held.settled:
            await jobs.defer_advance(
                session,
                customer_id=customer_id,
                execution_id=execution_id,
                correlation_id=held.correlation_id,
            )
