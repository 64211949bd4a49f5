"""HTTP for the kill switches, for operators only."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from plant.enforcement import actions
from shared.contracts.evidence import KillSwitch, KillSwitchList, KillSwitchRequest
from shared.web.identity import OperatorIdentity

router = APIRouter(prefix="/internal/v1/kill-switches", tags=["kill switches"])


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
