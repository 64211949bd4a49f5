"""The course of a load run: sign up, find the ceiling, stay below it for long, go above it, come back."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import httpx

from bench.load.faults import plant_faults
from bench.load.traffic import Crowd, Phase
from bench.load.visits import Answer, Visitor
from bench.load.watch import Watcher
from shared.clock import utc_now
from tests.actors import connect_exchange, new_customer
from tests.stack import Stack, running_test_stack

_CALLERS = 16
_SETTLE_S = 90.0
_FAULT_SHARE = 0.05
_SIGN_UPS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """Units: `minutes` below the ceiling at `share` of it; `above` times the ceiling for half a minute."""

    minutes: float
    customers: int
    share: float
    above: float
    seed: int


@dataclass(frozen=True, slots=True)
class Course:
    """What happened. `open_after` executions had not settled when the run gave up waiting for them."""

    plan: LoadPlan
    ceiling: Phase
    steady: Phase
    steady_between: tuple[float, float]
    above: Phase
    again: Phase
    watcher: Watcher
    faults_per_s: float
    open_after: int
    duplicates: int


async def run(plan: LoadPlan) -> Course:
    # The exchange's own limits are lifted: one machine plays all customers.
    dice = random.Random(plan.seed)  # noqa: S311  a schedule, not a secret
    with running_test_stack() as stack:
        async with AsyncExitStack() as opened:
            await _lift_exchange_limits(stack)
            crowd = Crowd(visitors := [], dice)
            visitors += await _sign_up(opened, stack, plan.customers, crowd)
            async with _watched(stack) as watcher:
                return await _course(plan, stack, crowd, watcher)


async def _course(plan: LoadPlan, stack: Stack, crowd: Crowd, watcher: Watcher) -> Course:
    await crowd.as_fast_as(_CALLERS, seconds=15)
    ceiling_began = utc_now()
    ceiling = await crowd.as_fast_as(_CALLERS, seconds=45)
    asked_per_s = await _exchange_requests(stack, since=ceiling_began) / ceiling.seconds
    rate, faults = plan.share * ceiling.visits_per_s, _FAULT_SHARE * plan.share * asked_per_s
    await crowd.at_rate(rate, seconds=30)
    started = time.monotonic()
    async with _background(plant_faults(stack.sandbox_url, per_s=faults, dice=crowd.dice)):
        steady = await crowd.at_rate(rate, seconds=plan.minutes * 60)
    steady_between = started, time.monotonic()
    await _clear_faults(stack)
    above = await crowd.at_rate(plan.above * ceiling.visits_per_s, seconds=30)
    again = await crowd.at_rate(rate / 2, seconds=30)
    open_after = await watcher.until_settled(patience_s=_SETTLE_S)
    duplicates = await _duplicates(stack)
    return Course(
        plan, ceiling, steady, steady_between, above, again, watcher, faults, open_after, duplicates
    )


async def _sign_up(opened: AsyncExitStack, stack: Stack, customers: int, crowd: Crowd) -> list[Visitor]:
    gate = asyncio.Semaphore(_SIGN_UPS_AT_ONCE)

    async def one() -> Visitor:
        async with gate:
            customer = await opened.enter_async_context(new_customer(stack))
            account = await connect_exchange(stack, customer, balances={"USD": "100000000"})
        customer.http.timeout = httpx.Timeout(60)
        return Visitor(customer.http, str(account.credential_ref), crowd.tell)

    return list(await asyncio.gather(*(one() for _ in range(customers))))


@asynccontextmanager
async def _watched(stack: Stack) -> AsyncGenerator[Watcher]:
    watcher = Watcher(stack)
    async with _background(watcher.run()):
        yield watcher


@asynccontextmanager
async def _background(work: Coroutine[None, None, None]) -> AsyncGenerator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _lift_exchange_limits(stack: Stack) -> None:
    limits = {"venue": "delta", "units": 1_000_000_000, "matching_operations_per_s": 1_000_000}
    async with httpx.AsyncClient(base_url=stack.sandbox_url, trust_env=False) as http:
        (await http.put("/_control/rate_limit", json=limits)).raise_for_status()


async def _exchange_requests(stack: Stack, *, since: datetime) -> int:
    async with httpx.AsyncClient(base_url=stack.sandbox_url, trust_env=False, timeout=60) as http:
        answer = await http.get("/_control/ledger", params={"venue": "delta", "since": since.isoformat()})
        return len(answer.raise_for_status().json()["items"])


async def _clear_faults(stack: Stack) -> None:
    async with httpx.AsyncClient(base_url=stack.sandbox_url, trust_env=False) as http:
        (await http.delete("/_control/faults")).raise_for_status()


async def _duplicates(stack: Stack) -> int:
    """Orders at the exchange beyond the first of a client order id."""
    async with httpx.AsyncClient(base_url=stack.sandbox_url, trust_env=False, timeout=60) as http:
        answer = await http.get("/_control/orders", params={"venue": "delta"})
        ids = [order["client_order_id"] for order in answer.raise_for_status().json()["items"]]
    return len(ids) - len(set(ids))


def is_failure(answer: Answer) -> bool:
    """Neither a success nor a refusal that says why: what a customer would call an error."""
    return answer.status in (0, 500, 502, 504) or answer.reason == "unnamed"


def is_shed(answer: Answer) -> bool:
    return answer.status in (429, 503)
