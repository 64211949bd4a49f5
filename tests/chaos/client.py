"""A customer's program in a chaos run: it repeats what got no answer, always with the same approval."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from shared.contracts.approvals import Approval, ApprovalList
from shared.contracts.trading import DraftRunResponse
from tests.chaos.plan import PlannedOrder
from tests.trades import RUN, Approved, Trader

PATIENCE_S = 60.0
_PAUSE_S = 0.3
_NO_ANSWER = (429, 502, 503, 504)
_FINAL_CODES = {"DUPLICATE_INTENT", "POSITION_LIMIT"}


class GaveUpError(AssertionError):
    """No usable answer within the patience; or an answer that nobody may give."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The last word on one approved order: its execution, or the reason why there is none."""

    execution_id: UUID | None
    reason: str | None = None
    risk_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Client:
    """`retries` counts the answers that did not come, by how they failed to."""

    trader: Trader
    retries: dict[str, int] = field(default_factory=dict[str, int])

    def wish(self, order: PlannedOrder) -> dict[str, Any]:
        changes: dict[str, Any] = {"units": f"{order.lots / 1000:.3f}", "side": order.side}
        if order.limit_price is not None:
            changes["limit_price"] = order.limit_price
        return self.trader.wish(**changes)

    async def approved(self, wish: dict[str, Any]) -> Approved:
        drafted = await self._insist(lambda: self._post(RUN, wish))
        draft = DraftRunResponse.model_validate(_expected(drafted, 200).json())
        return Approved(wish, draft, await self._approve(draft))

    async def execute(self, approved: Approved) -> Verdict:
        """Repeat the same request until it is answered; a market that could not be read is tried again."""
        path = f"/api/v1/deliverables/{approved.draft.deliverable_id}/execute"
        body = {"approval_id": str(approved.approval.approval_id)}
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = await self._insist(lambda: self._post(path, body))
            verdict = _verdict(answer)
            if not _is_passing(verdict) or time.monotonic() > deadline:
                return verdict
            self._count(f"denied: {', '.join(verdict.risk_codes)}")
            await asyncio.sleep(_PAUSE_S)

    async def run(self, body: dict[str, Any]) -> httpx.Response:
        return await self._insist(lambda: self._post(RUN, body))

    async def is_audit_whole(self) -> bool:
        answer = await self._insist(lambda: self.trader.customer.http.get("/api/v1/audit/verify"))
        return _expected(answer, 200).json()["ok"]

    async def _approve(self, draft: DraftRunResponse) -> Approval:
        body = {"deliverable_id": str(draft.deliverable_id), "action_hash": draft.draft.action_hash}
        answer = await self._insist(lambda: self._post("/api/cp/approvals", body))
        if answer.status_code == 409 and answer.json()["reason"] == "already_approved":
            return await self._until_delivered(draft.deliverable_id)
        approval = Approval.model_validate(_expected(answer, 201).json())
        return approval if approval.delivered else await self._until_delivered(draft.deliverable_id)

    async def _until_delivered(self, deliverable_id: UUID) -> Approval:
        deadline = time.monotonic() + PATIENCE_S
        path = f"/api/cp/approvals?deliverable_id={deliverable_id}"
        while time.monotonic() < deadline:
            answer = await self._insist(lambda: self.trader.customer.http.get(path))
            items = ApprovalList.model_validate(_expected(answer, 200).json()).items
            if items and items[0].delivered:
                return items[0]
            await asyncio.sleep(_PAUSE_S)
        raise GaveUpError(f"the approval of {deliverable_id} was not delivered in {PATIENCE_S} s")

    async def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return await self.trader.customer.http.post(path, json=body)

    async def _insist(self, call: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        """Raises: GaveUpError when nobody answers for a minute, or a server breaks."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                answer = await call()
            except httpx.TransportError as error:
                self._count(type(error).__name__)
            else:
                if answer.status_code not in _NO_ANSWER:
                    return answer
                self._count(f"{answer.status_code} {answer.json().get('reason')}")
            await asyncio.sleep(_PAUSE_S)
        raise GaveUpError(f"no answer in {PATIENCE_S} s; retries so far: {self.retries}")

    def _count(self, what: str) -> None:
        self.retries[what] = self.retries.get(what, 0) + 1


def _verdict(answer: httpx.Response) -> Verdict:
    content = answer.json()
    if answer.status_code in (200, 202):
        return Verdict(UUID(content["execution"]["execution_id"]))
    if answer.status_code == 403:
        return Verdict(None, content["reason"], tuple(content.get("risk_codes") or ()))
    raise GaveUpError(f"expected an execution or a denial, found {answer.status_code}: {answer.text[:300]}")


def _is_passing(verdict: Verdict) -> bool:
    """Denied because something could not be read just then; the approval was not used."""
    return verdict.reason == "risk_denied" and not _FINAL_CODES & set(verdict.risk_codes)


def _expected(answer: httpx.Response, status: int) -> httpx.Response:
    if answer.status_code != status:
        raise GaveUpError(f"expected {status}, found {answer.status_code}: {answer.text[:300]}")
    return answer
