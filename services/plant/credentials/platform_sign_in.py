"""Signing in at a platform with the stored tokens; those that have run out are renewed first."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

from plant.brokers.base import BrokerRefusedError
from plant.credentials.platforms import platform_credentials
from plant.credentials.renewal import renew
from plant.credentials.sessions import CredentialAccount, Vaults, execute_session, read_session
from plant.publishers.base import Publisher, Session
from shared.bundle_format import BundleContents
from shared.ids import ExecutionId

_Release = Callable[[], AbstractAsyncContextManager[BundleContents]]


async def sign_in_to_read(vaults: Vaults, account: CredentialAccount, *, publisher: Publisher) -> Session:
    """Raises: BrokerError, CredentialRefusedError, VaultUnreachableError."""
    return await _sign_in(vaults, account, publisher, release=partial(read_session, vaults, account))


async def sign_in_to_publish(
    vaults: Vaults,
    account: CredentialAccount,
    *,
    publisher: Publisher,
    approval: str,
    execution_id: ExecutionId,
) -> Session:
    """Raises: BrokerError, CredentialRefusedError, VaultUnreachableError."""
    release = partial(execute_session, vaults, account, approval=approval, execution_id=execution_id)
    return await _sign_in(vaults, account, publisher, release=release)


async def _sign_in(
    vaults: Vaults, account: CredentialAccount, publisher: Publisher, *, release: _Release
) -> Session:
    try:
        return await _sign_in_once(publisher, release)
    except BrokerRefusedError as error:
        if error.code != "CREDENTIAL_REFUSED" or not await renew(vaults, account, publisher=publisher):
            raise
    return await _sign_in_once(publisher, release)


async def _sign_in_once(publisher: Publisher, release: _Release) -> Session:
    async with release() as contents:
        return await publisher.sign_in(platform_credentials(contents))
