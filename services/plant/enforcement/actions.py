"""Turning kill switches on and off, and reading those that cover an action."""

import re
from uuid import UUID

from plant.enforcement import store
from plant.enforcement.kill_switch import scopes_over
from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from shared.approvals.action import Action
from shared.contracts.evidence import KillSwitch, KillSwitchRequest
from shared.db import Database, Session
from shared.errors import FieldError, invalid_fields
from shared.identity import Identity
from shared.ids import CustomerId

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SCOPE = re.compile(
    rf"platform|provider:[a-z0-9_]{{1,60}}|customer:(?P<customer>{_UUID})|hired_agent:{_UUID}"
)


async def engaged_over(session: Session, action: Action) -> tuple[str, ...]:
    return await store.engaged_scopes(session, scopes_over(action))


async def set_kill_switch(
    database: Database, scope: str, *, wanted: KillSwitchRequest, caller: Identity
) -> KillSwitch:
    """Engage or release a switch. When this returns, no execution takes its permit under the old state.

    Raises: PlatformError 422 for a scope that is not one of the four forms.
    """
    match = _SCOPE.fullmatch(scope)
    if match is None:
        forms = "platform, provider:<name>, customer:<id> or hired_agent:<id>"
        raise invalid_fields(FieldError("scope", f"must be {forms}"))
    async with database.oversight(actor=caller.actor) as session:
        switch = await store.put(
            session,
            scope=scope,
            engaged=wanted.engaged,
            reason=wanted.reason,
            correlation_id=caller.correlation_id,
        )
        if match["customer"]:
            subject = Subject(CustomerId(UUID(match["customer"])), caller.correlation_id, caller.actor)
            await evidence.record_event(
                session, subject=subject, kind="kill_switch.changed", facts=wanted.model_dump(mode="json")
            )
    return switch


async def list_kill_switches(database: Database, *, caller: Identity) -> list[KillSwitch]:
    async with database.oversight(actor=caller.actor) as session:
        return await store.list_all(session)
