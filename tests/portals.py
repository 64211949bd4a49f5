"""Both portals in this process on real databases, with a stand-in for Plant; and people signed in to them."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from uuid import UUID, uuid4

import asyncpg
import httpx
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr

from cli.stack.databases import Databases
from cli.stack.keys import make_missing_keys
from cp_backend.app import create_app as create_cp_app
from cp_backend.settings import CpSettings
from pp_backend.app import create_app as create_pp_app
from pp_backend.settings import PpSettings
from shared.contracts.sign_in import AccountKind, Role
from shared.db import open_database
from shared.identity import ActorType, Identity, mint_identity
from shared.ids import CorrelationId, CustomerId
from shared.keys import Issuer, Purpose, TrustStore, load_signing_key
from shared.plant_client import PlantClient
from shared.portal import Portal, PortalConfig, make_portal
from shared.settings import Mode
from shared.sign_in.actions import create_account
from shared.sign_in.model import Account
from shared.sign_in.passwords import Passwords
from tests.http_double import HttpDouble
from tests.plant_double import PlantDouble

PASSWORD = "a long enough password"
_BASE_URL = "http://portal.test"
_CHEAP = Passwords(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1),)))


@dataclass(frozen=True, slots=True)
class RunningPortal:
    """`app` answers over ASGI; what it tells Plant is in `plant`."""

    app: FastAPI
    portal: Portal
    plant: PlantDouble
    keys: Path

    def client(self, *, address: str = "127.0.0.1") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=(address, 50_000))
        return httpx.AsyncClient(transport=transport, base_url=_BASE_URL)

    async def customer(self) -> tuple[CustomerId, httpx.AsyncClient]:
        """A fresh customer with a bearer token."""
        http, email = self.client(), unique_email()
        answer = await http.post("/api/auth/sign-up", json={"email": email, "password": PASSWORD})
        await self._use_token(http, email)
        return CustomerId(UUID(answer.json()["account"]["id"])), http

    async def operator(self, role: Role) -> tuple[UUID, httpx.AsyncClient]:
        """A fresh operator of the role with a bearer token."""
        http, email = self.client(), unique_email()
        account = Account(uuid4(), email, AccountKind.OPERATOR, (role,))
        await create_account(self.portal.sign_in, account, password=SecretStr(PASSWORD))
        await self._use_token(http, email)
        return account.account_id, http

    async def _use_token(self, http: httpx.AsyncClient, email: str) -> None:
        answer = await http.post("/api/auth/token", json={"email": email, "password": PASSWORD})
        http.cookies.clear()
        http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def plant_identity(self, *, customer_id: CustomerId | None, issuer: Issuer = Issuer.PLANT) -> str:
        """The bearer token that Plant would send to this portal's vault."""
        identity = Identity(issuer, ActorType.SERVICE, issuer, customer_id, CorrelationId(uuid4()))
        key = load_signing_key(self.keys / issuer, issuer=issuer, purpose=Purpose.IDENTITY)
        return mint_identity(identity, key=key, audience=self.portal.config.issuer)


def unique_email() -> str:
    return f"person-{token_hex(8)}@example.test"


@asynccontextmanager
async def running_portal(
    databases: Databases, *, issuer: Issuer, keys: Path, four_eyes: bool = False
) -> AsyncGenerator[RunningPortal]:
    trust_file = keys / "trust.json"
    make_missing_keys(keys, trust_file=trust_file)
    app, config = _app(databases, issuer=issuer, keys=keys, trust_file=trust_file, four_eyes=four_eyes)
    double = PlantDouble(TrustStore(trust_file))
    key = load_signing_key(keys / issuer, issuer=issuer, purpose=Purpose.IDENTITY)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(config.database_url, name="test"))
        transport = httpx.MockTransport(double.handle)
        http = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url=_BASE_URL))
        portal = make_portal(
            config, database=database, plant=PlantClient(HttpDouble(http), issuer, key), passwords=_CHEAP
        )
        app.state.wiring = portal
        app.state.probes = {"database": database.is_reachable}
        yield RunningPortal(app, portal, double, keys)


async def stored_text(databases: Databases, database: str, table: str) -> str:
    """Everything that a table holds, past row level security, with bytes as readable as they come."""
    assert databases.server is not None
    url = f"{databases.server.admin_url.removesuffix('/postgres')}/{database}"
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(f"SELECT * FROM {table}")  # noqa: S608  a constant of the tests
    finally:
        await connection.close()
    return "\n".join(repr(dict(row)) for row in rows)


def _app(
    databases: Databases, *, issuer: Issuer, keys: Path, trust_file: Path, four_eyes: bool
) -> tuple[FastAPI, PortalConfig]:
    url = SecretStr(databases.urls.runtime[issuer])
    if issuer is Issuer.CP:
        cp = CpSettings(
            mode=Mode.LOCAL,
            trust_file=trust_file,
            cp_database_url=url,
            cp_key_dir=keys / issuer,
            four_eyes=four_eyes,
        )
        return create_cp_app(cp), cp.config()
    pp = PpSettings(
        mode=Mode.LOCAL,
        trust_file=trust_file,
        pp_database_url=url,
        pp_key_dir=keys / issuer,
        four_eyes=four_eyes,
    )
    return create_pp_app(pp), pp.config()
