"""The imitated exchange as journeys see it: what it was asked, what it holds, and the levers on it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.actors import TIMEOUT_S, ExchangeAccount
from tests.stack import Stack
from tests.unit.sandbox.traders import HttpTrader

# A decoded answer: tests look into it freely.
Json = Any

START_PRICES = {"BTCUSD": "65000", "ETHUSD": "3500"}


@dataclass(frozen=True, slots=True)
class Exchange:
    http: httpx.AsyncClient

    async def orders(self, account: ExchangeAccount) -> list[Json]:
        """Every order that the exchange took from the account, oldest first."""
        query = {"venue": "delta", "api_key": account.api_key}
        return (await self.http.get("/_control/orders", params=query)).json()["items"]

    async def sends(self, account: ExchangeAccount) -> list[Json]:
        """Every request for an order that reached the exchange from the account, refused ones too."""
        query = {"venue": "delta", "api_key": account.api_key, "method": "POST"}
        entries = (await self.http.get("/_control/ledger", params=query)).json()["items"]
        return [entry for entry in entries if entry["path"] == "/v2/orders"]

    async def fills(self, account: ExchangeAccount) -> list[Json]:
        return await self._result(account, "/v2/fills")

    async def position(self, account: ExchangeAccount, symbol: str = "BTCUSD") -> int:
        """Units: contracts, below zero short."""
        positions = await self._result(account, "/v2/positions/margined")
        return sum(position["size"] for position in positions if position["product_symbol"] == symbol)

    async def plant(
        self,
        fault: str,
        account: ExchangeAccount,
        *,
        method: str | None = "POST",
        path: str | None = "/v2/orders",
        times: int = 1,
        **params: Any,
    ) -> None:
        """Plant a fault for the account's next request for an order, or for the request that is named."""
        named = {"method": method, "path": path, "api_key": account.api_key}
        match = {name: value for name, value in named.items() if value is not None}
        body = {"venue": "delta", "fault": fault, "match": match, "times": times, "params": params}
        (await self.http.post("/_control/faults", json=body)).raise_for_status()

    async def happen(self, event: str, account: ExchangeAccount, **params: Any) -> None:
        """Let something befall the account at once: `external_order`, `liquidate`, `position_change`."""
        body = {"venue": "delta", "fault": event, "params": {"api_key": account.api_key, **params}}
        (await self.http.post("/_control/faults", json=body)).raise_for_status()

    async def set_price(self, symbol: str, price: str) -> None:
        body = {"venue": "delta", "symbol": symbol, "price": price}
        (await self.http.put("/_control/prices", json=body)).raise_for_status()

    async def set_clock(self, offset_s: float) -> None:
        (await self.http.put("/_control/clock", json={"offset_s": offset_s})).raise_for_status()

    async def calm(self) -> None:
        """Take back every fault, price and clock that a test has set."""
        (await self.http.delete("/_control/faults")).raise_for_status()
        await self.set_clock(0)
        for symbol, price in START_PRICES.items():
            await self.set_price(symbol, price)

    def as_owner(self, account: ExchangeAccount) -> HttpTrader:
        """Who holds the key uses the exchange past us, as its own app would."""
        return HttpTrader(self.http, account.api_key, account.api_secret)

    async def _result(self, account: ExchangeAccount, path: str) -> list[Json]:
        answer = await self.as_owner(account).call("GET", path)
        answer.raise_for_status()
        return answer.json()["result"]


@asynccontextmanager
async def open_exchange(stack: Stack) -> AsyncGenerator[Exchange]:
    async with httpx.AsyncClient(base_url=stack.sandbox_url, timeout=TIMEOUT_S) as http:
        yield Exchange(http)
