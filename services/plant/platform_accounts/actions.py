"""Keeping and finding platform accounts. The portals own them; Plant keeps the newest it was told."""

from uuid import UUID

from plant.platform_accounts import store
from plant.platform_accounts.model import PlatformAccount
from shared.contracts.hired_agents import PlatformAccount as Announced
from shared.db import Database, Lookup, TenantSession
from shared.errors import not_allowed
from shared.identity import Identity
from shared.ids import CredentialRef, CustomerId


async def keep(database: Database, account: Announced, *, caller: Identity) -> None:
    """Raises: PlatformError 403 when a portal announces an account of another vault or customer."""
    if account.vault != caller.issuer or account.customer_id != caller.customer_id:
        raise not_allowed("A portal announces accounts of its own vault, for the customer of its token.")
    async with database.tenant(CustomerId(account.customer_id)) as session:
        await store.upsert(session, account)


async def find(session: TenantSession, credential_ref: CredentialRef) -> PlatformAccount | None:
    return await store.find(session, credential_ref)


async def lock(session: TenantSession, credential_ref: CredentialRef) -> PlatformAccount | None:
    """Requires: the release transaction."""
    return await store.lock(session, credential_ref)


def platforms_by_ref(customer_ids: list[CustomerId]) -> Lookup[dict[UUID, str]]:
    """The platform of each account that is not deleted."""
    return store.platforms_by_ref(customer_ids)
