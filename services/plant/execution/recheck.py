"""The market once more before the socket, for an order that had to wait: a price that moved voids it.

Called by send.py for a further attempt, and for a first one that comes late. The approval holds for the
price that was shown; time passed in a queue does not widen it.
"""

from datetime import timedelta

from plant.brokers.base import BrokerError
from plant.credentials.sessions import CredentialRefusedError, VaultUnreachableError
from plant.enforcement.model import Deny
from plant.exchange_accounts.model import Account
from plant.execution.desk import Desk
from plant.execution.inputs import preconditions_of, risk_inputs_of
from plant.execution.model import HeldExecution
from plant.risk.check import RiskCode
from plant.risk.gate import decide
from plant.snapshots import actions as snapshots
from shared.approvals.claims import ApprovalClaims
from shared.clock import epoch_ms, utc_now
from shared.denials import DenialReason

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


async def market_denial(
    desk: Desk, held: HeldExecution, *, account: Account, claims: ApprovalClaims
) -> Deny | None:
    """Raises: MarketUnreadableError."""
    symbol = held.action.params.product_symbol
    try:
        await snapshots.refresh(desk.market, account, symbol=symbol, not_before_ms=epoch_ms(utc_now()))
    except (BrokerError, CredentialRefusedError, VaultUnreachableError) as error:
        raise MarketUnreadableError(str(error)) from error
    async with desk.database.tenant(held.customer_id) as session:
        inputs = await risk_inputs_of(
            session,
            account,
            held.action,
            preconditions=preconditions_of(claims.preconditions),
            kill_switch_engaged=False,
            stage="release",
        )
    codes = tuple(code.value for code in decide(inputs).risk_codes if code in _MARKET_CODES)
    if not codes:
        return None
    moved = f"The market moved while the order waited: {', '.join(codes)}."
    return Deny(DenialReason.PRECONDITION_FAILED, moved, codes)
