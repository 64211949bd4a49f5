"""The whole path over HTTP: draft, approve, execute, with every service, gate, vault and audit row there is."""

import asyncio
import os
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

import httpx

from bench.measure import Figure, Plan, measure_rounds, percentile
from tests.actors import connect_exchange, new_customer
from tests.stack import Stack, running_test_stack

_CYCLES_PER_ROUND = {1: 30, 8: 10, 32: 5}
# An account's orders are limited to ten a second, so one quick caller alternates between accounts.
_ACCOUNTS_OF = {1: 4, 8: 1, 32: 1}
_RUN = "/api/v1/reference-agents/AGT-TRD-DELTA-001/run"
_STEPS = ("draft", "approve", "execute", "whole")
_SHARES = {"p50": 0.5, "p99": 0.99}
_RATES = ("READ", "WRITE", "DELIVERY")


async def run(plan: Plan) -> list[Figure]:
    for rate in _RATES:
        os.environ[f"COUNTERSIGN_GATEWAY_{rate}_RATE_PER_S"] = "1000000"
    with running_test_stack() as stack:
        await _lift_exchange_limits(stack)
        figures: list[Figure] = []
        for callers in _CYCLES_PER_ROUND:
            figures += await _measure(stack, callers=callers, plan=plan)
        return figures


async def _measure(stack: Stack, *, callers: int, plan: Plan) -> list[Figure]:
    each = plan.count(_CYCLES_PER_ROUND[callers], least=2)
    async with AsyncExitStack() as opened:
        traders = [await _Trader.open(opened, stack, accounts=_ACCOUNTS_OF[callers]) for _ in range(callers)]
        await _run_all(traders, each=2)

        async def ours(_round: int) -> dict[str, float]:
            return await _run_all(traders, each=each)

        found = await measure_rounds([ours], rounds=plan.rounds)
    who = f"{callers} caller{'s' if callers > 1 else ''}"
    cycles = Figure(f"draft, approve, execute over HTTP, {who}", "per s", found["per s"])
    times = [
        Figure(f"{step}, {who}, {label}", "ms", found[f"{step} {label}"])
        for step in _STEPS
        for label in _SHARES
    ]
    return [cycles, *times]


@dataclass(slots=True)
class _Trader:
    """A customer who proposes, approves and executes order after order, each of another size."""

    http: httpx.AsyncClient
    accounts: Sequence[str]
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    async def open(cls, opened: AsyncExitStack, stack: Stack, *, accounts: int) -> "_Trader":
        customer = await opened.enter_async_context(new_customer(stack))
        balances = {"USD": "100000000"}
        connected = [await connect_exchange(stack, customer, balances=balances) for _ in range(accounts)]
        return cls(customer.http, [str(account.credential_ref) for account in connected])

    async def cycle(self) -> dict[str, float]:
        """Units: milliseconds for each step. The answer to the last one says that the order is on its way."""
        number = next(self._numbers)
        times = [time.perf_counter()]
        drafted = await self._post(_RUN, self._order(number))
        times.append(time.perf_counter())
        wanted = {"deliverable_id": drafted["deliverable_id"], "action_hash": drafted["draft"]["action_hash"]}
        approval = await self._post("/api/cp/approvals", wanted)
        times.append(time.perf_counter())
        path = f"/api/v1/deliverables/{drafted['deliverable_id']}/execute"
        await self._post(path, {"approval_id": approval["approval_id"]})
        times.append(time.perf_counter())
        spent = [later - earlier for earlier, later in pairwise(times)]
        return {step: ms * 1_000 for step, ms in zip(_STEPS, [*spent, times[-1] - times[0]], strict=True)}

    def _order(self, number: int) -> dict[str, Any]:
        """Buying and selling in turn keeps the position, which is limited, near zero."""
        return {
            "exchange_account_id": self.accounts[number % len(self.accounts)],
            "coin": "BTC",
            "units": f"0.{number:03}",
            "side": "long" if number // len(self.accounts) % 2 else "short",
            "action": "enter",
            "market": True,
        }

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.http.post(path, json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()


async def _run_all(traders: Sequence[_Trader], *, each: int) -> dict[str, float]:
    started = time.perf_counter()
    cycles = [one for many in await asyncio.gather(*(_run(t, each) for t in traders)) for one in many]
    spent_s = time.perf_counter() - started
    times = {
        f"{step} {label}": percentile([cycle[step] for cycle in cycles], share=share)
        for step in _STEPS
        for label, share in _SHARES.items()
    }
    return times | {"per s": len(cycles) / spent_s}


async def _run(trader: _Trader, each: int) -> list[dict[str, float]]:
    return [await trader.cycle() for _ in range(each)]


async def _lift_exchange_limits(stack: Stack) -> None:
    limits = {"venue": "delta", "units": 1_000_000_000, "matching_operations_per_s": 1_000_000}
    async with httpx.AsyncClient(base_url=stack.sandbox_url, trust_env=False) as http:
        (await http.put("/_control/rate_limit", json=limits)).raise_for_status()
