"""Table exchange_accounts: the accounts that portals have announced."""

import json
from uuid import UUID

from plant.exchange_accounts.model import Account
from shared.contracts.vault import ExchangeAccount
from shared.db import Lookup, Row, TenantSession
from shared.ids import CredentialRef, CustomerId
from shared.keys import Issuer

_UPSERT = """
INSERT INTO exchange_accounts
    (credential_ref, customer_id, provider, vault, default_coin, allowed_coins,
     max_units_per_order, max_notional_inr, version, deleted)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (credential_ref) DO UPDATE SET
    provider = excluded.provider, default_coin = excluded.default_coin,
    allowed_coins = excluded.allowed_coins, max_units_per_order = excluded.max_units_per_order,
    max_notional_inr = excluded.max_notional_inr, version = excluded.version,
    deleted = excluded.deleted, updated_at = now()
WHERE exchange_accounts.version < excluded.version
  AND exchange_accounts.customer_id = excluded.customer_id
  AND exchange_accounts.vault = excluded.vault
"""


async def upsert(session: TenantSession, account: ExchangeAccount) -> None:
    """Keep the newest version; an older or repeated announcement changes nothing."""
    await session.connection.execute(
        _UPSERT,
        account.credential_ref,
        account.customer_id,
        account.provider,
        account.vault,
        account.default_coin,
        list(account.allowed_coins),
        account.max_units_per_order,
        account.max_notional_inr,
        account.version,
        account.deleted,
    )


async def find(session: TenantSession, credential_ref: CredentialRef) -> Account | None:
    row = await session.connection.fetchrow(
        "SELECT * FROM exchange_accounts WHERE credential_ref = $1 AND customer_id = $2 AND NOT deleted",
        credential_ref,
        session.customer_id,
    )
    return _to_account(row) if row else None


async def lock(session: TenantSession, credential_ref: CredentialRef) -> Account | None:
    """Find the account and hold its row: releases of one account happen one after another."""
    row = await session.connection.fetchrow(
        "SELECT * FROM exchange_accounts WHERE credential_ref = $1 AND customer_id = $2 AND NOT deleted FOR UPDATE",
        credential_ref,
        session.customer_id,
    )
    return _to_account(row) if row else None


def providers_by_ref(customer_ids: list[CustomerId]) -> Lookup[dict[UUID, str]]:
    """The accounts that are not deleted."""
    return Lookup(
        "SELECT json_object_agg(credential_ref, provider)::text FROM exchange_accounts"
        " WHERE customer_id = ANY($1) AND NOT deleted",
        (customer_ids,),
        lambda found: {UUID(ref): provider for ref, provider in json.loads(found or "{}").items()},
    )


def _to_account(row: Row) -> Account:
    return Account(
        credential_ref=CredentialRef(row["credential_ref"]),
        customer_id=CustomerId(row["customer_id"]),
        provider=row["provider"],
        vault=Issuer(row["vault"]),
        default_coin=row["default_coin"],
        allowed_coins=tuple(row["allowed_coins"]),
        max_units_per_order=row["max_units_per_order"],
        max_notional_inr=row["max_notional_inr"],
        version=row["version"],
        since=row["updated_at"],
    )
