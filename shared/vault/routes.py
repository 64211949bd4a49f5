"""HTTP of the vaults: customers' own credentials (CP), assisted ones (PP), bundles and refreshes for Plant (both)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from shared.contracts.vault import (
    AssistedExchangeSetupRequest,
    BundleRequest,
    ConnectionTest,
    CredentialRefresh,
    CredentialRefreshed,
    ExchangeSetup,
    ExchangeSetupList,
    ExchangeSetupRequest,
    PlatformCredential,
    PlatformCredentialList,
    PlatformCredentialRequest,
    SealedBundle,
)
from shared.correlation import bind_correlation_id
from shared.errors import unauthenticated
from shared.identity import Identity, IdentityRefusedError, bearer_token, verify_identity
from shared.ids import CustomerId
from shared.vault.actions import delete_credential, test_connection
from shared.vault.bundles import release_bundle
from shared.vault.exchanges import list_exchange_setups, put_exchange_setup
from shared.vault.model import CredentialKind
from shared.vault.platforms import list_platform_credentials, put_platform_credential
from shared.vault.refreshes import take_refresh
from shared.web.paging import ThePage
from shared.web.portal import Admin, Customer, ThePortal

customer_router = APIRouter(prefix="/api/cp/exchange-setup", tags=["exchange set-up"])
operator_router = APIRouter(prefix="/api/pp/exchange-credentials", tags=["exchange credentials"])
platform_router = APIRouter(prefix="/api/cp/platform-credentials", tags=["platform credentials"])
plant_router = APIRouter(prefix="/internal/v1", tags=["internal"])

EXCHANGE, PLATFORM = CredentialKind.EXCHANGE, CredentialKind.PLATFORM


@customer_router.put("")
async def put_own(body: ExchangeSetupRequest, customer: Customer, portal: ThePortal) -> ExchangeSetup:
    return await put_exchange_setup(
        portal.vault, body, customer_id=CustomerId(customer.account_id), by=customer
    )


@customer_router.get("")
async def list_own(customer: Customer, portal: ThePortal, page: ThePage) -> ExchangeSetupList:
    items, cursor = await list_exchange_setups(
        portal.vault, customer_id=customer.customer_id, page=page, by=customer
    )
    return ExchangeSetupList(items=tuple(items), next_cursor=cursor)


@customer_router.delete("/{credential_ref}", status_code=204)
async def delete_own(credential_ref: UUID, customer: Customer, portal: ThePortal) -> None:
    await delete_credential(portal.vault, credential_ref, kind=EXCHANGE, by=customer)


@customer_router.post("/{credential_ref}/test")
async def test_own(credential_ref: UUID, customer: Customer, portal: ThePortal) -> ConnectionTest:
    return await test_connection(portal.vault, credential_ref, kind=EXCHANGE, by=customer)


@platform_router.put("")
async def put_platform(
    body: PlatformCredentialRequest, customer: Customer, portal: ThePortal
) -> PlatformCredential:
    return await put_platform_credential(
        portal.vault, body, customer_id=CustomerId(customer.account_id), by=customer
    )


@platform_router.get("")
async def list_platforms(customer: Customer, portal: ThePortal, page: ThePage) -> PlatformCredentialList:
    items, cursor = await list_platform_credentials(
        portal.vault, customer_id=customer.customer_id, page=page, by=customer
    )
    return PlatformCredentialList(items=tuple(items), next_cursor=cursor)


@platform_router.delete("/{credential_ref}", status_code=204)
async def delete_platform(credential_ref: UUID, customer: Customer, portal: ThePortal) -> None:
    await delete_credential(portal.vault, credential_ref, kind=PLATFORM, by=customer)


@platform_router.post("/{credential_ref}/test")
async def test_platform(credential_ref: UUID, customer: Customer, portal: ThePortal) -> ConnectionTest:
    return await test_connection(portal.vault, credential_ref, kind=PLATFORM, by=customer)


@operator_router.put("")
async def put_assisted(body: AssistedExchangeSetupRequest, admin: Admin, portal: ThePortal) -> ExchangeSetup:
    return await put_exchange_setup(portal.vault, body, customer_id=CustomerId(body.customer_id), by=admin)


@operator_router.get("")
async def list_assisted(
    admin: Admin, portal: ThePortal, page: ThePage, customer_id: UUID | None = None
) -> ExchangeSetupList:
    items, cursor = await list_exchange_setups(portal.vault, customer_id=customer_id, page=page, by=admin)
    return ExchangeSetupList(items=tuple(items), next_cursor=cursor)


@operator_router.delete("/{credential_ref}", status_code=204)
async def delete_assisted(credential_ref: UUID, admin: Admin, portal: ThePortal) -> None:
    await delete_credential(portal.vault, credential_ref, kind=EXCHANGE, by=admin)


@operator_router.post("/{credential_ref}/test")
async def test_assisted(credential_ref: UUID, admin: Admin, portal: ThePortal) -> ConnectionTest:
    return await test_connection(portal.vault, credential_ref, kind=EXCHANGE, by=admin)


async def service_identity(request: Request, portal: ThePortal) -> Identity:
    """Verify the token of a service that calls this portal directly.

    Raises: PlatformError 401.
    """
    try:
        token = bearer_token(request.headers.get("Authorization"))
        identity = verify_identity(token, audience=portal.config.issuer, trust=portal.trust)
    except IdentityRefusedError as error:
        raise unauthenticated("Send a valid service identity token.") from error
    bind_correlation_id(identity.correlation_id)
    return identity


Service = Annotated[Identity, Depends(service_identity)]


@plant_router.post("/credential-bundles")
async def release(body: BundleRequest, caller: Service, portal: ThePortal) -> SealedBundle:
    return await release_bundle(portal.vault, body, caller=caller)


@plant_router.post("/credential-refreshes")
async def refresh(body: CredentialRefresh, caller: Service, portal: ThePortal) -> CredentialRefreshed:
    return await take_refresh(portal.vault, body, caller=caller)
