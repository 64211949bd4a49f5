"""HTTP for exchange accounts: portals announce them; test and delete are the portals' own."""

from fastapi import APIRouter, Request

from plant.exchange_accounts import actions
from shared.contracts.vault import ExchangeAccount
from shared.errors import FieldError, invalid_fields
from shared.web.identity import PortalIdentity
from shared.web.params import PathId

router = APIRouter(tags=["exchange accounts"])


@router.put("/internal/v1/exchange-accounts/{credential_ref}", status_code=204)
async def put_exchange_account(
    request: Request, credential_ref: PathId, account: ExchangeAccount, caller: PortalIdentity
) -> None:
    if account.credential_ref != credential_ref:
        raise invalid_fields(FieldError("credential_ref", "must be the one in the path"))
    await actions.keep(request.app.state.wiring.database, account, caller=caller)
