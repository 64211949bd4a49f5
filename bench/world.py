"""What a release needs, made beforehand on a real PostgreSQL: customers, accounts, approved deliverables, a market.

Ids are made from a kind and a number, so that pgbench can name rows of the same kind by counting.
"""

import hashlib
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import asyncpg

from cli.stack.keys import make_missing_keys
from cli.stack.postgres import PostgresServer
from plant.brokers.model import AccountSnapshot, Instrument, Quote
from plant.credentials.sessions import Vaults
from plant.exchange_accounts.model import Account
from plant.execution.desk import Desk
from plant.execution.inputs import ReleaseCommand
from plant.snapshots.actions import MarketDesk
from shared.approvals.action import Action, ActionKind, OrderParams
from shared.approvals.mint import Lifetimes, make_claims, mint_approval
from shared.clock import epoch_ms, utc_now
from shared.contracts.approvals import Approver, Preconditions
from shared.db import open_database
from shared.ids import ApprovalId, CredentialRef, CustomerId, DeliverableId
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, load_signing_key
from tests.databases import running_databases, temporary_home

PROVIDER = "delta_exchange_india"
SYMBOL = "BTCUSD"
PRICE = Decimal(65_000)
LANE_SIZE = 1_000_000
ACCOUNTS_PER_LANE = 1_000
AGENT = "AGT-TRD-DELTA-001"
# A reading may be dated this far ahead before the risk gate refuses it; so a fresh one lasts for about two seconds.
AHEAD = timedelta(milliseconds=900)
_RELEASES_PER_ACCOUNT = 20
_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
_LIFETIMES = Lifetimes(trade=timedelta(hours=12))
_FUNCTIONS = """
CREATE FUNCTION bench_id(kind bigint, number bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
    AS $$ SELECT (lpad(to_hex(kind), 8, '0') || lpad(to_hex(number), 24, '0'))::uuid $$;
CREATE FUNCTION bench_hash(number bigint) RETURNS text IMMUTABLE LANGUAGE sql
    AS $$ SELECT 'sha256:' || encode(sha256(convert_to(number::text, 'UTF8')), 'hex') $$;
"""
_REFRESH_ACCOUNTS = """
UPDATE account_snapshots SET as_of = $1, body = jsonb_set(body, '{as_of_ms}', to_jsonb($2::bigint))
"""
_PUT_MARKET = """
INSERT INTO {table} (provider, symbol, as_of, body) VALUES ($1, $2, $3, $4)
ON CONFLICT (provider, symbol) DO UPDATE SET as_of = excluded.as_of, body = excluded.body
"""


class Kind(IntEnum):
    """The first number of a made id; unlisted ones from FRESH on are rows that a release itself makes."""

    CUSTOMER = 1
    ACCOUNT = 2
    DELIVERABLE = 3
    APPROVAL = 4
    PAST = 8
    FRESH = 16


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

    async def count_used(self, lane: "Lane") -> int:
        """How many of the lane's approvals have been used."""
        ids = [command.approval_id for command in lane.commands]
        sql = "SELECT count(*) FROM approvals WHERE consumed_at IS NOT NULL AND approval_id = ANY($1)"
        return await self.admin.fetchval(sql, ids)

    @asynccontextmanager
    async def desk(self, *, connections: int) -> AsyncGenerator[Desk]:
        """A desk without brokers or vaults: whatever reached for one would fail."""
        async with open_database(self.runtime_url, name="bench", max_connections=connections) as database:
            vaults = Vaults({}, self.plant_key, self.trust)
            yield Desk(MarketDesk(database, vaults, {}), self.trust)


@dataclass(frozen=True, slots=True)
class Lane:
    """One caller's own accounts and approved deliverables, numbered so that no other lane shares a row.

    Shape: `commands` in order; release `i` is of account `i % accounts`.
    """

    number: int
    accounts: int
    commands: tuple[ReleaseCommand, ...]


@asynccontextmanager
async def running_world() -> AsyncGenerator[World]:
    with running_databases() as databases, temporary_home() as home:
        assert databases.server is not None
        keys, trust_file = home / "keys", home / "trust.json"
        make_missing_keys(keys, trust_file=trust_file)
        parts = urlsplit(databases.server.admin_url)
        admin = await asyncpg.connect(urlunsplit(parts._replace(path="/plant")))
        try:
            await admin.execute(_FUNCTIONS)
            await admin.execute("GRANT EXECUTE ON FUNCTION bench_id, bench_hash TO plant_runtime")
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


