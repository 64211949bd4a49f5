"""HTTP for the connection test: one read at the platform with the stored token."""

from fastapi import APIRouter, Request

from plant.publishing.test_connection import test_connection
from shared.contracts.vault import ConnectionTest
from shared.ids import CredentialRef
from shared.web.identity import CallerCustomer
from shared.web.params import PathId

router = APIRouter(tags=["platform accounts"])


@router.post("/api/v1/platform-accounts/{credential_ref}/test")
async def test_platform_account(
    request: Request, credential_ref: PathId, customer_id: CallerCustomer
) -> ConnectionTest:
    desk = request.app.state.wiring.desk
    return await test_connection(desk, customer_id, CredentialRef(credential_ref))
