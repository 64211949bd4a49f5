"""Where an exchange key is in use: fetched sealed from its vault, opened here, gone when the block ends.

`read_session` yields a key marked read-only; `execute_session` needs the approval and yields one that
may sign the approved order. Nothing here caches, logs or stores a key.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import httpx
from pydantic import ValidationError

from plant.exchange_accounts.model import Account
from shared.bundle_format import (
    BundleContents,
    BundleRefusedError,
    OneTimeKey,
    make_one_time_key,
    open_bundle,
)
from shared.contracts.problem import Problem
from shared.contracts.vault import BundlePurpose, BundleRequest, SealedBundle
from shared.correlation import HEADER, current_correlation_id
from shared.denials import DenialReason
from shared.identity import ActorType, Identity, mint_identity
from shared.ids import ExecutionId
from shared.keys import Issuer, SigningKey, TrustStore

_PATH = "/internal/v1/credential-bundles"


class CredentialRefusedError(Exception):
    """The vault will not release the credential: unknown, deleted, or the approval is not live."""

    def __init__(self, reason: DenialReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class VaultUnreachableError(Exception):
    """The vault did not answer; asking again later is safe."""


@dataclass(frozen=True, slots=True)
class Vaults:
    """`clients` reach each portal; `key` signs Plant's service identity."""

    clients: Mapping[Issuer, httpx.AsyncClient]
    key: SigningKey
    trust: TrustStore


@asynccontextmanager
async def read_session(vaults: Vaults, account: Account) -> AsyncGenerator[BundleContents]:
    """Raises: CredentialRefusedError, VaultUnreachableError."""
    async with _session(
        vaults, account, purpose=BundlePurpose.READ, approval=None, execution_id=None
    ) as contents:
        yield contents


@asynccontextmanager
async def execute_session(
    vaults: Vaults, account: Account, *, approval: str, execution_id: ExecutionId
) -> AsyncGenerator[BundleContents]:
    """Raises: CredentialRefusedError, VaultUnreachableError."""
    async with _session(
        vaults, account, purpose=BundlePurpose.EXECUTE, approval=approval, execution_id=execution_id
    ) as contents:
        yield contents


@asynccontextmanager
async def _session(
    vaults: Vaults,
    account: Account,
    *,
    purpose: BundlePurpose,
    approval: str | None,
    execution_id: UUID | None,
) -> AsyncGenerator[BundleContents]:
    one_time_key = make_one_time_key()
    request = BundleRequest(
        credential_ref=account.credential_ref,
        customer_id=account.customer_id,
        purpose=purpose,
        public_key=one_time_key.public_text,
        approval=approval,
        execution_id=execution_id,
    )
    sealed = await _ask(vaults, account, request)
    yield _open(sealed, request, key=one_time_key, trust=vaults.trust)


def _open(
    sealed: SealedBundle, request: BundleRequest, *, key: OneTimeKey, trust: TrustStore
) -> BundleContents:
    """Open the bundle and see that it is the one that was asked for."""
    try:
        contents = open_bundle(sealed.bundle, key=key, trust=trust)
    except BundleRefusedError as error:
        raise CredentialRefusedError(DenialReason.CREDENTIAL_UNAVAILABLE, f"{error}.") from error
    released = (contents.credential_ref, contents.customer_id, contents.purpose, contents.execution_id)
    if released != (request.credential_ref, request.customer_id, request.purpose, request.execution_id):
        raise CredentialRefusedError(
            DenialReason.CREDENTIAL_UNAVAILABLE, "The vault released another credential than asked for."
        )
    return contents


async def _ask(vaults: Vaults, account: Account, request: BundleRequest) -> SealedBundle:
    identity = Identity(
        issuer=Issuer.PLANT,
        actor_type=ActorType.SERVICE,
        actor_id="plant",
        customer_id=account.customer_id,
        correlation_id=current_correlation_id(),
    )
    headers = {
        "Authorization": f"Bearer {mint_identity(identity, key=vaults.key, audience=account.vault)}",
        HEADER: str(identity.correlation_id),
    }
    try:
        response = await vaults.clients[account.vault].post(
            _PATH, json=request.model_dump(mode="json"), headers=headers
        )
    except httpx.HTTPError as error:
        raise VaultUnreachableError(f"the vault of {account.vault} does not answer") from error
    return _read(response)


def _read(response: httpx.Response) -> SealedBundle:
    if response.status_code >= 500 or response.status_code == 429:
        raise VaultUnreachableError(f"the vault answered {response.status_code}")
    if response.status_code != 200:
        reason = _reason_in(response)
        raise CredentialRefusedError(reason, f"The vault refused the credential ({reason}).")
    try:
        return SealedBundle.model_validate_json(response.content)
    except ValidationError as error:
        raise VaultUnreachableError("the vault's answer cannot be read") from error


def _reason_in(response: httpx.Response) -> DenialReason:
    """The vault's own reason where it names one of ours."""
    try:
        return DenialReason(Problem.model_validate_json(response.content).reason)
    except ValueError:
        return DenialReason.CREDENTIAL_UNAVAILABLE
