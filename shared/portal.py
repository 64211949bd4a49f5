"""What both portals are made of: sign-in, vault, approvals, outbox, and the client to Plant."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from shared.approvals.desk import ApprovalDesk
from shared.approvals.mint import Lifetimes
from shared.approvals.register import note_delivery, note_revocation
from shared.db import Database, open_database
from shared.http_client import open_http_client
from shared.keys import Issuer, Purpose, TrustStore, load_signing_key
from shared.outbox.actions import Outbox, run_deliveries
from shared.outbox.backlog.actions import run_measurements
from shared.outbox.model import MessageKind
from shared.plant_client import PlantClient
from shared.sign_in.actions import SignIn
from shared.sign_in.passwords import Passwords
from shared.sign_in.throttle import Throttle
from shared.vault.actions import Vault
from shared.vault.envelope import FileKeyEncryption, check_private

KEK_FILE = "kek.json"
MAX_CONNECTIONS = 20


@dataclass(frozen=True, slots=True)
class PortalConfig:
    """A portal's settings, the same for both. `is_local` allows cookies without TLS."""

    issuer: Issuer
    is_local: bool
    public_url: str
    gateway_url: str
    database_url: str = field(repr=False)
    key_folder: Path
    trust_file: Path
    lifetimes: Lifetimes
    throttle: Throttle
    four_eyes: bool


@dataclass(frozen=True, slots=True)
class Portal:
    config: PortalConfig
    database: Database
    trust: TrustStore
    plant: PlantClient
    outbox: Outbox
    sign_in: SignIn
    vault: Vault
    approvals: ApprovalDesk


@asynccontextmanager
async def open_portal(config: PortalConfig) -> AsyncGenerator[Portal]:
    """Connect everything, and deliver the outbox in the background until the block ends."""
    name = f"{config.issuer}_backend"
    async with (
        open_database(config.database_url, name=name, max_connections=MAX_CONNECTIONS) as database,
        open_http_client(base_url=config.gateway_url) as http,
    ):
        key = load_signing_key(config.key_folder, issuer=config.issuer, purpose=Purpose.IDENTITY)
        plant = PlantClient(http, config.issuer, key)
        portal = make_portal(config, database=database, plant=plant)
        background = [
            asyncio.create_task(run_deliveries(portal.outbox)),
            asyncio.create_task(run_measurements(database)),
        ]
        try:
            yield portal
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)


def make_portal(
    config: PortalConfig, *, database: Database, plant: PlantClient, passwords: Passwords | None = None
) -> Portal:
    """Raises: FileNotFoundError or ValueError when a key is missing or open to others."""
    trust = TrustStore(config.trust_file)
    outbox = Outbox(
        database, plant, {MessageKind.APPROVAL: note_delivery, MessageKind.REVOCATION: note_revocation}
    )
    return Portal(
        config=config,
        database=database,
        trust=trust,
        plant=plant,
        outbox=outbox,
        sign_in=SignIn(database, passwords or Passwords(), config.throttle),
        vault=Vault(
            issuer=config.issuer,
            database=database,
            keys=key_encryption(config.key_folder),
            key=load_signing_key(config.key_folder, issuer=config.issuer, purpose=Purpose.VAULT),
            trust=trust,
            plant=plant,
            outbox=outbox,
            four_eyes=config.four_eyes,
        ),
        approvals=ApprovalDesk(
            issuer=config.issuer,
            key=load_signing_key(config.key_folder, issuer=config.issuer, purpose=Purpose.APPROVAL),
            lifetimes=config.lifetimes,
            database=database,
            plant=plant,
            outbox=outbox,
            four_eyes=config.four_eyes,
        ),
    )


def key_encryption(key_folder: Path) -> FileKeyEncryption:
    path = key_folder / KEK_FILE
    check_private(path)
    return FileKeyEncryption(path)
