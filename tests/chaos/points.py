"""Killing a process at a named point, without a hook in the product.

A point is reached by catching the message before it on its line, or by holding the row that it is about to
write: PostgreSQL tells when the process waits for that row, and then it is killed, at that statement.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from tests.chaos.database import Table, held_row
from tests.chaos.fleet import Fleet
from tests.chaos.line import Catch, Wanted
from tests.chaos.trouble import Point
from tests.trades import Approved, Trader


@dataclass(frozen=True, slots=True)
class Scene:
    """One approved order that is about to be executed. `start` lets its customer begin to ask for that."""

    fleet: Fleet
    trader: Trader
    approved: Approved
    late: bool
    start: Callable[[], None]
    kill: Callable[[str], None]

    def row_id(self, table: Table) -> UUID:
        match table:
            case "exchange_accounts":
                return self.trader.account.credential_ref
            case "audit_heads":
                return self.trader.customer.customer_id
            case "deliverables":
                return self.approved.draft.deliverable_id
            case "approvals" | "executions":
                return self.approved.approval.approval_id

    @asynccontextmanager
    async def caught(
        self, wanted: Wanted, part: Literal["request", "answer"], *, follows: bool = False
    ) -> AsyncGenerator[Catch]:
        """Start the execution and wait for the message; it is held until the block ends, at the latest."""
        catch = self.fleet.switchboard.catch(wanted, part, follows=follows)
        try:
            self.start()
            await catch.arrived()
            yield catch
        finally:
            self.fleet.switchboard.forget(catch)

    def is_execute(self, request: bytes) -> bool:
        return request.startswith(
            f"POST /api/v1/deliverables/{self.approved.draft.deliverable_id}/execute".encode()
        )

    def is_key_for_order(self, request: bytes) -> bool:
        is_ours = str(self.trader.account.credential_ref).encode() in request
        return (
            request.startswith(b"POST /internal/v1/credential-bundles")
            and is_ours
            and b'"execute"' in request
        )

    def is_order(self, request: bytes) -> bool:
        return request.startswith(b"POST /delta/v2/orders ") and self._is_ours(request)

    def is_reading_fills(self, request: bytes) -> bool:
        return request.startswith(b"GET /delta/v2/fills") and self._is_ours(request)

    def _is_ours(self, request: bytes) -> bool:
        return self.trader.account.api_key.encode() in request


Strike = Callable[[Scene], Awaitable[None]]


def _plant_waiting_for(table: Table) -> Strike:
    """Kill the Plant that serves the request while it waits for the row."""

    async def strike(scene: Scene) -> None:
        async with (
            held_row(scene.fleet.stack, table, scene.row_id(table)) as row,
            scene.caught(scene.is_execute, "request", follows=True) as request,
        ):
            await row.is_waited_for()
            scene.kill(request.party)

    return strike


def _worker_waiting_for(table: Table, *, after: Callable[[Scene], Wanted]) -> Strike:
    """Kill the worker that got the answer, while it waits for the row."""

    async def strike(scene: Scene) -> None:
        async with (
            scene.caught(after(scene), "answer") as answer,
            held_row(scene.fleet.stack, table, scene.row_id(table)) as row,
        ):
            answer.let_go()
            await row.is_waited_for()
            scene.kill(answer.party)

    return strike


def _on_the_line(part: Literal["request", "answer"], *, of: Callable[[Scene], Wanted]) -> Strike:
    """Kill whoever waits for the message; what is on its way is lost, or an order arrives late."""

    async def strike(scene: Scene) -> None:
        async with scene.caught(of(scene), part) as caught:
            scene.kill(caught.party)
            if not scene.late:
                caught.drop()

    return strike


STRIKES: Mapping[Point, Strike] = MappingProxyType(
    {
        Point.RELEASE_BEGIN: _plant_waiting_for("exchange_accounts"),
        Point.RELEASE_GATED: _plant_waiting_for("approvals"),
        Point.RELEASE_USED: _plant_waiting_for("deliverables"),
        Point.RELEASE_WRITTEN: _plant_waiting_for("audit_heads"),
        Point.RELEASE_ANSWERED: _on_the_line("answer", of=lambda scene: scene.is_execute),
        Point.ATTEMPT_BEGIN: _worker_waiting_for("executions", after=lambda scene: scene.is_key_for_order),
        Point.SEND_LEAVING: _on_the_line("request", of=lambda scene: scene.is_order),
        Point.SEND_ARRIVED: _on_the_line("answer", of=lambda scene: scene.is_order),
        Point.RECORD_BEGIN: _worker_waiting_for("executions", after=lambda scene: scene.is_order),
        Point.SETTLE_READING: _on_the_line("request", of=lambda scene: scene.is_reading_fills),
        Point.SETTLE_WRITING: _worker_waiting_for("executions", after=lambda scene: scene.is_reading_fills),
        Point.SETTLE_CLOSING: _worker_waiting_for("deliverables", after=lambda scene: scene.is_reading_fills),
    }
)
