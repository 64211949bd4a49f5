"""Where one attack is played: it opens customers and operators, and collects what was expected and what was seen."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, cast
from uuid import UUID

import httpx

from cli.attack.exchange import Exchange
from cli.attack.target import Target
from cli.attack.trader import SETUP, Json, Trader, done, setup_of
from shared.contracts.sign_in import Role
from shared.demo import OPERATOR_EMAILS, PASSWORD

TIMEOUT_S = 30
_OR = " or "


@dataclass(frozen=True, slots=True)
class Fact:
    """`expected` may list several with "or"."""

    what: str
    expected: str
    seen: str

    @property
    def held(self) -> bool:
        return self.seen in self.expected.split(_OR)


@dataclass(slots=True)
class Scene:
    """Everybody in it is fresh, so attacks can be played side by side."""

    target: Target
    opened: AsyncExitStack
    exchange: Exchange
    facts: list[Fact] = field(default_factory=list[Fact])
    traders: list[Trader] = field(default_factory=list[Trader])

    def check(self, what: str, *, expected: object, seen: object) -> None:
        self.facts.append(Fact(what, str(expected), str(seen)))

    def refused(self, what: str, answer: httpx.Response, *expected: str) -> None:
        """Shape: expected are `status reason` pairs, any of which will do."""
        self.check(what, expected=_OR.join(expected), seen=outcome(answer))

    async def trader(self, name: str = "customer a") -> Trader:
        """Sign a customer up and connect an account."""
        trader = await self.customer(name)
        await self.connect(trader)
        return trader

    async def customer(self, name: str) -> Trader:
        http = await self.client(self.target.cp_url)
        email = f"attacked-{token_hex(6)}@example.test"
        answer = await http.post("/api/auth/sign-up", json={"email": email, "password": token_hex(12)})
        signed_in = done(answer, "sign up", status=201)
        http.headers["X-CSRF-Token"] = signed_in["csrf_token"]
        trader = Trader(name, UUID(signed_in["account"]["id"]), http, self.exchange)
        self.traders.append(trader)
        return trader

    async def connect(self, trader: Trader, *, api_key: str = "", api_secret: str = "") -> None:
        api_key, api_secret = api_key or f"key-{token_hex(8)}", api_secret or f"secret-{token_hex(16)}"
        await self.exchange.open_account(api_key=api_key, api_secret=api_secret)
        answer = await trader.http.put(SETUP, json=setup_of(api_key=api_key, api_secret=api_secret))
        trader.account = done(answer, "connect")["credential_ref"]
        trader.api_keys.append(api_key)

    async def operator(self, role: Role = Role.ADMIN) -> httpx.AsyncClient:
        http = await self.client(self.target.pp_url)
        body = {"email": OPERATOR_EMAILS[role], "password": PASSWORD.get_secret_value()}
        answer = done(await http.post("/api/auth/token", json=body), "operator's sign-in")
        http.headers["Authorization"] = f"Bearer {answer['access_token']}"
        return http

    async def client(self, url: str, **options: Any) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False, **options)
        return await self.opened.enter_async_context(client)

    async def check_effects(self) -> None:
        """What counts in the end: exactly the orders and posts that were due left the house."""
        for trader in self.traders:
            if trader.api_keys:
                sent = await trader.orders_sent()
                self.check(f"orders sent for {trader.name}", expected=trader.due, seen=sent)
            if trader.names:
                sent = await trader.posts_sent()
                self.check(f"posts sent for {trader.name}", expected=trader.posts_due, seen=sent)


def outcome(answer: httpx.Response) -> str:
    """The status, with the reason of a refusal or the mark of a replay."""
    try:
        body: object = answer.json()
    except ValueError:
        return str(answer.status_code)
    if not isinstance(body, dict):
        return str(answer.status_code)
    fields = cast("Json", body)
    mark = "replayed" if fields.get("replayed") else ""
    reason = fields.get("reason", "") if answer.is_error else mark
    return f"{answer.status_code} {reason}".strip()
