"""An exchange as the venue of an execution; the order that it reports is held against the approved one."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from plant.brokers.base import Accepted, BrokerAdapter, PreparedOrder
from plant.brokers.model import OrderReport, VenueOrderState
from plant.credentials.sessions import Vaults, execute_session, read_session
from plant.execution.accounts import AnyAccount
from plant.execution.model import HeldExecution
from plant.execution.store import Change
from plant.execution.venue import Sending, Sent, Taken
from plant.permits import Permit
from shared.contracts.trading import ExecutionState


@dataclass(frozen=True, slots=True)
class OrderVenue:
    adapter: BrokerAdapter
    vaults: Vaults

    async def prepare(
        self, held: HeldExecution, *, permit: Permit, account: AnyAccount, approval: str
    ) -> Sending:
        async with execute_session(
            self.vaults, account, approval=approval, execution_id=held.execution_id
        ) as credentials:
            prepared = self.adapter.prepare(
                held.action, permit=permit, client_order_id=held.client_order_id, credentials=credentials
            )
        return Sending(prepared.valid_until, prepared.request_hash, partial(self._send, prepared))

    async def find(self, held: HeldExecution, *, account: AnyAccount, taken: frozenset[str]) -> Change | None:
        async with read_session(self.vaults, account) as credentials:
            report = await self.adapter.find_order(held.client_order_id, credentials=credentials)
        if report is None or report.order_id in taken:
            return None
        if not is_ours(report, held):
            foreign = f"R20: order {report.order_id} holds our id but is another order; ours was not placed"
            return Change(ExecutionState.REJECTED, foreign)
        return change_from_report(report, detail=f"found at the venue as order {report.order_id}")

    async def _send(self, prepared: PreparedOrder) -> Sent:
        outcome = await self.adapter.send(prepared)
        if not isinstance(outcome, Accepted):
            return outcome
        report = outcome.report
        return Taken(change_from_report(report, detail=f"accepted by the venue as order {report.order_id}"))


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
    params = held.action.order
    size = Decimal(params.size)
    same_price = params.limit_price is None or report.limit_price == Decimal(params.limit_price)
    same_size = 0 < report.size <= size if params.reduce_only else report.size == size
    return (
        same_price
        and same_size
        and (report.symbol, report.side, report.reduce_only)
        == (params.product_symbol, params.side, params.reduce_only)
    )
