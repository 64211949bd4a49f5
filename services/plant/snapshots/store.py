"""Tables account_snapshots, quotes and instruments: what venues last said, as the risk gate reads it."""

from datetime import datetime, timedelta

from plant.brokers.model import AccountSnapshot, Instrument, Quote
from plant.snapshots.model import MarketView
from shared.clock import from_epoch_ms
from shared.db import Lookup, OversightSession, Row, TenantSession
from shared.ids import CredentialRef

_LOAD = """
SELECT ROW(
    (SELECT body FROM account_snapshots WHERE credential_ref = $1 ORDER BY as_of DESC LIMIT 1),
    (SELECT body FROM quotes WHERE provider = $2 AND symbol = $3),
    i.body, i.as_of
) FROM (SELECT 1) AS one LEFT JOIN instruments i ON i.provider = $2 AND i.symbol = $3
"""
_UPSERT = """
INSERT INTO {table} (provider, symbol, as_of, body) VALUES ($1, $2, $3, $4)
ON CONFLICT (provider, symbol) DO UPDATE SET as_of = excluded.as_of, body = excluded.body
WHERE {table}.as_of < excluded.as_of
"""


def lookup(credential_ref: CredentialRef, *, provider: str, symbol: str) -> Lookup[MarketView]:
    return Lookup(_LOAD, (credential_ref, provider, symbol), _to_view)


async def insert_account(
    session: TenantSession, credential_ref: CredentialRef, snapshot: AccountSnapshot
) -> None:
    await session.connection.execute(
        "INSERT INTO account_snapshots (credential_ref, customer_id, as_of, body) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        credential_ref,
        session.customer_id,
        from_epoch_ms(snapshot.as_of_ms),
        snapshot.model_dump(mode="json"),
    )


async def put_quote(session: TenantSession, quote: Quote, *, provider: str) -> None:
    await session.connection.execute(
        _UPSERT.format(table="quotes"),
        provider,
        quote.symbol,
        from_epoch_ms(quote.as_of_ms),
        quote.model_dump(mode="json"),
    )


async def put_instrument(
    session: TenantSession, instrument: Instrument, *, provider: str, as_of: datetime
) -> None:
    await session.connection.execute(
        _UPSERT.format(table="instruments"),
        provider,
        instrument.symbol,
        as_of,
        instrument.model_dump(mode="json"),
    )


async def delete_older_than(session: OversightSession, age: timedelta) -> int:
    tag = await session.connection.execute(
        "DELETE FROM account_snapshots WHERE as_of < now() - $1::interval", age
    )
    return int(tag.removeprefix("DELETE "))


def _to_view(row: Row) -> MarketView:
    account, quote, instrument, as_of = row
    return MarketView(
        account=AccountSnapshot.model_validate(account) if account else None,
        quote=Quote.model_validate(quote) if quote else None,
        instrument=Instrument.model_validate(instrument) if instrument else None,
        instrument_as_of=as_of,
    )
