"""Weighing an order: what the risk gate decides over, read in the caller's transaction, and what it finds."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from plant.brokers.model import AccountSnapshot
from plant.enforcement import actions as enforcement
from plant.evidence.model import Trace
from plant.exchange_accounts.model import Account
from plant.execution.activity.actions import count_activity
from plant.execution.activity.model import RecentActivity
from plant.execution.trace import make_trace
from plant.risk.account_policy import policy_of
from plant.risk.decision import RiskDecision
from plant.risk.gate import decide
from plant.risk.model import Preconditions, RiskInputs
from plant.snapshots import actions as snapshots
from plant.snapshots.model import MarketView
from shared.approvals.action import Action
from shared.clock import epoch_ms, from_epoch_ms
from shared.contracts.approvals import Preconditions as SignedPreconditions
from shared.db import TenantSession, look_up
from shared.ids import ExecutionId

RiskStage = Literal["proposal", "release"]


@dataclass(frozen=True, slots=True)
class WeighedOrder:
    """An order with what the risk gate was given and what it found."""

    risk: RiskDecision
    risk_inputs: RiskInputs

    @property
    def notional(self) -> Decimal:
        """Units: USD. Zero when the price is unknown; the risk gate denies then."""
        instrument, quote = self.risk_inputs.instrument, self.risk_inputs.quote
        if instrument is None or quote is None:
            return Decimal(0)
        order = self.risk_inputs.action.order
        price = Decimal(order.limit_price) if order.limit_price else quote.mark_price or Decimal(0)
        return Decimal(order.size) * instrument.contract_value * price

    def is_fresh(self, since_ms: int) -> bool:
        quote, account = self.risk_inputs.quote, self.risk_inputs.account
        return (
            self.risk_inputs.instrument is not None
            and quote is not None
            and quote.as_of_ms >= since_ms
            and account is not None
            and account.as_of_ms >= since_ms
        )

    def trace(self, *, verdict: str, reason: str | None, execution_id: ExecutionId | None = None) -> Trace:
        return make_trace(
            self.risk, self.risk_inputs, verdict=verdict, reason=reason, execution_id=execution_id
        )


async def propose(session: TenantSession, account: Account, action: Action) -> WeighedOrder:
    """The risk gate's view of an action before anybody has approved it; for information."""
    engaged = await enforcement.hold_switches(session, action)
    view = snapshots.lookup(account, symbol=action.order.product_symbol)
    found = await look_up(session, engaged, view)
    return await weigh_order(
        session,
        account,
        action,
        view=found[view],
        preconditions=None,
        kill_switch_engaged=bool(found[engaged]),
        stage="proposal",
    )


async def weigh_order(
    session: TenantSession,
    account: Account,
    action: Action,
    *,
    view: MarketView,
    preconditions: SignedPreconditions | None,
    kill_switch_engaged: bool,
    stage: RiskStage,
) -> WeighedOrder:
    policy = policy_of(account)
    activity = await count_activity(
        session,
        action,
        duplicate_window_s=policy.duplicate_window_s,
        snapshot_as_of=from_epoch_ms(view.account.as_of_ms) if view.account else None,
    )
    inputs = RiskInputs(
        action=action,
        policy=policy,
        instrument=view.instrument,
        quote=view.quote,
        account=_usable_account(view, activity, action),
        counters=activity.counters,
        preconditions=_preconditions(preconditions),
        kill_switch_engaged=kill_switch_engaged,
        now_ms=epoch_ms(activity.now),
        stage=stage,
        engine_ready=True,
    )
    return WeighedOrder(decide(inputs), inputs)


def _usable_account(view: MarketView, activity: RecentActivity, action: Action) -> AccountSnapshot | None:
    """A closing order needs a snapshot taken after the account's last change; others count what is in flight."""
    if view.account is None or not action.order.reduce_only or activity.last_change is None:
        return view.account
    return view.account if from_epoch_ms(view.account.as_of_ms) >= activity.last_change else None


def _preconditions(signed: SignedPreconditions | None) -> Preconditions | None:
    if signed is None:
        return None
    return Preconditions(price_shown=signed.price_shown, allowed_drift_bps=signed.allowed_drift_bps)
