"""An order that is at the venue is followed to its end, then verified against its fills and settled."""

from decimal import Decimal

from plant.brokers.base import BrokerError, BrokerUnreachableError
from plant.brokers.model import Fill, OrderReport
from plant.credentials.sessions import CredentialRefusedError, VaultUnreachableError, read_session
from plant.deliverables import actions as deliverables
from plant.evidence import actions as evidence
from plant.execution import store
from plant.execution.accounts import AnyAccount
from plant.execution.desk import Desk
from plant.execution.model import HeldExecution
from plant.execution.news import tell_of_failure
from plant.execution.order_venue import change_from_report, state_of
from plant.execution.resolve import READS_FOR_ABSENCE
from plant.execution.step import INLINE_S, account_of, find_at_venue, subject_of, write
from plant.execution.store import Change
from shared.clock import utc_now
from shared.contracts.trading import ExecutionState

_NEVER_AT_VENUE = frozenset({ExecutionState.ABSENT, ExecutionState.VETOED, ExecutionState.EXPIRED})
_TRIES_TO_VERIFY = 5


async def poll(desk: Desk, held: HeldExecution) -> float:
    """Ask the venue how the order stands; what the customer sees is what the venue says."""
    pause_s = _pause(held)
    try:
        report = await _report(desk, held)
    except (BrokerError, CredentialRefusedError, VaultUnreachableError):
        return await write(desk, held, Change(held.state, ""), next_in_s=max(pause_s, 1.0))
    if report is None:
        gone = "" if held.negative_reads else "R05: the venue does not list the order any more"
        missed = Change(held.state, gone, negative_reads=held.negative_reads + 1)
        return await write(desk, held, missed, next_in_s=max(pause_s, 5.0))
    if state_of(report) is held.state and report.filled_size == held.filled_size:
        return await write(desk, held, Change(held.state, ""), next_in_s=pause_s)
    reason = f" ({report.reason})" if report.reason else ""
    detail = f"{report.filled_size} of {report.size} contracts filled{reason}"
    return await write(desk, held, change_from_report(report, detail=detail), next_in_s=0.05)


async def settle(desk: Desk, held: HeldExecution) -> float:
    """Verify a finished order against its fills, and close its deliverable and its trace."""
    verified, detail, fills = await _verify(desk, held)
    if not verified and _may_still_verify(held):
        return await write(
            desk, held, Change(held.state, "", negative_reads=held.negative_reads + 1), next_in_s=INLINE_S * 2
        )
    async with desk.database.tenant(held.customer_id) as session:
        await store.insert_fills(session, held, fills)
        fees = sum((fill.fee for fill in fills), Decimal(0)) if fills else None
        done = Change(held.state, detail, verified=verified, settled=True, fees=fees)
        if not await store.change(session, held, done):
            return 0
        succeeded = held.filled_size > 0 or held.state is ExecutionState.PUBLISHED
        await deliverables.finish(session, held.deliverable_id, succeeded=succeeded, notes=detail)
        if not succeeded:
            await tell_of_failure(session, held)
        outcome = {
            "state": held.state.value,
            "filled_size": str(held.filled_size),
            "average_price": str(held.average_price) if held.average_price is not None else None,
            "fees": str(fees) if fees is not None else None,
            "broker_order_ids": list(held.broker_order_ids),
            "client_order_id": held.client_order_id,
            "verified": verified,
            "detail": detail,
        }
        await evidence.record_outcome(
            session, outcome, subject=subject_of(held), execution_id=held.execution_id
        )
    return 0


async def _verify(desk: Desk, held: HeldExecution) -> tuple[bool, str, tuple[Fill, ...]]:
    if held.state in _NEVER_AT_VENUE or not held.broker_order_ids:
        return True, f"{held.state.value}: nothing was placed", ()
    try:
        if not held.action.is_order:
            return (*await _compare_post(desk, held), ())
        fills = await _fills(desk, held)
    except (BrokerError, CredentialRefusedError, VaultUnreachableError) as error:
        return False, f"not verified: the venue could not be read ({type(error).__name__})", ()
    return (*_compare(held, fills), fills)


async def _compare_post(desk: Desk, held: HeldExecution) -> tuple[bool, str]:
    """Is the post there, as it was approved?"""
    found = await find_at_venue(desk, held, await _account(desk, held))
    return (True, f"verified: {found.detail}") if found else (False, "the platform does not show the post")


def _compare(held: HeldExecution, fills: tuple[Fill, ...]) -> tuple[bool, str]:
    """Expected against actual: size, price within the limit, and no more than was approved."""
    unique = {fill.fill_id: fill for fill in fills}.values()
    total = sum((fill.size for fill in unique), Decimal(0))
    params = held.action.order
    if total != held.filled_size:
        return False, f"R08: fills add up to {total}, the order says {held.filled_size}"
    if total > Decimal(params.size):
        return False, f"R09: overfilled, {total} of {params.size}"
    if params.limit_price is not None and any(
        _is_worse(f.price, params.limit_price, params.side) for f in unique
    ):
        return False, f"a fill is worse than the limit {params.limit_price}"
    return True, f"verified: {total} of {params.size} contracts filled"


def _is_worse(price: Decimal, limit: str, side: str) -> bool:
    return price > Decimal(limit) if side == "buy" else price < Decimal(limit)


def _may_still_verify(held: HeldExecution) -> bool:
    return held.negative_reads < READS_FOR_ABSENCE + _TRIES_TO_VERIFY


async def _report(desk: Desk, held: HeldExecution) -> OrderReport | None:
    account = await _account(desk, held)
    async with read_session(desk.vaults, account) as credentials:
        return await desk.adapter(held.provider).find_order(held.client_order_id, credentials=credentials)


async def _fills(desk: Desk, held: HeldExecution) -> tuple[Fill, ...]:
    account = await _account(desk, held)
    symbol = held.action.order.product_symbol
    async with read_session(desk.vaults, account) as credentials:
        adapter = desk.adapter(held.provider)
        fills = [
            fill
            for order_id in held.broker_order_ids
            for fill in await adapter.fills(order_id, symbol=symbol, credentials=credentials)
        ]
    return tuple({fill.fill_id: fill for fill in fills}.values())


async def _account(desk: Desk, held: HeldExecution) -> AnyAccount:
    """Raises: BrokerUnreachableError when the customer has deleted the account meanwhile."""
    account = await account_of(desk, held)
    if account is None:
        raise BrokerUnreachableError("the account was deleted")
    return account


def _pause(held: HeldExecution) -> float:
    """Units: seconds. Often at first, seldom for an order that rests."""
    age_s = (utc_now() - held.created_at).total_seconds()
    if age_s < 5:
        return 0.25
    return 2.0 if age_s < 60 else 15.0
