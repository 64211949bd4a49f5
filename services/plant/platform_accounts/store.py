"""Table platform_accounts: where customers publish, as the portals have announced it."""

import json
from uuid import UUID

from plant.platform_accounts.model import PlatformAccount
from shared.contracts.hired_agents import PlatformAccount as Announced
from shared.db import Lookup, Row, TenantSession
from shared.ids import CredentialRef, CustomerId
from shared.keys import Issuer

_UPSERT = """
INSERT INTO platform_accounts
    (credential_ref, customer_id, platform, vault, posting_identity, version, deleted)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (credential_ref) DO UPDATE SET
    posting_identity = excluded.posting_identity, version = excluded.version,
    deleted = excluded.deleted, updated_at = now()
WHERE platform_accounts.version < excluded.version
  AND platform_accounts.customer_id = excluded.customer_id
  AND platform_accounts.vault = excluded.vault
  AND platform_accounts.platform = excluded.platform
"""
_LIVE = "SELECT * FROM platform_accounts WHERE credential_ref = $1 AND customer_id = $2 AND NOT deleted"


async def upsert(session: TenantSession, account: Announced) -> None:
    """Keep the newest version; an older or repeated announcement changes nothing."""
    await session.connection.execute(
        _UPSERT,
        account.credential_ref,
        account.customer_id,
        account.platform,
        account.vault,
        account.posting_identity,
        account.version,
        account.deleted,
    )


async def find(session: TenantSession, credential_ref: CredentialRef) -> PlatformAccount | None:
    row = await session.connection.fetchrow(_LIVE, credential_ref, session.customer_id)
    return _to_account(row) if row else None


async def lock(session: TenantSession, credential_ref: CredentialRef) -> PlatformAccount | None:
    """Find the account and hold its row: releases of one account happen one after another."""
    row = await session.connection.fetchrow(f"{_LIVE} FOR UPDATE", credential_ref, session.customer_id)
    return _to_account(row) if row else None


def platforms_by_ref(customer_ids: list[CustomerId]) -> Lookup[dict[UUID, str]]:
    """The accounts that are not deleted."""
    return Lookup(
        "SELECT json_object_agg(credential_ref, platform)::text FROM platform_accounts"
        " WHERE customer_id = ANY($1) AND NOT deleted",
        (customer_ids,),
        lambda found: {UUID(ref): platform for ref, platform in json.loads(found or "{}").items()},
    )


def _to_account(row: Row) -> PlatformAccount:
    return PlatformAccount(
        credential_ref=CredentialRef(row["credential_ref"]),
        customer_id=CustomerId(row["customer_id"]),
        platform=row["platform"],
        vault=Issuer(row["vault"]),
        posting_identity=row["posting_identity"],
        version=row["version"],
        since=row["updated_at"],
    )
