"""Where a credential is in use: fetched sealed from its vault, opened here, gone when the block ends.

`read_session` yields one marked read-only; `execute_session` needs the approval and yields one that may
carry out the approved action; `refresh_session` yields tokens that are about to be replaced (renewal.py).
Nothing here caches, logs or stores a secret.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

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
from shared.http_client import AnswerLostError, Http, HttpAnswer, NotSentError
from shared.identity import ActorType, Identity, mint_identity
from shared.ids import CredentialRef, CustomerId, ExecutionId
from shared.keys import Issuer, SigningKey, TrustStore

_BUNDLES = "/internal/v1/credential-bundles"
ModelT = TypeVar("ModelT", bound=BaseModel)


class CredentialRefusedError(Exception):
    """The vault will not release the credential: unknown, deleted, or the approval is not live."""

    def __init__(self, reason: DenialReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class VaultUnreachableError(Exception):
    """The vault did not answer; asking again later is safe."""


class CredentialAccount(Protocol):
    """Whatever a credential is for, on an exchange or a platform, as Plant knows it."""

    @property
    def credential_ref(self) -> CredentialRef: ...

    @property
    def customer_id(self) -> CustomerId: ...

    @property
    def provider(self) -> str: ...

    @property
    def vault(self) -> Issuer: ...


@dataclass(frozen=True, slots=True)
class Vaults:
    """`clients` reach each portal; `key` signs Plant's service identity."""

    clients: Mapping[Issuer, Http]
    key: SigningKey
    trust: TrustStore


@asynccontextmanager
async def read_session(vaults: Vaults, account: CredentialAccount) -> AsyncGenerator[BundleContents]:
    """Raises: CredentialRefusedError, VaultUnreachableError."""
    async with _session(
        vaults, account, purpose=BundlePurpose.READ, approval=None, execution_id=None
    ) as contents:
        yield contents


@asynccontextmanager
async def execute_session(
    vaults: Vaults, account: CredentialAccount, *, approval: str, execution_id: ExecutionId
) -> AsyncGenerator[BundleContents]:
    """Raises: CredentialRefusedError, VaultUnreachableError."""
    async with _session(
        vaults, account, purpose=BundlePurpose.EXECUTE, approval=approval, execution_id=execution_id
    ) as contents:
        yield contents


@asynccontextmanager
async def refresh_session(vaults: Vaults, account: CredentialAccount) -> AsyncGenerator[BundleContents]:
    """Raises: CredentialRefusedError; VaultUnreachableError also while somebody else renews the tokens."""
    async with _session(
        vaults, account, purpose=BundlePurpose.REFRESH, approval=None, execution_id=None
    ) as contents:
        yield contents


@asynccontextmanager
async def _session(
    vaults: Vaults,
    account: CredentialAccount,
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
    sealed = await ask_vault(vaults, account, _BUNDLES, body=request, answer=SealedBundle)
    contents = _open(sealed, request, key=one_time_key, trust=vaults.trust)
    if contents.provider != account.provider:
        raise CredentialRefusedError(
            DenialReason.CREDENTIAL_UNAVAILABLE, f"The credential is not one for {account.provider}."
        )
    yield contents


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


async def ask_vault(
    vaults: Vaults, account: CredentialAccount, path: str, *, body: BaseModel, answer: type[ModelT]
) -> ModelT:
    """Ask the vault that holds the account's credential, as Plant, in its customer's matter.

    Raises: CredentialRefusedError, VaultUnreachableError.
    """
    identity = Identity(
        issuer=Issuer.PLANT,
        actor_type=ActorType.SERVICE,
        actor_id="plant",
        customer_id=account.customer_id,
        correlation_id=current_correlation_id(),
    )
    headers = {
        "Authorization": f"Bearer {mint_identity(identity, key=vaults.key, audience=account.vault)}",
        "Content-Type": "application/json",
        HEADER: str(identity.correlation_id),
    }
    try:
        response = await vaults.clients[account.vault].request(
            "POST", path, headers=headers, content=body.model_dump_json().encode()
        )
    except (NotSentError, AnswerLostError) as error:
        raise VaultUnreachableError(f"the vault of {account.vault} does not answer") from error
    return _read(response, answer)


def _read(response: HttpAnswer, answer: type[ModelT]) -> ModelT:
    if response.status >= 500 or response.status == 429:
        raise VaultUnreachableError(f"the vault answered {response.status} {_problem_in(response)}".rstrip())
    if response.status != 200:
        reason = _reason_in(response)
        raise CredentialRefusedError(reason, f"The vault refused the credential ({reason}).")
    try:
        return answer.model_validate_json(response.content)
    except ValidationError as error:
        raise VaultUnreachableError("the vault's answer cannot be read") from error


def _reason_in(response: HttpAnswer) -> DenialReason:
    """The vault's own reason where it names one of ours."""
    try:
        return DenialReason(_problem_in(response))
    except ValueError:
        return DenialReason.CREDENTIAL_UNAVAILABLE


def _problem_in(response: HttpAnswer) -> str:
    try:
        return Problem.model_validate_json(response.content).reason
    except ValidationError:
        return ""
