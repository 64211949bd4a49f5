"""Tables account_snapshots, quotes and instruments: what venues last said, as the risk gate reads it."""

from datetime import datetime, timedelta

from plant.brokers.model import AccountSnapshot, Instrument, Quote
from plant.snapshots.model import MarketView
from shared.clock import from_epoch_ms
from shared.db import OversightSession, TenantSession
from shared.ids import CredentialRef

_LOAD = """
SELECT
    (SELECT body FROM account_snapshots WHERE credential_ref = $1 ORDER BY as_of DESC LIMIT 1) AS account,
    (SELECT body FROM quotes WHERE provider = $2 AND symbol = $3) AS quote,
    i.body AS instrument, i.as_of AS instrument_as_of
FROM (SELECT 1) AS one LEFT JOIN instruments i ON i.provider = $2 AND i.symbol = $3
"""
_UPSERT = """
INSERT INTO {table} (provider, symbol, as_of, body) VALUES ($1, $2, $3, $4)
ON CONFLICT (provider, symbol) DO UPDATE SET as_of = excluded.as_of, body = excluded.body
WHERE {table}.as_of < excluded.as_of
"""


async def load(
    session: TenantSession, credential_ref: CredentialRef, *, provider: str, symbol: str
) -> MarketView:
    row = await session.connection.fetchrow(_LOAD, credential_ref, provider, symbol)
    assert row is not None
    return MarketView(
        account=AccountSnapshot.model_validate(row["account"]) if row["account"] else None,
        quote=Quote.model_validate(row["quote"]) if row["quote"] else None,
        instrument=Instrument.model_validate(row["instrument"]) if row["instrument"] else None,
        instrument_as_of=row["instrument_as_of"],
    )


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
