"""A customer who hires, over the public API: subscribe, configure, finalize, and let a subscription end."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from tests.denied import Scene
from tests.stack import Stack
from tests.stored import superuser

TRADING = "trading.delta_futures.v1"
MARKETING = "marketing.digital_marketing.v1"


@dataclass(frozen=True, slots=True)
class Hirer:
    """A customer who hires; `config` is a whole configuration of the trading type."""

    stack: Stack
    http: httpx.AsyncClient = field(repr=False)
    config: dict[str, Any]

    async def hire(self, agent_type_id: str = TRADING, plan: str = "trial") -> dict[str, Any]:
        body = {"agent_type_id": agent_type_id, "plan": plan}
        return await self.sent("POST", "/api/cp/subscriptions", body, status=201)

    async def draft(
        self, subscription: dict[str, Any], config: dict[str, Any], **more: Any
    ) -> dict[str, Any]:
        body = {"subscription_id": subscription["subscription_id"], "config": config, **more}
        return await self.sent("PUT", "/api/v1/hired-agents/draft", body)

    async def hired(self) -> dict[str, Any]:
        """A trading agent at work."""
        drafted = await self.draft(await self.hire(), self.config)
        return await self.act(drafted, "finalize", version=drafted["version"])

    async def act(
        self, agent: dict[str, Any], verb: str, *, status: int = 200, **body: Any
    ) -> dict[str, Any]:
        path = f"/api/v1/hired-agents/{agent['hired_instance_id']}/{verb}"
        return await self.sent("POST", path, body or None, status=status)

    async def get(self, path: str, *, status: int = 200) -> dict[str, Any]:
        return await self.sent("GET", path, None, status=status)

    async def sent(self, method: str, path: str, body: Any, *, status: int = 200) -> dict[str, Any]:
        answer = await self.http.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def end(self, subscription: dict[str, Any], *, gone: bool = False) -> None:
        """Let time pass, for both databases."""
        for database in ("plant", "cp"):
            async with superuser(self.stack, database) as connection:
                await connection.execute(
                    "UPDATE subscriptions SET ends_at = now() - interval '1 day',"
                    " retained_until = now() + CASE WHEN $2 THEN interval '-1 hour' ELSE interval '1 day' END"
                    " WHERE subscription_id = $1",
                    UUID(subscription["subscription_id"]),
                    gone,
                )


def hirer_of(scene: Scene) -> Hirer:
    config = {
        "nickname": "Futures desk",
        "timezone": "Asia/Kolkata",
        "exchange_credential_ref": str(scene.trader.account.credential_ref),
        "allowed_coins": ["BTC", "ETH"],
        "default_coin": "BTC",
        "max_units_per_order": "0.5",
    }
    return Hirer(scene.stack, scene.http, config)
