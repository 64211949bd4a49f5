"""Faults of the exchange while customers trade: of every twenty requests to it, about one meets one."""

import asyncio
import random
from typing import Any

import httpx

_EVERY_S = 0.5
_ORDERS = {"method": "POST", "path": "/v2/orders"}
_PLANTED: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
    ("accept_then_drop", {}, _ORDERS),
    ("drop_before_accept", {}, _ORDERS),
    ("error_after", {"status": 503}, _ORDERS),
    ("error_before", {"status": 500}, {}),
    ("slow", {"seconds": 2}, {}),
    ("malformed", {}, {}),
    ("rate_limit", {"reset_ms": 500}, {}),
)


async def plant_faults(sandbox_url: str, *, per_s: float, dice: random.Random) -> None:
    """Plant `per_s` faults a second, each for one request, until cancelled."""
    async with httpx.AsyncClient(base_url=sandbox_url, trust_env=False) as http:
        while True:
            for _ in range(_how_many(per_s * _EVERY_S, dice)):
                fault, params, match = dice.choice(_PLANTED)
                body = {"venue": "delta", "match": match, "fault": fault, "times": 1, "params": params}
                (await http.post("/_control/faults", json=body)).raise_for_status()
            await asyncio.sleep(_EVERY_S)


def _how_many(mean: float, dice: random.Random) -> int:
    return int(mean) + (dice.random() < mean % 1)
