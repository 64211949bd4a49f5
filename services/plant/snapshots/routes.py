"""HTTP for the connection test: one read at the exchange with the stored key."""

from fastapi import APIRouter, Request

from plant.snapshots import actions
from shared.contracts.vault import ConnectionTest
from shared.ids import CredentialRef
from shared.web.identity import CallerCustomer
from shared.web.params import PathId

router = APIRouter(tags=["exchange accounts"])


@router.post("/api/v1/exchange-accounts/{credential_ref}/test")
async def test_exchange_account(
    request: Request, credential_ref: PathId, customer_id: CallerCustomer
) -> ConnectionTest:
    desk = request.app.state.wiring.desk.market
    return await actions.test_connection(desk, customer_id, CredentialRef(credential_ref))