async def make_lane(
    world: World, number: int, *, releases: int, accounts: int | None = None, for_pgbench: bool = False
) -> Lane:
    """Make a lane's rows. pgbench cannot hash an action, so its rows carry a made hash, one for each release."""
    needed = accounts or -(-releases // _RELEASES_PER_ACCOUNT)
    accounts_made = [_account(number, index) for index in range(needed)]
    commands = [_command(number, index, accounts=accounts_made) for index in range(releases)]
    statement = approve(world, commands[0])
    async with world.admin.transaction():
        await _copy_accounts(world.admin, accounts_made)
        await _copy_deliverables(world.admin, commands)
        await _copy_approvals(
            world.admin,
            commands,
            hashes=[_made_hash(number, index) for index in range(releases)] if for_pgbench else None,
            statements=[statement] * releases
            if for_pgbench
            else [approve(world, one) for one in commands],
        )
    await world.admin.execute("ANALYZE")
    return Lane(number, needed, tuple(commands))


def made_id(kind: int, number: int) -> UUID:
    return UUID(int=(kind << 96) | number)


def _made_hash(lane: int, index: int) -> str:
    return "sha256:" + hashlib.sha256(str(lane * LANE_SIZE + index).encode()).hexdigest()


def _account(lane: int, index: int) -> Account:
    number = lane * ACCOUNTS_PER_LANE + index
    return Account(
        credential_ref=CredentialRef(made_id(Kind.ACCOUNT, number)),
        customer_id=CustomerId(made_id(Kind.CUSTOMER, number)),
        provider=PROVIDER,
        vault=Issuer.CP,
        default_coin="BTC",
        allowed_coins=("BTC", "ETH"),
        max_units_per_order=Decimal(1),
        max_notional_inr=None,
        version=1,
        since=_SINCE,
    )


def _command(lane: int, index: int, *, accounts: Sequence[Account]) -> ReleaseCommand:
    """Orders of one account differ in size, so that none is a duplicate of another."""
    account = accounts[index % len(accounts)]
    approval_id = ApprovalId(made_id(Kind.APPROVAL, lane * LANE_SIZE + index))
    return ReleaseCommand(
        action=create_action(account, size=1 + index // len(accounts)),
        account=account,
        agent_id=AGENT,
        actor=f"customer:{account.customer_id}",
        approval_id=approval_id,
        intent=ActionKind.PLACE_ORDER,
        deliverable_id=DeliverableId(made_id(Kind.DELIVERABLE, lane * LANE_SIZE + index)),
        submitted={"approval_id": str(approval_id)},
    )


def create_action(account: Account, *, size: int) -> Action:
    return Action(
        kind=ActionKind.PLACE_ORDER,
        provider=PROVIDER,
        credential_ref=account.credential_ref,
        customer_id=account.customer_id,
        params=OrderParams(
            product_symbol=SYMBOL,
            side="buy",
            size=str(size),
            order_type="limit_order",
            limit_price=str(PRICE),
            reduce_only=False,
            time_in_force="gtc",
        ),
    )


def approve(world: World, command: ReleaseCommand) -> str:
    """Sign an approval of the command's action, as the customer portal does."""
    assert command.approval_id is not None
    claims = make_claims(
        command.action,
        approval_id=command.approval_id,
        issuer=Issuer.CP,
        approver=_approver(command),
        deliverable_id=command.deliverable_id,
        preconditions=Preconditions(price_shown=PRICE, allowed_drift_bps=100),
        lifetimes=_LIFETIMES,
        now=utc_now(),
    )
    return mint_approval(claims, key=world.approval_key)


def _approver(command: ReleaseCommand) -> Approver:
    return Approver(type="customer", id=command.account.customer_id, method="session")


async def _copy_accounts(admin: asyncpg.Connection, accounts: Sequence[Account]) -> None:
    now = utc_now()
    body = _snapshot(now).model_dump_json()
    await _copy(
        admin,
        "exchange_accounts",
        "credential_ref customer_id provider vault default_coin allowed_coins max_units_per_order version updated_at",
        [
            (a.credential_ref, a.customer_id, a.provider, a.vault, a.default_coin, a.allowed_coins, 1, 1, a.since)
            for a in accounts
        ],
    )
    await _copy(
        admin,
        "entitlements",
        "customer_id plan",
        [(account.customer_id, "unlimited") for account in accounts],
    )
    await _copy(
        admin,
        "account_snapshots",
        "credential_ref customer_id as_of body",
        [(account.credential_ref, account.customer_id, now, body) for account in accounts],
    )


async def _copy_deliverables(admin: asyncpg.Connection, commands: Sequence[ReleaseCommand]) -> None:
    expires_at = utc_now() + _LIFETIMES.trade
    await _copy(
        admin,
        "deliverables",
        "deliverable_id customer_id agent_id state action action_hash correlation_id expires_at",
        [
            (
                one.deliverable_id,
                one.account.customer_id,
                one.agent_id,
                "approved",
                json.dumps(one.action.model_dump(mode="json")),
                one.action.action_hash(),
                one.approval_id,
                expires_at,
            )
            for one in commands
        ],
    )


async def _copy_approvals(
    admin: asyncpg.Connection,
    commands: Sequence[ReleaseCommand],
    *,
    hashes: Sequence[str] | None,
    statements: Sequence[str],
) -> None:
    issued_at = utc_now()
    expires_at = issued_at + _LIFETIMES.trade
    preconditions = json.dumps({"price_shown": str(PRICE), "allowed_drift_bps": 100})
    rows = [
        (
            one.approval_id,
            one.account.customer_id,
            "cp",
            "cp",
            hashes[index] if hashes else one.action.action_hash(),
            one.deliverable_id,
            _approver(one).model_dump_json(),
            preconditions,
            statements[index],
            issued_at,
            expires_at,
            expires_at + _LIFETIMES.send_grace,
        )
        for index, one in enumerate(commands)
    ]
    columns = (
        "approval_id customer_id issuer kid action_hash deliverable_id approver preconditions"
        " statement issued_at expires_at execute_by"
    )
    await _copy(admin, "approvals", columns, rows)


async def _copy(
    admin: asyncpg.Connection, table: str, columns: str, rows: Sequence[tuple[object, ...]]
) -> None:
    await admin.copy_records_to_table(table, records=rows, columns=columns.split())


async def _put_market(admin: asyncpg.Connection) -> None:
    as_of = utc_now() + AHEAD
    for table, body in (("quotes", _quote(as_of)), ("instruments", _instrument())):
        await admin.execute(
            _PUT_MARKET.format(table=table), PROVIDER, SYMBOL, as_of, body.model_dump_json()
        )


def _snapshot(as_of: datetime) -> AccountSnapshot:
    return AccountSnapshot(
        as_of_ms=epoch_ms(as_of), balances={"USD": Decimal(100_000)}, positions=(), open_orders=()
    )


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
