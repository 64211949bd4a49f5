"""How Plant's parts are put together, in one place: the only code that names a concrete broker."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from plant.brokers.base import BrokerAdapter
from plant.brokers.delta.adapter import DeltaAdapter
from plant.credentials.sessions import Vaults
from plant.enforcement.gates import check_gates
from plant.execution.desk import Desk
from plant.settings import PlantSettings
from plant.snapshots.actions import MarketDesk
from shared.db import Database, open_database
from shared.http_client import open_http_client
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


@asynccontextmanager
async def open_wiring(settings: PlantSettings, *, name: str) -> AsyncGenerator[Wiring]:
    """Raises: GatesTamperedError, FileNotFoundError for a missing key, PlatformError for the database."""
    check_gates()
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(
            open_database(
                settings.plant_database_url, name=name, max_connections=settings.plant_max_connections
            )
        )
        trust = TrustStore(settings.trust_file)
        vaults = await _open_vaults(stack, settings, trust)
        market = MarketDesk(database, vaults, await _open_adapters(stack, settings))
        checkpoint_key = load_signing_key(
            settings.plant_key_dir, issuer=Issuer.PLANT, purpose=Purpose.CHECKPOINT
        )
        desk = Desk(market, trust, absence_lag=timedelta(seconds=settings.absence_lag_s))
        yield Wiring(settings, database, trust, desk, checkpoint_key)


async def _open_adapters(stack: AsyncExitStack, settings: PlantSettings) -> Mapping[str, BrokerAdapter]:
    http = await stack.enter_async_context(
        open_http_client(base_url=settings.delta_base_url, timeout_s=_BROKER_TIMEOUT_S)
    )
    delta = DeltaAdapter(http)
    return {delta.provider: delta}


async def _open_vaults(stack: AsyncExitStack, settings: PlantSettings, trust: TrustStore) -> Vaults:
    key = load_signing_key(settings.plant_key_dir, issuer=Issuer.PLANT, purpose=Purpose.IDENTITY)
    clients = {
        issuer: await stack.enter_async_context(open_http_client(base_url=url, timeout_s=_VAULT_TIMEOUT_S))
        for issuer, url in ((Issuer.CP, settings.cp_url), (Issuer.PP, settings.pp_url))
    }
    return Vaults(clients, key, trust)
