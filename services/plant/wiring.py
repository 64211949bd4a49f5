"""How Plant's parts are put together, in one place: the only code that names a concrete broker."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from plant.agent_types import actions as agent_types
from plant.agent_types.skills import Skills, open_skills
from plant.agents.registered import all_capabilities
from plant.brokers.base import BrokerAdapter
from plant.brokers.delta.adapter import DeltaAdapter
from plant.credentials.sessions import Vaults
from plant.enforcement.gates import check_gates
from plant.execution.desk import Desk
from plant.publishers.base import Publisher
from plant.publishers.bluesky import BlueskyPublisher
from plant.publishers.linkedin import LinkedInPublisher
from plant.publishers.mastodon import MastodonPublisher
from plant.publishers.meta import FacebookPublisher, InstagramPublisher
from plant.publishers.x import XPublisher
from plant.settings import PlantSettings
from plant.snapshots.actions import MarketDesk
from shared.db import Database, open_database
from shared.http_client import HttpClient, open_http_client
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, load_signing_key

_BROKER_TIMEOUT_S = 8
_VAULT_TIMEOUT_S = 4


@dataclass(frozen=True, slots=True)
class Wiring:
    settings: PlantSettings
    database: Database
    trust: TrustStore
    desk: Desk
    checkpoint_key: SigningKey
    skills: Skills


@asynccontextmanager
async def open_wiring(settings: PlantSettings, *, name: str) -> AsyncGenerator[Wiring]:
    """Raises: GatesTamperedError, FileNotFoundError for a missing key, PlatformError for the database,
    PatternInvalid for a pattern of the library.
    """
    check_gates()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            open_database(
                settings.plant_database_url, name=name, max_connections=settings.plant_max_connections
            )
        )
        await agent_types.seed(database)
        skills = open_skills(all_capabilities())
        trust = TrustStore(settings.trust_file)
        vaults = await _open_vaults(stack, settings, trust)
        market = MarketDesk(database, vaults, await _open_adapters(stack, settings))
        checkpoint_key = load_signing_key(
            settings.plant_key_dir, issuer=Issuer.PLANT, purpose=Purpose.CHECKPOINT
        )
        desk = Desk(
            market,
            trust,
            four_eyes=settings.four_eyes,
            publishers=await _open_publishers(stack, settings),
            absence_lag=timedelta(seconds=settings.absence_lag_s),
        )
        yield Wiring(settings, database, trust, desk, checkpoint_key, skills)


async def _open_adapters(stack: AsyncExitStack, settings: PlantSettings) -> Mapping[str, BrokerAdapter]:
    http = await stack.enter_async_context(
        open_http_client(base_url=settings.delta_base_url, timeout_s=_BROKER_TIMEOUT_S)
    )
    delta = DeltaAdapter(http)
    return {delta.provider: delta}


async def _open_publishers(stack: AsyncExitStack, settings: PlantSettings) -> Mapping[str, Publisher]:
    """The platforms whose address is set."""

    async def reach(url: str) -> HttpClient:
        return await stack.enter_async_context(open_http_client(base_url=url, timeout_s=_BROKER_TIMEOUT_S))

    found: list[Publisher] = []
    if settings.mastodon_base_url:
        found.append(MastodonPublisher(await reach(settings.mastodon_base_url)))
    if settings.bluesky_base_url:
        found.append(BlueskyPublisher(await reach(settings.bluesky_base_url)))
    if settings.x_base_url:
        found.append(XPublisher(await reach(settings.x_base_url), client_id=settings.x_client_id))
    if settings.linkedin_base_url and settings.linkedin_sign_in_base_url:
        sign_in = await reach(settings.linkedin_sign_in_base_url)
        found.append(
            LinkedInPublisher(
                await reach(settings.linkedin_base_url),
                sign_in,
                client_id=settings.linkedin_client_id,
                client_secret=settings.linkedin_client_secret,
            )
        )
    if settings.meta_base_url:
        meta = await reach(settings.meta_base_url)
        found += [FacebookPublisher(meta), InstagramPublisher(meta)]
    return {publisher.platform.value: publisher for publisher in found}


async def _open_vaults(stack: AsyncExitStack, settings: PlantSettings, trust: TrustStore) -> Vaults:
    key = load_signing_key(settings.plant_key_dir, issuer=Issuer.PLANT, purpose=Purpose.IDENTITY)
    clients = {
        issuer: await stack.enter_async_context(open_http_client(base_url=url, timeout_s=_VAULT_TIMEOUT_S))
        for issuer, url in ((Issuer.CP, settings.cp_url), (Issuer.PP, settings.pp_url))
    }
    return Vaults(clients, key, trust)
