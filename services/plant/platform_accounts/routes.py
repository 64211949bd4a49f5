"""HTTP for platform accounts: portals announce them."""

from fastapi import APIRouter, Request

from plant.platform_accounts import actions
from shared.contracts.hired_agents import PlatformAccount
from shared.errors import FieldError, invalid_fields
from shared.web.identity import PortalIdentity
from shared.web.params import PathId

router = APIRouter(tags=["platform accounts"])


@router.put("/internal/v1/platform-accounts/{credential_ref}", status_code=204)
async def put_platform_account(
    request: Request, credential_ref: PathId, account: PlatformAccount, caller: PortalIdentity
) -> None:
    if account.credential_ref != credential_ref:
        raise invalid_fields(FieldError("credential_ref", "must be the one in the path"))
    await actions.keep(request.app.state.wiring.database, account, caller=caller)
