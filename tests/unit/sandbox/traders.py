"""A trader that speaks to a served sandbox over HTTP."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any

import httpx

# A decoded answer or a field of a request: tests look into it freely.
Json = Any


@dataclass(frozen=True)
class HttpTrader:
    client: httpx.AsyncClient
    api_key: str = "demo-key-a"
    api_secret: str = "demo-secret-a"

    async def call(self, method: str, path: str, *, body: Json = None) -> httpx.Response:
        raw = "" if body is None else json.dumps(body)
        stamp = str(int(time.time()))
        signed = f"{method}{stamp}{path}{raw}".encode()
        signature = hmac.new(self.api_secret.encode(), signed, hashlib.sha256).hexdigest()
        headers = {"api-key": self.api_key, "timestamp": stamp, "signature": signature}
        return await self.client.request(method, f"/delta{path}", content=raw, headers=headers)

    async def place(self, **changes: Json) -> httpx.Response:
        body = {"product_id": 27, "size": 10, "side": "buy", "order_type": "market_order", **changes}
        return await self.call("POST", "/v2/orders", body=body)

    async def history(self) -> list[Json]:
        return (await self.call("GET", "/v2/orders/history")).json()["result"]

    async def plant(self, fault: str, *, match: Json = None, **fields: Json) -> httpx.Response:
        body: Json = {"venue": "delta", "fault": fault, "match": match or {}, **fields}
        planted = await self.client.post("/_control/faults", json=body)
        assert planted.status_code == 201, planted.text
        return planted

    async def ledger(self, **query: Json) -> list[Json]:
        answer = await self.client.get("/_control/ledger", params={"venue": "delta", **query})
        return answer.json()["items"]
