"""Reading the market and the account from the venue, and keeping what was read for the risk gate."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from plant.brokers.base import BrokerAdapter, BrokerError, BrokerRefusedError
from plant.brokers.model import AccountSnapshot, Instrument
from plant.credentials.sessions import CredentialRefusedError, Vaults, VaultUnreachableError, read_session
from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.exchange_accounts import actions as exchange_accounts
from plant.exchange_accounts.model import Account
from plant.snapshots import store
from plant.snapshots.model import MarketView
from shared.clock import epoch_ms, utc_now
from shared.contracts.vault import ConnectionTest
from shared.db import Database, Lookup, TenantSession, look_up
from shared.errors import PlatformError, not_found, unavailable
from shared.ids import CredentialRef, CustomerId

RETENTION = timedelta(days=30)
INSTRUMENT_LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class MarketDesk:
    """`locks` makes many callers that need the same fresh account wait for one read."""

    database: Database
    vaults: Vaults
    adapters: Mapping[str, BrokerAdapter]
    locks: dict[CredentialRef, asyncio.Lock] = field(default_factory=dict[CredentialRef, asyncio.Lock])


async def refresh(desk: MarketDesk, account: Account, *, symbol: str, not_before_ms: int) -> MarketView:
    """Read instrument, quote and account, unless they were read since `not_before_ms`, and keep them.

    Raises: BrokerError, CredentialRefusedError, VaultUnreachableError.
    """
    lock = desk.locks.setdefault(account.credential_ref, asyncio.Lock())
    async with lock:
        async with desk.database.tenant(account.customer_id) as session:
            held = await load(session, account, symbol=symbol)
        if _is_as_new_as(held, not_before_ms):
            return held
        fresh = await _read_all(desk, account, symbol, held=held)
        async with desk.database.tenant(account.customer_id) as session:
            await _keep(session, account, fresh)
        return fresh


async def read_now(desk: MarketDesk, account: Account, *, symbol: str, subject: Subject) -> MarketView:
    """Read the market and the account for somebody who waits for the answer.

    Raises: PlatformError 503 when the venue or the vault does not answer, 409 when the venue refuses the key,
        403 when the vault does, and that denial is stored.
    """
    try:
        return await refresh(desk, account, symbol=symbol, not_before_ms=epoch_ms(utc_now()))
    except BrokerRefusedError as error:
        detail = f"The exchange refused to be read: {error.detail}. Check the connected key, or our clock."
        raise PlatformError(409, "exchange_refused", detail, risk_codes=(error.code,)) from error
    except BrokerError as error:
        detail = f"The exchange cannot be read: {error.detail}. Nothing was sent; try again."
        raise unavailable(detail, reason="exchange_unavailable") from error
    except CredentialRefusedError as error:
        raise await evidence.deny(
            desk.database, error.reason, stage="vault", detail=error.detail, subject=subject
        ) from error
    except VaultUnreachableError as error:
        raise unavailable(f"The vault does not answer: {error}.", reason="vault_unavailable") from error


def lookup(account: Account, *, symbol: str) -> Lookup[MarketView]:
    return store.lookup(account.credential_ref, provider=account.provider, symbol=symbol)


async def load(session: TenantSession, account: Account, *, symbol: str) -> MarketView:
    view = lookup(account, symbol=symbol)
    return (await look_up(session, view))[view]


async def test_connection(
    desk: MarketDesk, customer_id: CustomerId, credential_ref: CredentialRef
) -> ConnectionTest:
    """Perform one read with the stored key, and say how it went.

    Raises: PlatformError 404 for an account that is not there, or is another customer's.
    """
    async with desk.database.tenant(customer_id) as session:
        account = await exchange_accounts.find(session, credential_ref)
    if account is None:
        raise not_found("exchange account")
    try:
        snapshot = await _read_account(desk, account)
    except (BrokerError, CredentialRefusedError) as error:
        return ConnectionTest(ok=False, detail=f"The read failed: {error.detail}.")
    except VaultUnreachableError as error:
        return ConnectionTest(ok=False, detail=f"The read was not tried: {error}.")
    return ConnectionTest(
        ok=True, detail=f"The exchange accepts the key; {len(snapshot.positions)} open position(s)."
    )


async def drop_old(database: Database) -> int:
    async with database.oversight(actor="service:retention") as session:
        return await store.delete_older_than(session, RETENTION)


async def _read_all(desk: MarketDesk, account: Account, symbol: str, *, held: MarketView) -> MarketView:
    adapter = desk.adapters[account.provider]
    quote, snapshot, (instrument, as_of) = await asyncio.gather(
        adapter.quote(symbol), _read_account(desk, account), _read_instrument(adapter, symbol, held=held)
    )
    return MarketView(account=snapshot, quote=quote, instrument=instrument, instrument_as_of=as_of)


async def _read_instrument(
    adapter: BrokerAdapter, symbol: str, *, held: MarketView
) -> tuple[Instrument | None, datetime]:
    """Ticks and contract values hardly ever change; a trading halt shows in the order's own refusal."""
    if held.instrument_as_of is not None and utc_now() - held.instrument_as_of < INSTRUMENT_LIFETIME:
        return held.instrument, held.instrument_as_of
    return await adapter.instrument(symbol), utc_now()


async def _read_account(desk: MarketDesk, account: Account) -> AccountSnapshot:
    async with read_session(desk.vaults, account) as credentials:
        return await desk.adapters[account.provider].account_snapshot(credentials)


async def _keep(session: TenantSession, account: Account, view: MarketView) -> None:
    if view.account is not None:
        await store.insert_account(session, account.credential_ref, view.account)
    if view.quote is not None:
        await store.put_quote(session, view.quote, provider=account.provider)
    if view.instrument is not None and view.instrument_as_of is not None:
        await store.put_instrument(
            session, view.instrument, provider=account.provider, as_of=view.instrument_as_of
        )


def _is_as_new_as(view: MarketView, not_before_ms: int) -> bool:
    return (
        view.instrument is not None
        and view.account is not None
        and view.account.as_of_ms >= not_before_ms
        and view.quote is not None
        and view.quote.as_of_ms >= not_before_ms
    )
