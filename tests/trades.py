"""Trades as a customer makes them, over the public API: draft, approve, execute, and wait for the end."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import httpx

from shared.contracts.approvals import Approval
from shared.contracts.evidence import DecisionTrace, DecisionTraceList, PolicyDenial, PolicyDenialList
from shared.contracts.trading import (
    Deliverable,
    DeliverableState,
    DraftRunResponse,
    Execution,
    ExecutionState,
)
from tests.actors import Customer, ExchangeAccount, connect_exchange, new_customer
from tests.exchange import Exchange, open_exchange
from tests.stack import Stack

RUN = "/api/v1/reference-agents/AGT-TRD-DELTA-001/run"
PATIENCE_S = 30.0
_FIRST_POLL_S = 0.05
_LAST_POLL_S = 0.6

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Approved:
    """A wish that was drafted and approved. `body` is the run's request as it was sent."""

    body: dict[str, Any]
    draft: DraftRunResponse
    approval: Approval

    @property
    def intent(self) -> dict[str, Any]:
        """The same run, now with its intent and its approval."""
        return self.body | {
            "intent_action": self.draft.draft.action.kind.value,
            "approval_id": str(self.approval.approval_id),
        }


@dataclass(frozen=True, slots=True)
class Trader:
    """A customer with one account at the imitated exchange."""

    customer: Customer
    account: ExchangeAccount
    exchange: Exchange

    def wish(self, **changes: Any) -> dict[str, Any]:
        """A run's request: by default a hundredth of a bitcoin, bought at market."""
        wish = {
            "exchange_account_id": str(self.account.credential_ref),
            "coin": "BTC",
            "units": "0.01",
            "side": "long",
            "action": "enter",
        }
        return wish | ({} if "limit_price" in changes else {"market": True}) | changes

    async def run(self, **changes: Any) -> httpx.Response:
        return await self.customer.http.post(RUN, json=self.wish(**changes))

    async def draft(self, **changes: Any) -> DraftRunResponse:
        answer = await self.run(**changes)
        assert answer.status_code == 200, answer.text
        return DraftRunResponse.model_validate(answer.json())

    async def approve(self, draft: DraftRunResponse) -> Approval:
        body = {"deliverable_id": str(draft.deliverable_id), "action_hash": draft.draft.action_hash}
        answer = await self.customer.http.post("/api/cp/approvals", json=body)
        assert answer.status_code == 201, answer.text
        approval_id = UUID(answer.json()["approval_id"])
        return await eventually(lambda: self.approval(approval_id), lambda approval: approval.delivered)

    async def approved(self, **changes: Any) -> Approved:
        draft = await self.draft(**changes)
        return Approved(self.wish(**changes), draft, await self.approve(draft))

    async def execute(self, approved: Approved) -> httpx.Response:
        body = {"approval_id": str(approved.approval.approval_id)}
        path = f"/api/v1/deliverables/{approved.draft.deliverable_id}/execute"
        return await self.customer.http.post(path, json=body)

    async def release(self, approved: Approved) -> Execution:
        answer = await self.execute(approved)
        assert answer.status_code in (200, 202), answer.text
        assert answer.json()["replayed"] is False
        return Execution.model_validate(answer.json()["execution"])

    async def trade(self, **changes: Any) -> Execution:
        """Draft, approve and release; the order is on its way then."""
        return await self.release(await self.approved(**changes))

    async def execution(self, execution_id: UUID) -> Execution:
        answer = await self.customer.http.get(f"/api/v1/executions/{execution_id}")
        assert answer.status_code == 200, answer.text
        return Execution.model_validate(answer.json())

    async def executions(self) -> list[dict[str, Any]]:
        return (await self.customer.http.get("/api/v1/executions")).json()["items"]

    async def until(self, execution_id: UUID, *states: ExecutionState) -> Execution:
        """Wait until the execution is in one of these states."""
        return await eventually(
            lambda: self.execution(execution_id), lambda execution: execution.state in states
        )

    async def settled(self, execution_id: UUID) -> Execution:
        """Wait until the execution has come to its end and its deliverable is closed."""
        execution = await self.execution(execution_id)
        await eventually(
            lambda: self.deliverable(execution.deliverable_id),
            lambda found: found.state in (DeliverableState.EXECUTED, DeliverableState.FAILED),
        )
        return await self.execution(execution_id)

    async def deliverable(self, deliverable_id: UUID) -> Deliverable:
        answer = await self.customer.http.get(f"/api/v1/deliverables/{deliverable_id}")
        assert answer.status_code == 200, answer.text
        return Deliverable.model_validate(answer.json())

    async def approval(self, approval_id: UUID) -> Approval:
        answer = await self.customer.http.get(f"/api/cp/approvals/{approval_id}")
        assert answer.status_code == 200, answer.text
        return Approval.model_validate(answer.json())

    async def denials(self) -> list[PolicyDenial]:
        answer = await self.customer.http.get("/api/v1/policy-denials")
        return list(PolicyDenialList.model_validate(answer.json()).items)

    async def traces(self) -> list[DecisionTrace]:
        answer = await self.customer.http.get("/api/v1/decision-traces")
        return list(DecisionTraceList.model_validate(answer.json()).items)

    async def order_count(self) -> int:
        return len(await self.exchange.orders(self.account))

    async def send_statuses(self) -> list[int | None]:
        """How the exchange answered each request for an order; None for those that it hung up on."""
        return [entry["status"] for entry in await self.exchange.sends(self.account)]


@asynccontextmanager
async def new_trader(stack: Stack, *, balance: str = "100000", **settings: Any) -> AsyncGenerator[Trader]:
    """A fresh customer who has connected a fresh account."""
    async with new_customer(stack) as customer, open_exchange(stack) as exchange:
        account = await connect_exchange(stack, customer, balances={"USD": balance}, **settings)
        yield Trader(customer, account, exchange)


@asynccontextmanager
async def new_traders(stack: Stack, *names: str, **settings: Any) -> AsyncGenerator[dict[str, Trader]]:
    """A fresh customer with a fresh account for each name: what befalls one account does not touch the others."""
    async with new_customer(stack) as customer, open_exchange(stack) as exchange:
        accounts = [await connect_exchange(stack, customer, **settings) for _ in names]
        traders = [Trader(customer, account, exchange) for account in accounts]
        yield dict(zip(names, traders, strict=True))


async def eventually(
    look: Callable[[], Awaitable[Found]], is_so: Callable[[Found], bool], *, patience_s: float = PATIENCE_S
) -> Found:
    """Look again and again until it is so. Raises: AssertionError with what was seen last."""
    loop = asyncio.get_running_loop()
    deadline, pause_s = loop.time() + patience_s, _FIRST_POLL_S
    while not is_so(found := await look()):
        assert loop.time() < deadline, f"not so after {patience_s} s; seen last: {found!r}"
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 1.3, _LAST_POLL_S)
    return found


def timeline(execution: Execution) -> str:
    """The whole timeline as text, a line for each entry."""
    return "\n".join(f"{entry.state}: {entry.detail}" for entry in execution.timeline)


def states(execution: Execution) -> list[ExecutionState]:
    """The states that the execution went through, each run of equal ones once."""
    seen: list[ExecutionState] = []
    for entry in execution.timeline:
        if seen[-1:] != [entry.state]:
            seen.append(entry.state)
    return seen


def filled(execution: Execution) -> tuple[ExecutionState, Decimal, bool]:
    return execution.state, execution.filled_size, execution.verified
