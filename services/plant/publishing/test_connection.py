"""The connection test of a platform account: one read with the stored token, renewed when it has run out."""

from collections.abc import Mapping
from typing import Protocol

from plant.brokers.base import BrokerError
from plant.credentials.platform_sign_in import sign_in_to_read
from plant.credentials.sessions import CredentialRefusedError, Vaults, VaultUnreachableError
from plant.platform_accounts import actions as platform_accounts
from plant.publishers.base import Publisher
from shared.contracts.vault import ConnectionTest
from shared.db import Database
from shared.errors import not_found
from shared.ids import CredentialRef, CustomerId


class PublishingDesk(Protocol):
    """Shape: `publishers` by platform."""

    @property
    def database(self) -> Database: ...

    @property
    def vaults(self) -> Vaults: ...

    @property
    def publishers(self) -> Mapping[str, Publisher]: ...


async def test_connection(
    desk: PublishingDesk, customer_id: CustomerId, credential_ref: CredentialRef
) -> ConnectionTest:
    """Perform one read with the stored token, and say how it went.

    Raises: PlatformError 404 for an account that is not there, or is another customer's.
    """
    async with desk.database.tenant(customer_id) as session:
        account = await platform_accounts.find(session, credential_ref)
    if account is None:
        raise not_found("platform account")
    publisher = desk.publishers.get(account.platform)
    if publisher is None:
        return ConnectionTest(ok=False, detail=f"Posts to {account.platform} are not set up here.")
    try:
        signed_in = await sign_in_to_read(desk.vaults, account, publisher=publisher)
    except (BrokerError, CredentialRefusedError) as error:
        return ConnectionTest(ok=False, detail=f"The read failed: {error.detail}.")
    except VaultUnreachableError as error:
        return ConnectionTest(ok=False, detail=f"The read was not tried: {error}.")
    return ConnectionTest(ok=True, detail=f"The platform knows the token as {signed_in.identity}.")
