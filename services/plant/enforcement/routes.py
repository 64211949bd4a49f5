"""HTTP for the kill switches, for operators only; and the dependency that keeps secrets out of bodies."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from plant.enforcement import actions
from shared.contracts.evidence import KillSwitch, KillSwitchList, KillSwitchRequest
from shared.web.body import submitted_json
from shared.web.identity import CallerCustomer, CallerIdentity, OperatorIdentity

router = APIRouter(prefix="/internal/v1/kill-switches", tags=["kill switches"])


async def refuse_raw_secrets(request: Request, customer_id: CallerCustomer, caller: CallerIdentity) -> None:
    """For a whole router whose bodies customers write: no secret gets in, in whatever field."""
    if request.method != "GET":
        wiring = request.app.state.wiring
        submitted = await submitted_json(request)
        await actions.refuse_raw_secrets(
            wiring.database, submitted=submitted, caller=caller, trust=wiring.trust
        )


@router.get("")
async def list_kill_switches(request: Request, caller: OperatorIdentity) -> KillSwitchList:
    switches = await actions.list_kill_switches(request.app.state.wiring.database, caller=caller)
    return KillSwitchList(items=tuple(switches))


@router.put("/{scope}")
async def set_kill_switch(
    request: Request,
    scope: Annotated[str, Path(max_length=120)],
    wanted: KillSwitchRequest,
    caller: OperatorIdentity,
) -> KillSwitch:
    database = request.app.state.wiring.database
    return await actions.set_kill_switch(database, scope, wanted=wanted, caller=caller)
