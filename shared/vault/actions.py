"""Storing, listing, deleting and testing exchange credentials; each change of an account is told to Plant."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from shared.contracts.vault import ConnectionTest, ExchangeAccount, ExchangeSetup, ExchangeSetupRequest
from shared.db import Database, Session
from shared.errors import not_found, wrong_state
from shared.ids import CredentialRef, CustomerId, uuid7
from shared.keys import Issuer, SigningKey, TrustStore
from shared.logs import get_logger
from shared.outbox.actions import Outbox, deliver_now, post
from shared.outbox.model import MessageKind
from shared.paging import Page, cut_page
from shared.plant_client import PlantClient
from shared.sign_in.party import Party
from shared.vault import store
from shared.vault.envelope import KeyEncryption, record_context, seal
from shared.vault.model import Credential, Limits, SealedCredential

_TEST_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Vault:
    """`key` signs bundles; `keys` wraps the data keys of the records."""

    issuer: Issuer
    database: Database
    keys: KeyEncryption
    key: SigningKey
    trust: TrustStore
    plant: PlantClient
    outbox: Outbox


async def put_exchange_setup(
    vault: Vault, request: ExchangeSetupRequest, *, customer_id: CustomerId, by: Party
) -> ExchangeSetup:
    """Store a new credential, or replace the one that the request names.

    Raises: PlatformError 404 for a reference that is not the customer's; 409 when it changed meanwhile.
    """
    version = await _next_version(vault, request.credential_ref, customer_id=customer_id, by=by)
    sealed = await _seal(vault, request, customer_id=customer_id, version=version)
    async with by.session(vault.database) as session:
        credential = await _write(session, sealed, request)
        await _post_account(session, vault, credential, is_deleted=False)
    get_logger().info(
        "credential.stored", credential_ref=credential.credential_ref, version=credential.version
    )
    await deliver_now(vault.outbox, credential.credential_ref)
    return _to_wire(credential)


async def list_exchange_setups(
    vault: Vault, *, customer_id: UUID | None, page: Page, by: Party
) -> tuple[Sequence[ExchangeSetup], str | None]:
    async with by.session(vault.database) as session:
        found = await store.list_credentials(session, customer_id=customer_id, page=page)
    credentials, next_cursor = cut_page(found, page, id_of=lambda credential: credential.credential_ref)
    return [_to_wire(credential) for credential in credentials], next_cursor


async def delete_exchange_setup(vault: Vault, credential_ref: UUID, *, by: Party) -> None:
    """Erase the secret; whatever was approved for the account can no longer be sent.

    Raises: PlatformError 404.
    """
    async with by.session(vault.database) as session:
        credential = await store.erase_credential(session, credential_ref=credential_ref)
        if credential is None:
            raise not_found("exchange set-up")
        await _post_account(session, vault, credential, is_deleted=True)
    get_logger().info("credential.deleted", credential_ref=credential_ref)
    await deliver_now(vault.outbox, credential_ref)


async def test_connection(vault: Vault, credential_ref: UUID, *, by: Party) -> ConnectionTest:
    """Have Plant make one read at the exchange with this credential.

    Raises: PlatformError 404; 503 when Plant does not answer.
    """
    async with by.session(vault.database) as session:
        credential = await store.find_credential(session, credential_ref=credential_ref)
    if credential is None:
        raise not_found("exchange set-up")
    await deliver_now(vault.outbox, credential_ref)
    return await vault.plant.fetch(
        "POST",
        f"/api/v1/exchange-accounts/{credential_ref}/test",
        caller=by.caller(customer_id=credential.customer_id),
        model=ConnectionTest,
        timeout_s=_TEST_TIMEOUT_S,
    )


async def _next_version(
    vault: Vault, credential_ref: UUID | None, *, customer_id: CustomerId, by: Party
) -> int:
    if credential_ref is None:
        return 1
    async with by.session(vault.database) as session:
        existing = await store.find_credential(session, credential_ref=credential_ref)
    if existing is None or existing.customer_id != customer_id:
        raise not_found("exchange set-up")
    return existing.version + 1


async def _seal(
    vault: Vault, request: ExchangeSetupRequest, *, customer_id: CustomerId, version: int
) -> SealedCredential:
    credential_ref = CredentialRef(request.credential_ref or uuid7())
    secret = {
        "api_key": request.api_key.get_secret_value(),
        "api_secret": request.api_secret.get_secret_value(),
    }
    envelope = await seal(
        json.dumps(secret).encode(),
        context=record_context(credential_ref=credential_ref, customer_id=customer_id, version=version),
        keys=vault.keys,
    )
    return SealedCredential(credential_ref, customer_id, version, request.exchange_provider, envelope)


async def _write(session: Session, sealed: SealedCredential, request: ExchangeSetupRequest) -> Credential:
    limits = Limits(
        request.default_coin, request.allowed_coins, request.max_units_per_order, request.max_notional_inr
    )
    last4 = _last4(request.api_key.get_secret_value())
    if sealed.version == 1:
        return await store.insert_credential(session, sealed, last4=last4, limits=limits)
    credential = await store.replace_credential(session, sealed, last4=last4, limits=limits)
    if credential is None:
        raise wrong_state("The exchange set-up was changed at the same time; reload it and try again.")
    return credential


async def _post_account(session: Session, vault: Vault, credential: Credential, *, is_deleted: bool) -> None:
    account = ExchangeAccount(
        credential_ref=credential.credential_ref,
        customer_id=credential.customer_id,
        provider=credential.provider,
        vault=_vault_name(vault.issuer),
        default_coin=credential.limits.default_coin,
        allowed_coins=credential.limits.allowed_coins,
        max_units_per_order=credential.limits.max_units_per_order,
        max_notional_inr=credential.limits.max_notional_inr,
        version=credential.version,
        deleted=is_deleted,
    )
    await post(
        session,
        kind=MessageKind.EXCHANGE_ACCOUNT,
        subject=credential.credential_ref,
        customer_id=credential.customer_id,
        method="PUT",
        path=f"/internal/v1/exchange-accounts/{credential.credential_ref}",
        body=account.model_dump(mode="json"),
    )


def _vault_name(issuer: Issuer) -> Literal["cp", "pp"]:
    return "cp" if issuer is Issuer.CP else "pp"


def _last4(api_key: str) -> str:
    """Of a short key, four characters would be too much of it."""
    return api_key[-4:] if len(api_key) >= 8 else api_key[-1:].rjust(4, "*")


def _to_wire(credential: Credential) -> ExchangeSetup:
    return ExchangeSetup(
        credential_ref=credential.credential_ref,
        customer_id=credential.customer_id,
        exchange_provider=credential.provider,
        api_key_last4=credential.api_key_last4,
        default_coin=credential.limits.default_coin,
        allowed_coins=credential.limits.allowed_coins,
        max_units_per_order=credential.limits.max_units_per_order,
        max_notional_inr=credential.limits.max_notional_inr,
        created_at=credential.created_at,
        updated_at=credential.updated_at,
        last_used_at=credential.last_used_at,
    )
