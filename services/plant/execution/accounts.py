"""The account that an action is for: an exchange account for orders, a platform account for posts."""

from plant.exchange_accounts import actions as exchange_accounts
from plant.exchange_accounts.model import Account
from plant.platform_accounts import actions as platform_accounts
from plant.platform_accounts.model import PlatformAccount
from shared.approvals.action import Action
from shared.db import TenantSession
from shared.ids import CredentialRef

AnyAccount = Account | PlatformAccount


async def find(session: TenantSession, action: Action) -> AnyAccount | None:
    """None also when the account is on another exchange or platform than the action is for."""
    ref = CredentialRef(action.credential_ref)
    if action.is_order:
        return _fitting(await exchange_accounts.find(session, ref), action)
    return _fitting(await platform_accounts.find(session, ref), action)


async def lock(session: TenantSession, action: Action) -> AnyAccount | None:
    """Requires: the release transaction."""
    ref = CredentialRef(action.credential_ref)
    if action.is_order:
        return _fitting(await exchange_accounts.lock(session, ref), action)
    return _fitting(await platform_accounts.lock(session, ref), action)


def _fitting(account: AnyAccount | None, action: Action) -> AnyAccount | None:
    return account if account is not None and account.provider == action.provider else None
