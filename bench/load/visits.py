"""What a customer does in one visit: looks, drafts, trades, or tries what must be refused."""

import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

_RUN = "/api/v1/reference-agents/AGT-TRD-DELTA-001/run"
_LOOKS = ("/api/v1/deliverables", "/api/v1/executions", "/api/v1/policy-denials", "/api/cp/exchange-setup")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered request. Units: `ms` from sending to the last byte. `reason` is the problem document's."""

    what: str
    status: int
    reason: str
    ms: float
    has_retry_after: bool


@dataclass(slots=True)
class Visitor:
    """A signed-up customer with one exchange account; `tell` is called with every answer."""

    http: httpx.AsyncClient
    account: str
    tell: Callable[[Answer], None]
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    async def visit(self, dice: random.Random) -> None:
        """Shape: half look, the others draft; of those who draft half go on to trade."""
        acts: Sequence[Callable[[], Awaitable[None]]] = (
            lambda: self._look(dice),
            self._draft_only,
            self._trade,
            self._reject,
            self._try_without_approval,
        )
        (act,) = dice.choices(acts, weights=(50, 15, 25, 5, 5))
        await act()

    async def _look(self, dice: random.Random) -> None:
        await self._ask("look", "GET", dice.choice(_LOOKS))

    async def _draft_only(self) -> None:
        await self._draft()

    async def _draft(self, **changes: Any) -> dict[str, Any] | None:
        number = next(self._numbers)
        order = {
            "exchange_account_id": self.account,
            "coin": "BTC",
            "units": f"0.{1 + number % 900:03}",
            "side": "long" if number % 2 else "short",
            "action": "enter",
            "market": True,
        }
        return await self._ask("draft", "POST", _RUN, order | changes)

    async def _trade(self) -> None:
        drafted = await self._draft()
        if drafted is None:
            return
        wanted = {"deliverable_id": drafted["deliverable_id"], "action_hash": drafted["draft"]["action_hash"]}
        approval = await self._ask("approve", "POST", "/api/cp/approvals", wanted)
        if approval is None:
            return
        path = f"/api/v1/deliverables/{drafted['deliverable_id']}/execute"
        await self._ask("execute", "POST", path, {"approval_id": approval["approval_id"]})

    async def _reject(self) -> None:
        drafted = await self._draft()
        if drafted is not None:
            path = f"/api/v1/deliverables/{drafted['deliverable_id']}/review"
            await self._ask("reject", "POST", path, {"decision": "rejected"})

    async def _try_without_approval(self) -> None:
        drafted = await self._draft()
        if drafted is not None:
            path = f"/api/v1/deliverables/{drafted['deliverable_id']}/execute"
            await self._ask("no approval", "POST", path, {"approval_id": str(uuid4())})

    async def _ask(self, what: str, method: str, path: str, body: Any = None) -> dict[str, Any] | None:
        """Return the answer's body when it was a success."""
        started = time.perf_counter()
        try:
            answer = await self.http.request(method, path, json=body)
        except httpx.HTTPError as error:
            self.tell(Answer(what, 0, type(error).__name__, (time.perf_counter() - started) * 1000, False))
            return None
        ms = (time.perf_counter() - started) * 1000
        content: dict[str, Any] = answer.json() if answer.content else {}
        reason = "" if answer.is_success else content.get("reason", "unnamed")
        self.tell(Answer(what, answer.status_code, reason, ms, "retry-after" in answer.headers))
        return content if answer.is_success else None
