"""What time may have changed, once more before the socket: the hours, and for an order that waited, the market.

Called by send.py for every attempt; the market is read again for a further one, and for a first one that comes
late. The approval holds for the price that was shown; time passed in a queue does not widen it.
"""

from datetime import timedelta

from plant.brokers.base import BrokerError
from plant.credentials.sessions import CredentialRefusedError, VaultUnreachableError
from plant.enforcement.model import Deny
from plant.exchange_accounts.model import Account
from plant.execution.accounts import AnyAccount
from plant.execution.desk import Desk
from plant.execution.model import HeldExecution
from plant.execution.orders import weigh_order
from plant.risk.case import is_exit
from plant.risk.check import RiskCode
from plant.snapshots import actions as snapshots
from shared.approvals.action import Action
from shared.approvals.claims import ApprovalClaims
from shared.clock import epoch_ms, utc_now
from shared.denials import DenialReason
from shared.posts.decision import PostTiming, decide_post

PROMPT = timedelta(seconds=3)
_MARKET_CODES = frozenset(
    {
        RiskCode.APPROVAL_PRICE_DRIFT,
        RiskCode.INSTRUMENT_NOT_TRADABLE,
        RiskCode.PRICE_COLLAR,
        RiskCode.MARKET_PROTECTION_REQUIRED,
        RiskCode.REFERENCE_PRICE_MISSING,
        RiskCode.MARKET_DATA_STALE,
    }
)


class MarketUnreadableError(Exception):
    """Whether the price still holds cannot be said now; the order waits."""


def is_due(held: HeldExecution) -> bool:
    return held.attempt > 0 or utc_now() - held.created_at > PROMPT


async def denial(
    desk: Desk, held: HeldExecution, *, account: AnyAccount, claims: ApprovalClaims
) -> Deny | None:
    """What time has changed since the release. Raises: MarketUnreadableError.

    Requires: the account under the limits of the hired agent as well.
    """
    if isinstance(account, Account):
        closed = _hours_denial(held.action, account)
        if closed is not None or not is_due(held):
            return closed
        return await _market_denial(desk, held, account=account, claims=claims)
    if decide_post(held.action.post, now=utc_now()).timing is PostTiming.TOO_LATE:
        return Deny(DenialReason.PRECONDITION_FAILED, "The time it was approved for is over.")
    return None


def _hours_denial(action: Action, account: Account) -> Deny | None:
    now_ms = epoch_ms(utc_now())
    if is_exit(action) or all(hours.include(now_ms) for hours in account.trading_hours):
        return None
    ended = "The hours in which positions are entered ended while the order waited."
    return Deny(DenialReason.PRECONDITION_FAILED, ended, (RiskCode.OUTSIDE_TRADING_WINDOW.value,))


async def _market_denial(
    desk: Desk, held: HeldExecution, *, account: Account, claims: ApprovalClaims
) -> Deny | None:
    """Raises: MarketUnreadableError."""
    symbol = held.action.order.product_symbol
    try:
        await snapshots.refresh(desk.market, account, symbol=symbol, not_before_ms=epoch_ms(utc_now()))
    except (BrokerError, CredentialRefusedError, VaultUnreachableError) as error:
        raise MarketUnreadableError(str(error)) from error
    async with desk.database.tenant(held.customer_id) as session:
        weighed = await weigh_order(
            session,
            account,
            held.action,
            view=await snapshots.load(session, account, symbol=symbol),
            preconditions=claims.preconditions,
            kill_switch_engaged=False,
            stage="release",
        )
    codes = tuple(code.value for code in weighed.risk.risk_codes if code in _MARKET_CODES)
    if not codes:
        return None
    moved = f"The market moved while the order waited: {', '.join(codes)}."
    return Deny(DenialReason.PRECONDITION_FAILED, moved, codes)
