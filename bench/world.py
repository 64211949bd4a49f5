"""Where releases are measured: a real PostgreSQL with a market in Plant's tables, and no broker or vault in reach."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from bench.made_ids import SQL_FUNCTIONS
from cli.stack.keys import make_missing_keys
from cli.stack.postgres import PostgresServer
from plant.brokers.model import AccountSnapshot, Instrument, Quote
from plant.credentials.sessions import Vaults
from plant.execution.desk import Desk
from plant.snapshots.actions import MarketDesk
from shared.clock import epoch_ms, utc_now
from shared.db import open_database
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, load_signing_key
from tests.databases import running_databases, temporary_home

PROVIDER = "delta_exchange_india"
SYMBOL = "BTCUSD"
PRICE = Decimal(65_000)
# A reading may be dated this far ahead before the risk gate refuses it; so a fresh one lasts for about two seconds.
AHEAD = timedelta(milliseconds=900)
_REFRESH_ACCOUNTS = """
UPDATE account_snapshots SET as_of = $1, body = jsonb_set(body, '{as_of_ms}', to_jsonb($2::bigint))
"""
_PUT_MARKET = """
INSERT INTO {table} (provider, symbol, as_of, body) VALUES ($1, $2, $3, $4)
ON CONFLICT (provider, symbol) DO UPDATE SET as_of = excluded.as_of, body = excluded.body
"""


@dataclass(frozen=True, slots=True)
class World:
    """`admin` is a superuser on Plant's database: it makes rows, and is never measured."""

    server: PostgresServer
    runtime_url: str
    admin: asyncpg.Connection
    trust: TrustStore
    approval_key: SigningKey
    plant_key: SigningKey

    async def make_fresh(self) -> None:
        """Date what was read of the market and of every account to just now."""
        await _put_market(self.admin)
        as_of = utc_now() + AHEAD
        await self.admin.execute(_REFRESH_ACCOUNTS, as_of, epoch_ms(as_of))

    @asynccontextmanager
    async def desk(self, *, connections: int) -> AsyncGenerator[Desk]:
        """A desk without brokers or vaults: whatever reached for one would fail."""
        async with open_database(self.runtime_url, name="bench", max_connections=connections) as database:
            vaults = Vaults({}, self.plant_key, self.trust)
            yield Desk(MarketDesk(database, vaults, {}), self.trust, four_eyes=False)


@asynccontextmanager
async def running_world() -> AsyncGenerator[World]:
    with running_databases() as databases, temporary_home() as home:
        assert databases.server is not None
        keys, trust_file = home / "keys", home / "trust.json"
        make_missing_keys(keys, trust_file=trust_file)
        parts = urlsplit(databases.server.admin_url)
        admin = await asyncpg.connect(urlunsplit(parts._replace(path="/plant")))
        try:
            await admin.execute(SQL_FUNCTIONS)
            yield World(
                server=databases.server,
                runtime_url=databases.urls.runtime["plant"],
                admin=admin,
                trust=TrustStore(trust_file),
                approval_key=load_signing_key(keys / "cp", issuer=Issuer.CP, purpose=Purpose.APPROVAL),
                plant_key=load_signing_key(keys / "plant", issuer=Issuer.PLANT, purpose=Purpose.IDENTITY),
            )
        finally:
            await admin.close()


def create_snapshot(as_of: datetime) -> AccountSnapshot:
    return AccountSnapshot(
        as_of_ms=epoch_ms(as_of), balances={"USD": Decimal(100_000)}, positions=(), open_orders=()
    )


async def _put_market(admin: asyncpg.Connection) -> None:
    as_of = utc_now() + AHEAD
    for table, body in (("quotes", _quote(as_of)), ("instruments", _instrument())):
        await admin.execute(_PUT_MARKET.format(table=table), PROVIDER, SYMBOL, as_of, body.model_dump_json())


def _quote(as_of: datetime) -> Quote:
    return Quote(
        symbol=SYMBOL,
        mark_price=PRICE,
        best_bid=PRICE - 1,
        best_ask=PRICE + 1,
        price_band_lower=PRICE * Decimal("0.9"),
        price_band_upper=PRICE * Decimal("1.1"),
        as_of_ms=epoch_ms(as_of),
    )


def _instrument() -> Instrument:
    return Instrument(
        symbol=SYMBOL,
        contract_value=Decimal("0.001"),
        contract_unit="BTC",
        tick_size=Decimal("0.5"),
        min_size=Decimal(1),
        size_step=Decimal(1),
        max_size=Decimal(229_167),
        min_notional="none",
        state="live",
        quote_currency="USD",
        order_types=("limit_order", "market_order"),
        times_in_force=("gtc", "ioc"),
    )
