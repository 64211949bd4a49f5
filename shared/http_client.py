"""One HTTP client for calls between our own services: pooled, no redirects, no environment proxies."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx


@asynccontextmanager
async def open_http_client(*, base_url: str = "", timeout_s: float = 10) -> AsyncGenerator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=50, keepalive_expiry=20)
    async with httpx.AsyncClient(
        base_url=base_url,
        timeout=httpx.Timeout(timeout_s, connect=2),
        limits=limits,
        follow_redirects=False,
        trust_env=False,
    ) as client:
        yield client
