"""A fresh customer with a fresh account at the imitated exchange, and what such a customer can ask for."""

import asyncio
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any
from uuid import UUID

import httpx

from cli.attack.exchange import Exchange

RUN = "/api/v1/reference-agents/AGT-TRD-DELTA-001/run"
APPROVALS = "/api/cp/approvals"
SETUP = "/api/cp/exchange-setup"
PATIENCE_S = 30.0
_ON_ITS_WAY = frozenset({"released", "sending", "unknown"})

Json = dict[str, Any]


class SetUpError(Exception):
    """An honest step, needed before the attack, did not succeed; nothing can be concluded."""


@dataclass(slots=True)
class Trader:
    """`due` counts the orders that were rightly approved and released; the exchange must see exactly those.

    Shape: `api_keys` are those of all accounts that the customer ever connected; `names` are the customer's at
    platforms for posts, by platform, and `posts_due` the posts that were rightly approved and released.
    """

    name: str
    customer_id: UUID
    http: httpx.AsyncClient = field(repr=False)
    exchange: Exchange = field(repr=False)
    account: str = ""
    api_keys: list[str] = field(default_factory=list[str])
    due: int = 0
    names: dict[str, str] = field(default_factory=dict[str, str])
    posts_due: int = 0

    @property
    def api_key(self) -> str:
        return self.api_keys[0]

    def wish(self, **changes: Any) -> Json:
        """A run's request: by default a hundredth of a bitcoin, bought at market."""
        wish = {"exchange_account_id": self.account, "coin": "BTC", "units": "0.01"}
        return wish | {"side": "long", "action": "enter", "market": True} | changes

    async def run(self, **changes: Any) -> httpx.Response:
        return await self.http.post(RUN, json=self.wish(**changes))

    async def run_with(self, approval_id: object, **changes: Any) -> httpx.Response:
        """Run with the intent declared and this approval named."""
        return await self.run(**{"intent_action": "place_order", "approval_id": str(approval_id)} | changes)

    async def draft(self, **changes: Any) -> Json:
        return done(await self.run(**changes), "draft")

    async def ask_approval(self, draft: Json, **changes: Any) -> httpx.Response:
        body = {"deliverable_id": draft["deliverable_id"], "action_hash": draft["draft"]["action_hash"]}
        return await self.http.post(APPROVALS, json=body | changes)

    async def approve(self, draft: Json) -> str:
        return done(await self.ask_approval(draft), "approve", status=201)["approval_id"]

    async def execute(self, draft: Json, approval_id: object) -> httpx.Response:
        body = {"approval_id": str(approval_id)} if approval_id else {}
        return await self.http.post(f"/api/v1/deliverables/{draft['deliverable_id']}/execute", json=body)

    async def release(self, draft: Json, approval_id: object) -> Json:
        """Execute what was rightly approved; from now on one more order is due."""
        execution = done(await self.execute(draft, approval_id), "execute")["execution"]
        self.due += 1
        return execution

    async def release_post(self, draft: Json, approval_id: object) -> Json:
        """Publish what was rightly approved; from now on one more post is due."""
        execution = done(await self.execute(draft, approval_id), "publish")["execution"]
        self.posts_due += 1
        return execution

    async def review(self, draft: Json, decision: str, /, **fields: Any) -> httpx.Response:
        path = f"/api/v1/deliverables/{draft['deliverable_id']}/review"
        return await self.http.post(path, json={"decision": decision} | fields)

    async def deliverable(self, draft: Json) -> Json:
        return done(await self.http.get(f"/api/v1/deliverables/{draft['deliverable_id']}"), "read")

    async def put_setup(self, **fields: Any) -> httpx.Response:
        return await self.http.put(SETUP, json=fields)

    async def get(self, path: str, **query: str) -> Json:
        return done(await self.http.get(path, params=query), f"GET {path}")

    async def items(self, path: str, **query: str) -> list[Json]:
        return (await self.get(path, **query))["items"]

    async def execution(self, execution_id: str) -> Json:
        return await self.get(f"/api/v1/executions/{execution_id}")

    async def until(self, execution_id: str, *states: str) -> Json:
        """Wait until the execution is in one of these states; without any: until it is no longer on its way."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            execution = await self.execution(execution_id)
            is_so = execution["state"] in states if states else execution["state"] not in _ON_ITS_WAY
            if is_so or asyncio.get_running_loop().time() > deadline:
                return execution
            await asyncio.sleep(0.1)

    async def until_tried(self, *, platform: str | None = None) -> None:
        """Wait until the exchange, or the platform, has received a request to act. Raises: SetUpError."""
        venue, name = (platform, self.names[platform]) if platform else ("delta", self.api_key)
        deadline = asyncio.get_running_loop().time() + PATIENCE_S
        while not await self.exchange.calls(name, method="POST", venue=venue):
            if asyncio.get_running_loop().time() > deadline:
                raise SetUpError("it was never tried")
            await asyncio.sleep(0.05)

    async def orders_sent(self) -> int:
        """Count the requests for orders at the exchange, once nothing is on its way any more."""
        for execution in await self.items("/api/v1/executions", limit="100"):
            await self.until(execution["execution_id"])
        return sum([len(await self.exchange.sends(api_key)) for api_key in self.api_keys])

    async def posts_sent(self) -> int:
        """Count what the platforms show, once nothing is on its way any more. Requires: `orders_sent` was counted."""
        posts = [await self.exchange.posts(platform, name=name) for platform, name in self.names.items()]
        return sum(map(len, posts))


def setup_of(*, api_key: str, api_secret: str = "") -> Json:
    """The body of a set-up; with a secret made up when none is given."""
    return {
        "exchange_provider": "delta_exchange_india",
        "api_key": api_key,
        "api_secret": api_secret or token_hex(16),
        "default_coin": "BTC",
        "allowed_coins": ["BTC", "ETH"],
        "max_units_per_order": "10",
    }


def done(answer: httpx.Response, step: str, *, status: int | None = None) -> Json:
    """Raises: SetUpError."""
    if answer.status_code not in ((200, 202) if status is None else (status,)):
        raise SetUpError(f"{step}: {answer.status_code} {answer.text[:300]}")
    return answer.json()
