"""Exchange set-ups: an exchange's key with its owner's limits, in the words of the API."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from shared.contracts.vault import ExchangeProvider, ExchangeSetup, ExchangeSetupRequest
from shared.ids import CustomerId
from shared.paging import Page
from shared.sign_in.party import Party
from shared.vault.actions import Vault, list_credentials, put_credential
from shared.vault.model import Credential, CredentialKind, Limits, Submitted, last4_of


async def put_exchange_setup(
    vault: Vault, request: ExchangeSetupRequest, *, customer_id: CustomerId, by: Party
) -> ExchangeSetup:
    """Raises: PlatformError 404, 409; see `put_credential`."""
    limits = Limits(
        request.default_coin, request.allowed_coins, request.max_units_per_order, request.max_notional_inr
    )
    api_key, api_secret = request.api_key.get_secret_value(), request.api_secret.get_secret_value()
    secret = {"api_key": api_key, "api_secret": api_secret}
    submitted = Submitted(request.exchange_provider, limits, last4_of(api_key), secret)
    return _to_wire(
        await put_credential(
            vault, submitted, replaces=request.credential_ref, customer_id=customer_id, by=by
        )
    )


async def list_exchange_setups(
    vault: Vault, *, customer_id: UUID | None, page: Page, by: Party
) -> tuple[Sequence[ExchangeSetup], str | None]:
    found, next_cursor = await list_credentials(
        vault, kind=CredentialKind.EXCHANGE, customer_id=customer_id, page=page, by=by
    )
    return [_to_wire(credential) for credential in found], next_cursor


def _to_wire(credential: Credential) -> ExchangeSetup:
    return ExchangeSetup(
        credential_ref=credential.credential_ref,
        customer_id=credential.customer_id,
        exchange_provider=cast("ExchangeProvider", credential.provider),  # it was stored from one
        api_key_last4=credential.last4,
        default_coin=credential.limits.default_coin,
        allowed_coins=credential.limits.allowed_coins,
        max_units_per_order=credential.limits.max_units_per_order,
        max_notional_inr=credential.limits.max_notional_inr,
        created_at=credential.created_at,
        updated_at=credential.updated_at,
        last_used_at=credential.last_used_at,
    )
