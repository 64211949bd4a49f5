"""Turning kill switches on and off and reading those over an action; refusing what embeds a secret."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID

from plant.enforcement import store
from plant.enforcement.allow_list import ALLOWED
from plant.enforcement.hooks import Stage, run_hooks
from plant.enforcement.kill_switch import PLATFORM, scopes_over
from plant.enforcement.model import GateInputs
from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from shared.approvals.action import Action
from shared.clock import utc_now
from shared.contracts.evidence import KillSwitch, KillSwitchRequest
from shared.correlation import current_correlation_id
from shared.db import Database, Lookup, OversightSession, Session, look_up
from shared.errors import FieldError, PlatformError, invalid_fields
from shared.identity import Identity
from shared.ids import CustomerId
from shared.keys import TrustStore
from shared.logs import get_logger
from shared.metrics import KILL_SWITCHES_ENGAGED

READERS_PATIENCE = timedelta(seconds=6)
"""Longer than any signature of an order is good; a broker with a longer one needs more (docs/adr/0003)."""

_LOOK_AGAIN_S = 0.05
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SCOPE = re.compile(
    rf"platform|provider:(?P<provider>[a-z0-9_]{{1,60}})|customer:(?P<customer>{_UUID})|hired_agent:{_UUID}"
)


async def hold_switches(session: Session, action: Action) -> Lookup[tuple[str, ...]]:
    """From now on whoever changes a switch waits until the transaction ends; the lookup reads those engaged."""
    await store.hold_switches(session)
    return store.engaged_scopes(scopes_over(action))


async def engaged_over(session: Session, action: Action) -> tuple[str, ...]:
    """Read the engaged switches over an action; whoever changes one waits until the transaction ends."""
    engaged = await hold_switches(session, action)
    return (await look_up(session, engaged))[engaged]


async def set_kill_switch(
    database: Database, scope: str, *, wanted: KillSwitchRequest, caller: Identity
) -> KillSwitch:
    """Engage or release a switch. When this returns, no order is sent any more under the old state.

    The switch is on before anybody is waited for, so that a frozen worker cannot hold it up; what such a
    worker had signed before cannot be sent any more once the wait is over (READERS_PATIENCE).

    Raises: PlatformError 422 for a scope that is not one of the four forms, or an unknown provider: a switch
        with a slip of the pen in it would look engaged and stop nothing.
    """
    match = _SCOPE.fullmatch(scope)
    if match is None or match["provider"] not in (None, *ALLOWED):
        forms = "platform, provider:<name>, customer:<id> or hired_agent:<id>"
        raise invalid_fields(FieldError("scope", f"must be {forms}; providers are {', '.join(ALLOWED)}"))
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
    await _wait_for_readers(database, scope, caller=caller)
    return switch


async def stop_everything(session: OversightSession, *, because: str) -> None:
    """Engage the platform's switch in the caller's transaction. Requires: no worker runs that must be outwaited."""
    await store.put(
        session, scope=PLATFORM, engaged=True, reason=because, correlation_id=current_correlation_id()
    )


async def measure(database: Database) -> None:
    async with database.oversight(actor="service:gauges") as session:
        KILL_SWITCHES_ENGAGED.set(sum(switch.engaged for switch in await store.list_all(session)))


async def refuse_raw_secrets(
    database: Database, *, submitted: object, caller: Identity, trust: TrustStore, agent_id: str | None = None
) -> None:
    """The session's first hook: a body that embeds a secret is refused before anything else looks at it.

    Raises: PlatformError 403 `raw_secret_rejected`; the denial is stored, without the secret.
    """
    assert caller.customer_id is not None
    inputs = GateInputs(caller.customer_id, utc_now(), trust, submitted=submitted)  # pyright: ignore[reportArgumentType]  parsed JSON
    found = run_hooks(Stage.SESSION_START, inputs)
    if found is not None:
        stage, denial = found
        subject = Subject(caller.customer_id, caller.correlation_id, caller.actor, agent_id)
        raise await evidence.deny(database, denial.reason, stage=stage, detail=denial.detail, subject=subject)


async def list_kill_switches(database: Database, *, caller: Identity) -> list[KillSwitch]:
    async with database.oversight(actor=caller.actor) as session:
        return await store.list_all(session)


async def _wait_for_readers(database: Database, scope: str, *, caller: Identity) -> None:
    """Outwait every transaction that read the old state, and every order that has its permit from one."""
    await _wait_for_transactions(database, scope, caller=caller)
    deadline = utc_now() + READERS_PATIENCE
    while utc_now() < deadline:
        async with database.oversight(actor=caller.actor) as session:
            if not await store.orders_in_flight(session):
                return
        await asyncio.sleep(_LOOK_AGAIN_S)


async def _wait_for_transactions(database: Database, scope: str, *, caller: Identity) -> None:
    try:
        async with database.oversight(actor=caller.actor) as session:
            patience_ms = int(READERS_PATIENCE.total_seconds() * 1000)
            await store.wait_for_readers(session, patience_ms=patience_ms)
    except PlatformError as error:
        get_logger().warning("kill_switch.reader_outwaited", scope=scope, reason=error.reason)
