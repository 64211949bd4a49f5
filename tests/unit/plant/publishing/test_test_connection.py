"""Testing a platform account: one read with the vault's token, which is renewed first when it has run out."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import parse_qs

import httpx
import pytest
import pytest_asyncio

from cli.stack.databases import Databases
from plant.brokers.base import BrokerRefusedError
from plant.credentials.renewal import renew
from plant.credentials.sessions import Vaults, VaultUnreachableError, read_session
from plant.platform_accounts import actions as platform_accounts
from plant.platform_accounts.model import PlatformAccount
from plant.publishers.base import Publisher
from plant.publishers.x import XPublisher
from plant.publishing.test_connection import test_connection as check_connection
from shared.contracts.hired_agents import PlatformAccount as Announced
from shared.contracts.vault import ConnectionTest
from shared.db import Database, open_database
from shared.errors import PlatformError
from shared.ids import CredentialRef, CustomerId, uuid7
from shared.keys import Issuer, Purpose, load_signing_key
from tests.http_double import HttpDouble
from tests.portals import RunningPortal
from tests.unit.shared.vault.platform_credentials import ACCESS, REFRESH, put_platform

REFRESHES = "/internal/v1/credential-refreshes"


@dataclass(slots=True)
class XDouble:
    """X as far as tokens go: `valid` is what it takes; each refresh token is good once."""

    valid: str = ACCESS
    refresh_tokens: set[str] = field(default_factory=lambda: {REFRESH})
    exchanged: int = 0

    def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/2/oauth2/token":
            return self._exchange(parse_qs(request.content.decode())["refresh_token"][0])
        if request.headers["Authorization"] != f"Bearer {self.valid}":
            return httpx.Response(401, json={"title": "Unauthorized"})
        return httpx.Response(200, json={"data": {"id": "1", "username": "demo_a"}})

    def _exchange(self, token: str) -> httpx.Response:
        if token not in self.refresh_tokens:
            return httpx.Response(400, json={"error_description": "invalid_grant"})
        self.refresh_tokens.discard(token)
        self.exchanged += 1
        self.valid, following = f"access-{self.exchanged}", f"refresh-{self.exchanged}"
        self.refresh_tokens.add(following)
        return httpx.Response(200, json={"access_token": self.valid, "refresh_token": following})


@dataclass(slots=True)
class LossyVault:
    """The vault's portal, which loses the answers to the next deliveries of new tokens."""

    app: httpx.ASGITransport
    lost: int = 0

    async def handle(self, request: httpx.Request) -> httpx.Response:
        answer = await self.app.handle_async_request(request)
        if request.url.path == REFRESHES and self.lost > 0:
            self.lost -= 1
            raise httpx.ReadError("lost", request=request)
        return answer


@dataclass(frozen=True, slots=True)
class Desk:
    database: Database
    vaults: Vaults
    publishers: Mapping[str, Publisher]


@dataclass(frozen=True, slots=True)
class Scene:
    cp: RunningPortal
    desk: Desk
    platform: XDouble
    vault: LossyVault

    async def connect(self, **changes: str | None) -> tuple[CustomerId, CredentialRef]:
        """A customer stores tokens, and Plant is told."""
        customer_id, http = await self.cp.customer()
        await put_platform(http, **changes)
        call = self.cp.plant.calls[-1]
        announced = Announced.model_validate(call.body)
        await platform_accounts.keep(self.desk.database, announced, caller=call.identity)
        return customer_id, CredentialRef(announced.credential_ref)

    async def account(self, customer_id: CustomerId, ref: CredentialRef) -> PlatformAccount:
        async with self.desk.database.tenant(customer_id) as session:
            account = await platform_accounts.find(session, ref)
        assert account is not None
        return account

    @property
    def publisher(self) -> Publisher:
        return self.desk.publishers["x"]


