"""Builds an exchange with a clock that stands still, and a trader that signs requests to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from sandbox.clock import SandboxClock
from sandbox.delta.auth import sign
from sandbox.delta.exchange import DeltaExchange
from sandbox.faults import FaultBook, FaultName, FaultParams, Match
from sandbox.settings import SandboxSettings
from sandbox.venue import VenueRequest

NOW_S = 1_800_000_000.0
BTC = 27

# A decoded answer or a field of a request: tests look into it freely.
Json = Any


class StillClock(SandboxClock):
    def now_s(self) -> float:
        return NOW_S + self.offset_s


@dataclass(frozen=True)
class Answer:
    status: int
    json: Json
    headers: Mapping[str, str]

    @property
    def result(self) -> Json:
        assert self.status == 200, self.json
        return self.json["result"]

    @property
    def code(self) -> str:
        assert self.status != 200, self.json
        return self.json["error"]["code"]

    @property
    def context(self) -> Json:
        return self.json["error"]["context"]


@dataclass
class Market:
    """An exchange with its clock and faults."""

    exchange: DeltaExchange
    clock: StillClock
    faults: FaultBook

    def plant(
        self, name: FaultName, *, params: FaultParams | None = None, match: Match | None = None
    ) -> None:
        self.faults.plant("delta", name=name, match=match or Match(), params=params or FaultParams(), times=1)

    def set_price(self, price: str, *, symbol: str = "BTCUSD") -> None:
        self.exchange.set_price(symbol, price=Decimal(price))


@dataclass
class Trader:
    market: Market
    api_key: str = "demo-key-a"
    api_secret: str = "demo-secret-a"
    extra_headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def call(
        self, method: str, path: str, *, body: Json = None, timestamp: int | str | None = None, **query: Json
    ) -> Answer:
        stamp = str(int(self.market.clock.now_s())) if timestamp is None else str(timestamp)
        headers = {"user-agent": "tests", "api-key": self.api_key, "timestamp": stamp}
        request = create_request(method, path, body=body, query=urlencode(query), headers=headers)
        signature = sign(request, secret=self.api_secret, timestamp=stamp)
        signed = {**headers, "signature": signature, **self.extra_headers}
        return send(
            self.market, create_request(method, path, body=body, query=urlencode(query), headers=signed)
        )

    def place(self, **changes: Json) -> Answer:
        """A market buy of ten BTCUSD contracts, but for the changes; None takes a field out."""
        body = {"product_id": BTC, "size": 10, "side": "buy", "order_type": "market_order", **changes}
        return self.call("POST", "/v2/orders", body={k: v for k, v in body.items() if v is not None})

    def place_limit(self, price: str, **changes: Json) -> Answer:
        return self.place(**{"order_type": "limit_order", "limit_price": price, **changes})

    def order(self, order_id: int) -> Json:
        return self.call("GET", f"/v2/orders/{order_id}").result

    def fills(self) -> list[Json]:
        return self.call("GET", "/v2/fills", page_size=50).result

    def position(self) -> Json:
        """The margined position in BTCUSD; None when flat."""
        held = self.call("GET", "/v2/positions/margined", product_ids=BTC).result
        return held[0] if held else None

    def wallet(self) -> dict[str, Decimal]:
        names = ("balance", "available_balance", "blocked_margin", "order_margin", "position_margin")
        row = self.call("GET", "/v2/wallet/balances").result[0]
        return {name: Decimal(row[name]) for name in names}


def create_market(**settings: Json) -> Market:
    clock, faults = StillClock(), FaultBook()
    return Market(DeltaExchange(SandboxSettings(**settings), clock=clock, faults=faults), clock, faults)


def create_trader(**settings: Json) -> Trader:
    return Trader(create_market(**settings))


def create_request(
    method: str, path: str, *, body: Json = None, query: str = "", headers: Mapping[str, str] | None = None
) -> VenueRequest:
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return VenueRequest(method, path, query, raw, headers or {"user-agent": "tests"}, "127.0.0.1")


def send(market: Market, request: VenueRequest) -> Answer:
    answer = market.exchange.answer(request)
    is_json = answer.content_type == "application/json"
    return Answer(answer.status, json.loads(answer.body) if is_json else None, answer.headers)
