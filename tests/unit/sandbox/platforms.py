"""Calls to the imitated platforms over HTTP."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx

# A decoded answer or a field of a request: tests look into it freely.
Json = Any


@dataclass(frozen=True)
class PlatformCaller:
    """Whoever holds `token` at one platform."""

    client: httpx.AsyncClient
    venue: str
    token: str
    headers: dict[str, str] = field(default_factory=dict[str, str])

    async def get(self, path: str, **query: Json) -> httpx.Response:
        return await self.client.get(f"/{self.venue}{path}", params=query, headers=self._headers())

    async def post(
        self, path: str, *, body: Json = None, form: Json = None, **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            headers = {**self._headers(), "Content-Type": "application/json", **named}
            return await self.client.post(f"/{self.venue}{path}", content=content, headers=headers)
        return await self.client.post(f"/{self.venue}{path}", data=form, headers={**self._headers(), **named})

    async def stored(self) -> list[Json]:
        answer = await self.client.get("/_control/posts", params={"venue": self.venue})
        return answer.json()["items"]

    async def set_clock(self, offset_s: float) -> None:
        (await self.client.put("/_control/clock", json={"offset_s": offset_s})).raise_for_status()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **self.headers}
