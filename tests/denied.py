"""What every denial owes: its status and reason, ids that lead back to it, a stored record, and no order sent."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from shared.contracts.evidence import PolicyDenial, PolicyDenialList
from shared.ids import CustomerId, uuid7
from tests.actors import Operator
from tests.stack import Stack
from tests.trades import RUN, Trader, new_trader

CORRELATION = "X-Correlation-ID"


@dataclass(frozen=True, slots=True)
class Scene:
    """A customer who trades, and an operator who looks."""

    stack: Stack
    trader: Trader
    operator: Operator

    @property
    def http(self) -> httpx.AsyncClient:
        """The customer at the customer portal."""
        return self.trader.customer.http

    @property
    def customer_id(self) -> CustomerId:
        return self.trader.customer.customer_id

    async def run(self, **changes: Any) -> httpx.Response:
        return await self.http.post(RUN, json=self.trader.wish(**changes), headers=correlated())

    async def execute(self, deliverable_id: UUID, approval_id: UUID | None = None) -> httpx.Response:
        body = {"approval_id": str(approval_id)} if approval_id else {}
        path = f"/api/v1/deliverables/{deliverable_id}/execute"
        return await self.http.post(path, json=body, headers=correlated())

    async def approval_status(self, approval_id: UUID) -> str:
        return (await self.http.get(f"/api/cp/approvals/{approval_id}")).json()["status"]

    async def orders_sent(self) -> int:
        """How many requests for an order of this customer's account have reached the exchange."""
        return len(await self.trader.exchange.sends(self.trader.account))

    async def assert_denied(
        self, answer: httpx.Response, reason: str, *, status: int = 403, orders_before: int = 0
    ) -> PolicyDenial:
        """Check the answer, the record as both portals show it, and the exchange's ledger; return the record."""
        problem = answer.json()
        assert (answer.status_code, problem.get("reason")) == (status, reason), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers[CORRELATION] == problem["correlation_id"]
        assert answer.request.headers.get(CORRELATION, problem["correlation_id"]) == problem["correlation_id"]
        record = await self.stored_denial(UUID(problem["correlation_id"]))
        assert str(record.decision_id) == problem["decision_id"]
        assert list(record.risk_codes) == problem.get("risk_codes", [])
        assert record.reason == reason
        assert await self.orders_sent() == orders_before
        return record

    async def stored_denial(self, correlation_id: UUID) -> PolicyDenial:
        """The one denial of this correlation id, which the customer and an operator see alike."""
        query = {"correlation_id": str(correlation_id)}
        own = await self.http.get("/api/v1/policy-denials", params=query)
        all_customers = await self.operator.http.get("/api/pp/policy-denials", params=query)
        (record,) = PolicyDenialList.model_validate(own.json()).items
        assert own.json()["items"] == all_customers.json()["items"]
        assert (record.correlation_id, record.customer_id) == (correlation_id, self.customer_id)
        return record


@asynccontextmanager
async def new_scene(stack: Stack, operator: Operator, **settings: Any) -> AsyncGenerator[Scene]:
    async with new_trader(stack, **settings) as trader:
        yield Scene(stack, trader, operator)


def correlated() -> dict[str, str]:
    """The header of a request whose id the test chooses."""
    return {CORRELATION: str(uuid7())}
