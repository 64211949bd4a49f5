"""Storing, listing, deleting and testing credentials of any kind; each change of an account is told to Plant."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

from shared.contracts.hired_agents import PlatformAccount
from shared.contracts.vault import ConnectionTest, ExchangeAccount, ExchangeProvider
from shared.db import Database, Session
from shared.errors import PlatformError, not_found, wrong_state
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
from shared.vault.model import Credential, CredentialKind, SealedCredential, Submitted, kind_of

_TEST_TIMEOUT_S = 20.0
_NAMES = {CredentialKind.EXCHANGE: "exchange set-up", CredentialKind.PLATFORM: "platform credential"}
_MESSAGES = {
    CredentialKind.EXCHANGE: MessageKind.EXCHANGE_ACCOUNT,
    CredentialKind.PLATFORM: MessageKind.PLATFORM_ACCOUNT,
}


@dataclass(frozen=True, slots=True)
class Vault:
    """`key` signs bundles; `keys` wraps the data keys of the records; `four_eyes`: see shared/approvals/verify.py."""

    issuer: Issuer
    database: Database
    keys: KeyEncryption
    key: SigningKey
    trust: TrustStore
    plant: PlantClient
    outbox: Outbox
    four_eyes: bool


async def put_credential(
    vault: Vault, submitted: Submitted, *, replaces: UUID | None, customer_id: CustomerId, by: Party
) -> Credential:
    """Store a new credential, or replace the one that is named.

    Raises: PlatformError 404 for a reference that is not the customer's; 409 when it changed meanwhile, or is
        of another exchange or platform.
    """
    version = await _next_version(vault, submitted, replaces=replaces, customer_id=customer_id, by=by)
    sealed = await seal_record(
        vault,
        submitted,
        credential_ref=CredentialRef(replaces or uuid7()),
        customer_id=customer_id,
        version=version,
    )
    async with by.session(vault.database) as session:
        credential = await _write(session, sealed, submitted)
        await _post_account(session, vault, credential, is_deleted=False)
    get_logger().info(
        "credential.stored",
        credential_ref=credential.credential_ref,
        kind=sealed.kind,
        version=credential.version,
    )
    await deliver_now(vault.outbox, credential.credential_ref)
    return credential


async def list_credentials(
    vault: Vault, *, kind: CredentialKind, customer_id: UUID | None, page: Page, by: Party
) -> tuple[Sequence[Credential], str | None]:
    async with by.session(vault.database) as session:
        found = await store.list_credentials(session, kind=kind, customer_id=customer_id, page=page)
    return cut_page(found, page, id_of=lambda credential: credential.credential_ref)


async def delete_credential(vault: Vault, credential_ref: UUID, *, kind: CredentialKind, by: Party) -> None:
    """Erase the secret; whatever was approved for the account can no longer be sent.

    Raises: PlatformError 404.
    """
    async with by.session(vault.database) as session:
        credential = await store.erase_credential(session, credential_ref=credential_ref, kind=kind)
        if credential is None:
            raise _missing(kind)
        await _post_account(session, vault, credential, is_deleted=True)
    get_logger().info("credential.deleted", credential_ref=credential_ref, kind=kind)
    await deliver_now(vault.outbox, credential_ref)


async def test_connection(
    vault: Vault, credential_ref: UUID, *, kind: CredentialKind, by: Party
) -> ConnectionTest:
    """Have Plant make one read at the exchange or platform with this credential.

    Raises: PlatformError 404; 503 when Plant does not answer.
    """
    async with by.session(vault.database) as session:
        credential = await store.find_credential(session, credential_ref=credential_ref, kind=kind)
    if credential is None:
        raise _missing(kind)
    await deliver_now(vault.outbox, credential_ref)
    return await vault.plant.fetch(
        "POST",
        f"/api/v1/{kind}-accounts/{credential_ref}/test",
        caller=by.caller(customer_id=credential.customer_id),
        model=ConnectionTest,
        timeout_s=_TEST_TIMEOUT_S,
    )


async def seal_record(
    vault: Vault,
    submitted: Submitted,
    *,
    credential_ref: CredentialRef,
    customer_id: CustomerId,
    version: int,
) -> SealedCredential:
    envelope = await seal(
        json.dumps(dict(submitted.secret)).encode(),
        context=record_context(credential_ref=credential_ref, customer_id=customer_id, version=version),
        keys=vault.keys,
    )
    return SealedCredential(
        credential_ref,
        customer_id,
        kind_of(submitted.settings),
        version,
        submitted.provider,
        envelope,
        has_refresh_token=submitted.secret.get("refresh_token") is not None,
    )


async def _next_version(
    vault: Vault, submitted: Submitted, *, replaces: UUID | None, customer_id: CustomerId, by: Party
) -> int:
    if replaces is None:
        return 1
    kind = kind_of(submitted.settings)
    async with by.session(vault.database) as session:
        existing = await store.find_credential(session, credential_ref=replaces, kind=kind)
    if existing is None or existing.customer_id != customer_id:
        raise _missing(kind)
    if existing.provider != submitted.provider:
        raise wrong_state(f"This reference is for {existing.provider}; store the other one as a new one.")
    return existing.version + 1


async def _write(session: Session, sealed: SealedCredential, submitted: Submitted) -> Credential:
    if sealed.version == 1:
        return await store.insert_credential(
            session, sealed, last4=submitted.last4, settings=submitted.settings
        )
    credential = await store.replace_credential(
        session, sealed, last4=submitted.last4, settings=submitted.settings
    )
    if credential is None:
        name = _NAMES[sealed.kind]
        raise wrong_state(f"The {name} was changed at the same time; reload it and try again.")
    return credential


async def _post_account(session: Session, vault: Vault, credential: Credential, *, is_deleted: bool) -> None:
    kind = kind_of(credential.settings)
    announce = _exchange_account if kind is CredentialKind.EXCHANGE else _platform_account
    await post(
        session,
        kind=_MESSAGES[kind],
        subject=credential.credential_ref,
        customer_id=credential.customer_id,
        method="PUT",
        path=f"/internal/v1/{kind}-accounts/{credential.credential_ref}",
        body=announce(vault, credential, is_deleted=is_deleted).model_dump(mode="json"),
    )


def _exchange_account(vault: Vault, credential: Credential, *, is_deleted: bool) -> ExchangeAccount:
    return ExchangeAccount(
        credential_ref=credential.credential_ref,
        customer_id=credential.customer_id,
        provider=cast("ExchangeProvider", credential.provider),  # it was stored from a request that said so
        vault=_vault_name(vault.issuer),
        default_coin=credential.limits.default_coin,
        allowed_coins=credential.limits.allowed_coins,
        max_units_per_order=credential.limits.max_units_per_order,
        max_notional_inr=credential.limits.max_notional_inr,
        version=credential.version,
        deleted=is_deleted,
    )


def _platform_account(vault: Vault, credential: Credential, *, is_deleted: bool) -> PlatformAccount:
    return PlatformAccount(
        credential_ref=credential.credential_ref,
        customer_id=credential.customer_id,
        platform=credential.provider,
        vault=_vault_name(vault.issuer),
        posting_identity=credential.posting.identity,
        version=credential.version,
        deleted=is_deleted,
    )


def _vault_name(issuer: Issuer) -> Literal["cp", "pp"]:
    return "cp" if issuer is Issuer.CP else "pp"


def _missing(kind: CredentialKind) -> PlatformError:
    return not_found(_NAMES[kind])
