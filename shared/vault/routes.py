"""HTTP of the vaults: customers' own set-ups (CP), assisted ones (PP), and bundles for Plant (both)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from shared.contracts.vault import (
    AssistedExchangeSetupRequest,
    BundleRequest,
    ConnectionTest,
    ExchangeSetup,
    ExchangeSetupList,
    ExchangeSetupRequest,
    SealedBundle,
)
from shared.correlation import bind_correlation_id
from shared.errors import unauthenticated
from shared.identity import Identity, IdentityRefusedError, bearer_token, verify_identity
from shared.ids import CustomerId
from shared.vault.actions import (
    delete_exchange_setup,
    list_exchange_setups,
    put_exchange_setup,
    test_connection,
)
from shared.vault.bundles import release_bundle
from shared.web.paging import ThePage
from shared.web.portal import Admin, Customer, ThePortal

customer_router = APIRouter(prefix="/api/cp/exchange-setup", tags=["exchange set-up"])
operator_router = APIRouter(prefix="/api/pp/exchange-credentials", tags=["exchange credentials"])
bundle_router = APIRouter(prefix="/internal/v1/credential-bundles", tags=["internal"])


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
    await delete_exchange_setup(portal.vault, credential_ref, by=customer)


@customer_router.post("/{credential_ref}/test")
async def test_own(credential_ref: UUID, customer: Customer, portal: ThePortal) -> ConnectionTest:
    return await test_connection(portal.vault, credential_ref, by=customer)


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
    await delete_exchange_setup(portal.vault, credential_ref, by=admin)


@operator_router.post("/{credential_ref}/test")
async def test_assisted(credential_ref: UUID, admin: Admin, portal: ThePortal) -> ConnectionTest:
    return await test_connection(portal.vault, credential_ref, by=admin)


def service_identity(request: Request, portal: ThePortal) -> Identity:
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


@bundle_router.post("")
async def release(
    body: BundleRequest, caller: Annotated[Identity, Depends(service_identity)], portal: ThePortal
) -> SealedBundle:
    return await release_bundle(portal.vault, body, caller=caller)