@pytest_asyncio.fixture
async def scene(cp: RunningPortal, databases: Databases) -> AsyncIterator[Scene]:
    platform, vault = XDouble(), LossyVault(httpx.ASGITransport(cp.app))
    key = load_signing_key(cp.keys / "plant", issuer=Issuer.PLANT, purpose=Purpose.IDENTITY)
    async with (
        open_database(databases.urls.runtime["plant"], name="test") as database,
        httpx.AsyncClient(
            transport=httpx.MockTransport(vault.handle), base_url="http://cp.test"
        ) as vault_http,
        httpx.AsyncClient(transport=httpx.MockTransport(platform.handle), base_url="http://x.test") as x_http,
    ):
        vaults = Vaults({Issuer.CP: HttpDouble(vault_http)}, key, cp.portal.trust)
        publishers = MappingProxyType({"x": XPublisher(HttpDouble(x_http))})
        yield Scene(cp, Desk(database, vaults, publishers), platform, vault)


async def test_valid_token_says_whose_it_is(scene: Scene) -> None:
    customer_id, ref = await scene.connect()

    found = await check_connection(scene.desk, customer_id, ref)

    assert found == ConnectionTest(ok=True, detail="The platform knows the token as demo_a.")
    assert scene.platform.exchanged == 0


async def test_token_that_has_run_out_is_renewed_and_kept(scene: Scene) -> None:
    customer_id, ref = await scene.connect()
    before = await scene.account(customer_id, ref)
    scene.platform.valid = "a later one"

    found = [await check_connection(scene.desk, customer_id, ref) for _ in range(2)]

    assert [test.ok for test in found] == [True, True]
    assert scene.platform.exchanged == 1
    assert await scene.account(customer_id, ref) == before


async def test_answer_of_the_vault_that_is_lost_loses_no_token(scene: Scene) -> None:
    customer_id, ref = await scene.connect()
    scene.platform.valid, scene.vault.lost = "a later one", 2

    found = await check_connection(scene.desk, customer_id, ref)

    assert (found.ok, scene.vault.lost, scene.platform.exchanged) == (True, 0, 1)


async def test_two_who_renew_at_once_use_the_refresh_token_once(scene: Scene) -> None:
    customer_id, ref = await scene.connect()
    account = await scene.account(customer_id, ref)

    both = await asyncio.gather(
        *(renew(scene.desk.vaults, account, publisher=scene.publisher) for _ in range(2)),
        return_exceptions=True,
    )

    assert scene.platform.exchanged <= 2  # one after the other is fine: each with a token of its own
    assert True in both
    assert all(one is True or isinstance(one, VaultUnreachableError) for one in both)
    async with read_session(scene.desk.vaults, account) as contents:
        assert contents.tokens.access_token.get_secret_value() == scene.platform.valid


async def test_token_that_cannot_be_renewed_is_reported_as_the_platform_put_it(scene: Scene) -> None:
    customer_id, ref = await scene.connect(refresh_token=None)
    scene.platform.valid = "a later one"

    found = await check_connection(scene.desk, customer_id, ref)

    assert (found.ok, found.detail.startswith("The read failed:")) == (False, True)
    assert ACCESS not in found.detail


async def test_refresh_token_that_is_used_up_is_refused_by_the_platform(scene: Scene) -> None:
    customer_id, ref = await scene.connect()
    scene.platform.refresh_tokens.clear()
    account = await scene.account(customer_id, ref)

    with pytest.raises(BrokerRefusedError) as refused:
        await renew(scene.desk.vaults, account, publisher=scene.publisher)

    assert REFRESH not in refused.value.detail
    async with read_session(scene.desk.vaults, account) as contents:
        assert contents.tokens.access_token.get_secret_value() == ACCESS


async def test_account_of_somebody_else_is_like_an_unknown_one(scene: Scene) -> None:
    _, ref = await scene.connect()
    stranger, _ = await scene.connect()

    for wanted in (ref, CredentialRef(uuid7())):
        with pytest.raises(PlatformError) as refused:
            await check_connection(scene.desk, stranger, wanted)
        assert refused.value.status == 404


async def test_platform_that_is_not_set_up_is_named(scene: Scene) -> None:
    customer_id, ref = await scene.connect(platform="mastodon")

    found = await check_connection(scene.desk, customer_id, ref)

    assert found == ConnectionTest(ok=False, detail="Posts to mastodon are not set up here.")
