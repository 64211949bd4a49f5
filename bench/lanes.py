"""Callers' own rows, made beforehand: accounts, and deliverables that have been approved but not yet carried out."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import asyncpg

from bench.made_ids import ACCOUNTS_PER_LANE, LANE_SIZE, Kind, made_id
from bench.world import PRICE, PROVIDER, SYMBOL, World, create_snapshot
from plant.exchange_accounts.model import Account
from plant.execution.inputs import ReleaseCommand
from shared.approvals.action import Action, ActionKind, OrderParams
from shared.approvals.mint import Lifetimes, make_claims, mint_approval
from shared.clock import utc_now
from shared.contracts.approvals import Approver, Preconditions
from shared.ids import ApprovalId, CredentialRef, CustomerId, DeliverableId
from shared.keys import Issuer

AGENT = "AGT-TRD-DELTA-001"
# Fewer than an account may order in a second.
_RELEASES_PER_ACCOUNT = 8
_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
_LIFETIMES = Lifetimes(trade=timedelta(hours=12))


@dataclass(frozen=True, slots=True)
class Lane:
    """One caller's own accounts and approved deliverables, numbered so that no other lane shares a row.

    Shape: `commands` in order; release `i` is of account `i % accounts`.
    """

    number: int
    accounts: int
    commands: tuple[ReleaseCommand, ...]


async def make_lane(
    world: World, number: int, *, releases: int, accounts: int | None = None, for_pgbench: bool = False
) -> Lane:
    """Make a lane's rows. pgbench cannot hash an action, so its rows carry a made hash, one for each release."""
    needed = accounts or -(-releases // _RELEASES_PER_ACCOUNT)
    accounts_made = [_account(number, index) for index in range(needed)]
    commands = [_command(number, index, accounts=accounts_made) for index in range(releases)]
    now = utc_now()
    statement = approve(world, commands[0], now=now)
    async with world.admin.transaction():
        await _copy_accounts(world.admin, accounts_made)
        await _copy_deliverables(world.admin, commands)
        await _copy_approvals(
            world.admin,
            commands,
            hashes=[_made_hash(number, index) for index in range(releases)] if for_pgbench else None,
            statements=[statement] * releases
            if for_pgbench
            else [approve(world, one, now=now) for one in commands],
            issued_at=now,
        )
    await world.admin.execute("ANALYZE")
    return Lane(number, needed, tuple(commands))


async def count_used(world: World, lane: Lane) -> int:
    """How many of the lane's approvals have been used."""
    ids = [command.approval_id for command in lane.commands]
    sql = "SELECT count(*) FROM approvals WHERE consumed_at IS NOT NULL AND approval_id = ANY($1)"
    return await world.admin.fetchval(sql, ids)


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


def approve(world: World, command: ReleaseCommand, *, now: datetime) -> str:
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
        now=now,
    )
    return mint_approval(claims, key=world.approval_key)


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


def _approver(command: ReleaseCommand) -> Approver:
    return Approver(type="customer", id=command.account.customer_id, method="session")


async def _copy_accounts(admin: asyncpg.Connection, accounts: Sequence[Account]) -> None:
    now = utc_now()
    body = create_snapshot(now).model_dump_json()
    await _copy(
        admin,
        "exchange_accounts",
        "credential_ref customer_id provider vault default_coin allowed_coins max_units_per_order version updated_at",
        [
            (
                a.credential_ref,
                a.customer_id,
                a.provider,
                a.vault,
                a.default_coin,
                a.allowed_coins,
                1,
                1,
                a.since,
            )
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
    issued_at: datetime,
) -> None:
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
