"""Who acts in journeys: fresh customers and the demo operators, each an HTTP client with a bearer token."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any
from uuid import UUID

import httpx

from shared.demo import OPERATOR_EMAILS, PASSWORD
from shared.ids import CredentialRef, CustomerId
from tests.stack import Stack

CUSTOMER_PASSWORD = "a long enough password"
TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Customer:
    """`http` speaks to the customer portal as this customer."""

    customer_id: CustomerId
    email: str
    http: httpx.AsyncClient = field(repr=False)


@dataclass(frozen=True, slots=True)
class Operator:
    """`http` speaks to the platform portal as this operator."""

    operator_id: UUID
    http: httpx.AsyncClient = field(repr=False)


@dataclass(frozen=True, slots=True)
class ExchangeAccount:
    """An account at the imitated exchange, and its reference once it is connected."""

    api_key: str
    api_secret: str = field(repr=False)
    credential_ref: CredentialRef


@asynccontextmanager
async def new_customer(stack: Stack) -> AsyncGenerator[Customer]:
    """Sign a fresh customer up through the portal."""
    email = f"customer-{token_hex(6)}@example.test"
    async with httpx.AsyncClient(base_url=stack.cp_url, timeout=TIMEOUT_S) as http:
        answer = await http.post("/api/auth/sign-up", json={"email": email, "password": CUSTOMER_PASSWORD})
        answer.raise_for_status()
        customer_id = CustomerId(UUID(answer.json()["account"]["id"]))
        await use_bearer_token(http, email=email, password=CUSTOMER_PASSWORD)
        yield Customer(customer_id, email, http)


@asynccontextmanager
async def demo_operator(stack: Stack, role: str = "admin") -> AsyncGenerator[Operator]:
    """Sign in as one of the operators that local mode is seeded with."""
    emails = {held.value: email for held, email in OPERATOR_EMAILS.items()}
    async with httpx.AsyncClient(base_url=stack.pp_url, timeout=TIMEOUT_S) as http:
        await use_bearer_token(http, email=emails[role], password=PASSWORD.get_secret_value())
        me = await http.get("/api/auth/me")
        yield Operator(UUID(me.json()["account"]["id"]), http)


async def use_bearer_token(http: httpx.AsyncClient, *, email: str, password: str) -> None:
    answer = await http.post("/api/auth/token", json={"email": email, "password": password})
    answer.raise_for_status()
    http.cookies.clear()
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


async def connect_exchange(
    stack: Stack,
    customer: Customer,
    *,
    balances: Mapping[str, str] | None = None,
    **settings: Any,
) -> ExchangeAccount:
    """Make an account at the imitated exchange and store its key in the customer's vault."""
    api_key, api_secret = await open_sandbox_account(stack, balances=balances)
    request = exchange_setup(api_key=api_key, api_secret=api_secret) | settings
    answer = await customer.http.put("/api/cp/exchange-setup", json=request)
    answer.raise_for_status()
    return ExchangeAccount(api_key, api_secret, CredentialRef(UUID(answer.json()["credential_ref"])))


async def open_sandbox_account(stack: Stack, *, balances: Mapping[str, str] | None = None) -> tuple[str, str]:
    api_key, api_secret = f"key-{token_hex(8)}", f"secret-{token_hex(16)}"
    account = {
        "venue": "delta",
        "api_key": api_key,
        "api_secret": api_secret,
        "balances": dict(balances or {"USD": "100000"}),
    }
    async with httpx.AsyncClient(base_url=stack.sandbox_url, timeout=TIMEOUT_S) as http:
        (await http.post("/_control/accounts", json=account)).raise_for_status()
    return api_key, api_secret


def exchange_setup(*, api_key: str, api_secret: str) -> dict[str, Any]:
    """The body of a set-up with room for a usual test order."""
    return {
        "exchange_provider": "delta_exchange_india",
        "api_key": api_key,
        "api_secret": api_secret,
        "default_coin": "BTC",
        "allowed_coins": ["BTC", "ETH"],
        "max_units_per_order": "10",
    }
