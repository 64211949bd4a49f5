"""Keeping and finding exchange accounts. The portals own the settings; Plant keeps the newest it was told."""

from uuid import UUID

from plant.exchange_accounts import store
from plant.exchange_accounts.model import Account
from shared.contracts.vault import ExchangeAccount
from shared.db import Database, Lookup, TenantSession
from shared.errors import not_allowed
from shared.identity import Identity
from shared.ids import CredentialRef, CustomerId


async def keep(database: Database, account: ExchangeAccount, *, caller: Identity) -> None:
    """Raises: PlatformError 403 when a portal announces an account of another vault or customer."""
    if account.vault != caller.issuer or account.customer_id != caller.customer_id:
        raise not_allowed("A portal announces accounts of its own vault, for the customer of its token.")
    async with database.tenant(CustomerId(account.customer_id)) as session:
        await store.upsert(session, account)


async def find(session: TenantSession, credential_ref: CredentialRef) -> Account | None:
    return await store.find(session, credential_ref)


async def lock(session: TenantSession, credential_ref: CredentialRef) -> Account | None:
    """Requires: the release transaction."""
    return await store.lock(session, credential_ref)


def providers_by_ref(customer_ids: list[CustomerId]) -> Lookup[dict[UUID, str]]:
    """The provider of each account that is not deleted."""
    return store.providers_by_ref(customer_ids)
