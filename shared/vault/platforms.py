"""Platform credentials: the tokens of an account that posts are published from, in the words of the API."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import SecretStr

from shared.contracts.vault import PlatformCredential, PlatformCredentialRequest
from shared.ids import CustomerId
from shared.paging import Page
from shared.posts.model import Platform
from shared.sign_in.party import Party
from shared.vault.actions import Vault, list_credentials, put_credential
from shared.vault.model import Credential, CredentialKind, Posting, Submitted, last4_of


async def put_platform_credential(
    vault: Vault, request: PlatformCredentialRequest, *, customer_id: CustomerId, by: Party
) -> PlatformCredential:
    """Raises: PlatformError 404, 409; see `put_credential`."""
    submitted = submitted_tokens(
        request.platform,
        access_token=request.access_token,
        refresh_token=request.refresh_token,
        posting_identity=request.posting_identity,
    )
    return _to_wire(
        await put_credential(
            vault, submitted, replaces=request.credential_ref, customer_id=customer_id, by=by
        )
    )


async def list_platform_credentials(
    vault: Vault, *, customer_id: UUID | None, page: Page, by: Party
) -> tuple[Sequence[PlatformCredential], str | None]:
    found, next_cursor = await list_credentials(
        vault, kind=CredentialKind.PLATFORM, customer_id=customer_id, page=page, by=by
    )
    return [_to_wire(credential) for credential in found], next_cursor


def submitted_tokens(
    platform: str,
    *,
    access_token: SecretStr,
    refresh_token: SecretStr | None,
    posting_identity: str | None,
) -> Submitted:
    """The name is sealed beside the tokens, so that nobody puts another one to them."""
    secret = {
        "access_token": access_token.get_secret_value(),
        "refresh_token": None if refresh_token is None else refresh_token.get_secret_value(),
        "posting_identity": posting_identity,
    }
    posting = Posting(posting_identity, has_refresh_token=refresh_token is not None)
    return Submitted(platform, posting, last4_of(access_token.get_secret_value()), secret)


def _to_wire(credential: Credential) -> PlatformCredential:
    return PlatformCredential(
        credential_ref=credential.credential_ref,
        platform=Platform(credential.provider),
        posting_identity=credential.posting.identity,
        access_token_last4=credential.last4,
        has_refresh_token=credential.posting.has_refresh_token,
        created_at=credential.created_at,
        updated_at=credential.updated_at,
        last_used_at=credential.last_used_at,
    )
