"""Writing what a step found: the change, and the job for the next step, in one transaction."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from plant.brokers.model import OrderReport, VenueOrderState
from plant.evidence import actions as evidence
from plant.evidence.model import Denial, Subject
from plant.exchange_accounts import actions as exchange_accounts
from plant.exchange_accounts.model import Account
from plant.execution import jobs, store
from plant.execution.desk import Desk
from plant.execution.model import HeldExecution, may_become
from plant.execution.store import Change
from shared.clock import utc_now
from shared.contracts.trading import ExecutionState
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


async def account_of(desk: Desk, held: HeldExecution) -> Account | None:
    async with desk.database.tenant(held.customer_id) as session:
        return await exchange_accounts.find(session, held.credential_ref)


def change_from_report(report: OrderReport, *, detail: str) -> Change:
    """What the venue says about the order, as a change of the execution. The venue is believed."""
    return Change(
        state=state_of(report),
        detail=detail,
        broker_order_ids=(report.order_id,),
        filled_size=report.filled_size,
        average_price=report.average_price,
        fees=report.commission,
        negative_reads=0,
    )


def state_of(report: OrderReport) -> ExecutionState:
    match report.state:
        case VenueOrderState.FILLED:
            return ExecutionState.FILLED
        case VenueOrderState.CANCELLED:
            return ExecutionState.CANCELLED
        case VenueOrderState.OPEN:
            return ExecutionState.PARTIALLY_FILLED if report.filled_size > 0 else ExecutionState.OPEN


def is_ours(report: OrderReport, held: HeldExecution) -> bool:
    """Is the venue's order the one that was approved, and not another under the same id?

    A venue may trim a reduce-only order to the position that it finds.
    """
    params = held.action.params
    size = Decimal(params.size)
    same_price = params.limit_price is None or report.limit_price == Decimal(params.limit_price)
    same_size = 0 < report.size <= size if params.reduce_only else report.size == size
    return (
        same_price
        and same_size
        and (report.symbol, report.side, report.reduce_only)
        == (params.product_symbol, params.side, params.reduce_only)
    )
