"""The imitated exchange and platforms as the attacks see them: what they got from an account, faults to plant there."""

from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class Exchange:
    http: httpx.AsyncClient

    async def open_account(self, *, api_key: str, api_secret: str) -> None:
        account = {"venue": "delta", "api_key": api_key, "api_secret": api_secret}
        balances = {"balances": {"USD": "100000"}}
        (await self.http.post("/_control/accounts", json=account | balances)).raise_for_status()

    async def open_platform(self, platform: str, *, name: str, token: str) -> None:
        account = {"venue": platform, "api_key": name, "api_secret": token}
        (await self.http.post("/_control/accounts", json=account)).raise_for_status()

    async def posts(self, platform: str, *, name: str) -> list[dict[str, Any]]:
        """What the platform shows of the account, the texts to the letter, oldest first."""
        answer = await self.http.get("/_control/posts", params={"venue": platform, "api_key": name})
        answer.raise_for_status()
        return answer.json()["items"]

    async def calls(self, api_key: str, *, method: str, venue: str = "delta") -> list[dict[str, Any]]:
        query = {"venue": venue, "api_key": api_key, "method": method}
        answer = await self.http.get("/_control/ledger", params=query)
        answer.raise_for_status()
        return answer.json()["items"]

    async def sends(self, api_key: str) -> list[dict[str, Any]]:
        """Every request for an order that reached the exchange, answered or not."""
        calls = await self.calls(api_key, method="POST")
        return [call for call in calls if call["path"] == "/v2/orders"]

    async def orders(self, api_key: str) -> list[dict[str, Any]]:
        answer = await self.http.get("/_control/orders", params={"venue": "delta", "api_key": api_key})
        answer.raise_for_status()
        return answer.json()["items"]

    async def plant_fault(
        self,
        fault: str,
        api_key: str,
        *,
        method: str = "POST",
        path: str = "/v2/orders",
        times: int = 1,
        venue: str = "delta",
        **params: Any,
    ) -> None:
        """Plant a fault for coming requests of this account only."""
        match = {"method": method, "path": path, "api_key": api_key}
        body = {"venue": venue, "fault": fault, "match": match, "times": times, "params": params}
        (await self.http.post("/_control/faults", json=body)).raise_for_status()

    async def place_past_us(self, api_key: str, *, size: int) -> None:
        """The account's owner buys by himself, in the exchange's own app."""
        params = {"api_key": api_key, "symbol": "BTCUSD", "side": "buy", "size": size}
        body = {"venue": "delta", "fault": "external_order", "params": params}
        (await self.http.post("/_control/faults", json=body)).raise_for_status()
