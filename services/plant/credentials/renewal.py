"""Renewing a platform's tokens: used up at the platform, then handed to the vault, sealed, at any price.

A refresh token is good once. The vault lets one caller at a time have it; what the platform gave for it is
delivered until the vault has answered, which is safe, since the vault takes it once.
"""

import asyncio

from plant.credentials.platforms import platform_credentials
from plant.credentials.sessions import (
    CredentialAccount,
    CredentialRefusedError,
    Vaults,
    VaultUnreachableError,
    ask_vault,
    refresh_session,
)
from plant.publishers.base import Publisher
from shared.bundle_format import BundleContents, PlatformTokens
from shared.contracts.vault import CredentialRefresh, CredentialRefreshed
from shared.keys import SigningKey
from shared.logs import get_logger
from shared.refresh_format import seal_refresh

_REFRESHES = "/internal/v1/credential-refreshes"
_PAUSES_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)


async def renew(vaults: Vaults, account: CredentialAccount, *, publisher: Publisher) -> bool:
    """Renew the tokens; ask for the credential anew afterwards. False: there is nothing to renew them with.

    Raises: BrokerError; CredentialRefusedError; VaultUnreachableError also while somebody else renews them.
    """
    try:
        async with refresh_session(vaults, account) as released:
            sealed = await _exchange(released, publisher, key=vaults.key)
    except CredentialRefusedError:
        return False
    if sealed is None:
        return False
    await _deliver(vaults, account, sealed)
    return True


async def _exchange(
    released: BundleContents, publisher: Publisher, *, key: SigningKey
) -> CredentialRefresh | None:
    renewed = await publisher.refresh(platform_credentials(released))
    if renewed is None:
        return None
    tokens = PlatformTokens(access_token=renewed.access_token, refresh_token=renewed.refresh_token)
    return seal_refresh(released, tokens, key=key)


async def _deliver(vaults: Vaults, account: CredentialAccount, sealed: CredentialRefresh) -> None:
    for pause_s in _PAUSES_S:
        try:
            return await _deliver_once(vaults, account, sealed)
        except VaultUnreachableError as error:
            get_logger().warning(
                "credential.refresh_postponed", credential_ref=account.credential_ref, error=str(error)
            )
            await asyncio.sleep(pause_s)
    return await _deliver_once(vaults, account, sealed)


async def _deliver_once(vaults: Vaults, account: CredentialAccount, sealed: CredentialRefresh) -> None:
    answer = await ask_vault(vaults, account, _REFRESHES, body=sealed, answer=CredentialRefreshed)
    get_logger().info("credential.refreshed", credential_ref=account.credential_ref, applied=answer.applied)
