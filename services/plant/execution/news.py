"""Telling the customer that something they approved was not carried out."""

from plant.execution.model import HeldExecution
from plant.notifications import actions as notifications
from plant.notifications.model import NewNotification
from shared.contracts.notifications import NotificationKind
from shared.contracts.trading import ExecutionState
from shared.db import TenantSession

_WHAT_HAPPENED = {
    ExecutionState.CANCELLED: "was cancelled there before any of it was filled",
    ExecutionState.REJECTED: "was refused there",
    ExecutionState.EXPIRED: "was not sent in time",
    ExecutionState.VETOED: "was stopped before it was sent",
    ExecutionState.ABSENT: "did not arrive there",
}


async def tell_of_failure(session: TenantSession, held: HeldExecution) -> None:
    """Requires: the transaction that settles an execution without effect."""
    what = "An order" if held.action.is_order else "A post"
    new = NewNotification(
        kind=NotificationKind.NOT_CARRIED_OUT,
        subject_id=held.execution_id,
        summary=f"{what} you approved for {held.provider} {_WHAT_HAPPENED[held.state]}",
        link=f"/executions/{held.execution_id}",
        hired_instance_id=held.action.hired_instance_id,
    )
    await notifications.notify(session, new)
