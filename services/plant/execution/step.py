"""Writing what a step found: the change, and the job for the next step, in one transaction."""

from dataclasses import replace
from datetime import timedelta

from plant.evidence import actions as evidence
from plant.evidence.model import Denial, Subject
from plant.execution import accounts, jobs, store
from plant.execution.accounts import AnyAccount
from plant.execution.desk import Desk
from plant.execution.model import HeldExecution, may_become
from plant.execution.store import Change
from shared.clock import utc_now
from shared.metrics import EXECUTION_STATES

INLINE_S = 0.3
NOW_S = 0.0


class IllegalTransitionError(Exception):
    """A step wanted a transition that the table does not list; that is a defect, nothing was written."""


async def write(
    desk: Desk, held: HeldExecution, wanted: Change, *, next_in_s: float, denial: Denial | None = None
) -> float:
    """Write a change, unless somebody else moved the execution; leave a job when the next step is not at once.

    A denial that led to the change is stored with it, or not at all.

    Raises: IllegalTransitionError.
    """
    if wanted.state is not held.state and not may_become(held.state, wanted.state):
        raise IllegalTransitionError(f"{held.state} -> {wanted.state}")
    wake_at = utc_now() + timedelta(seconds=next_in_s)
    async with desk.database.tenant(held.customer_id) as session:
        changed = await store.change(session, held, replace(wanted, wake_at=wake_at))
        if changed and denial is not None:
            await evidence.record_denial(session, denial, subject=subject_of(held))
        if changed and next_in_s > INLINE_S and not wanted.settled:
            await jobs.defer_advance(
                session,
                customer_id=held.customer_id,
                execution_id=held.execution_id,
                correlation_id=held.correlation_id,
                at=wake_at,
            )
    if changed and wanted.state is not held.state:
        EXECUTION_STATES.labels(held.provider, wanted.state).inc()
    return next_in_s


async def look_again(desk: Desk, held: HeldExecution, *, next_in_s: float) -> float:
    """Leave a job for later and the row as it is: it is somebody else's to write now."""
    async with desk.database.tenant(held.customer_id) as session:
        await jobs.defer_advance(
            session,
            customer_id=held.customer_id,
            execution_id=held.execution_id,
            correlation_id=held.correlation_id,
            at=utc_now() + timedelta(seconds=next_in_s),
        )
    return max(next_in_s, INLINE_S * 2)


def subject_of(held: HeldExecution) -> Subject:
    return Subject(
        held.customer_id,
        held.correlation_id,
        "service:worker",
        held.agent_id,
        held.action.kind,
        held.action_hash,
    )


async def account_of(desk: Desk, held: HeldExecution) -> AnyAccount | None:
    async with desk.database.tenant(held.customer_id) as session:
        return await accounts.find(session, held.action)


async def find_at_venue(desk: Desk, held: HeldExecution, account: AnyAccount) -> Change | None:
    """Look the execution up where it went; posts have no id of ours, so those of others are left out.

    Raises: BrokerError, CredentialRefusedError, VaultUnreachableError.
    """
    taken: frozenset[str] = frozenset()
    if not held.action.is_order:
        async with desk.database.tenant(held.customer_id) as session:
            taken = await store.ids_of_others(session, held)
    return await desk.venue(held.provider).find(held, account=account, taken=taken)
