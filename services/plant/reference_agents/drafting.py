"""From a wish to trade to a draft of an order: what reference agents and the goals of hired agents have in common."""

from dataclasses import dataclass, replace

from plant.brokers.model import Instrument
from plant.enforcement.hooks import Stage, run_hooks
from plant.enforcement.model import Deny, GateInputs
from plant.evidence import actions as evidence
from plant.evidence.model import Subject, Usage
from plant.exchange_accounts.model import Account
from plant.execution.desk import Desk
from plant.execution.orders import WeighedOrder, propose
from plant.metering import actions as metering
from plant.reference_agents.plan import build_plan
from plant.risk.account_policy import policy_of
from plant.risk.decision import RiskDecision
from plant.snapshots import actions as snapshots
from plant.snapshots.model import MarketView
from shared.approvals.action import Action
from shared.clock import utc_now
from shared.contracts.trading import Plan, RunRequest, ShownCheck, ShownRisk
from shared.db import TenantSession
from shared.errors import FieldError, invalid_fields, unavailable, wrong_state
from shared.ids import DeliverableId
from shared.keys import TrustStore


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    account: Account
    action: Action
    plan: Plan


async def find_plan_denial(session: TenantSession, trust: TrustStore) -> tuple[str, Deny] | None:
    """Ask before anything costs whether the customer's plan has room for one more task."""
    standing = await metering.standing(session)
    inputs = GateInputs(session.customer_id, utc_now(), trust, standing=standing)
    return run_hooks(Stage.BEFORE_SKILL, inputs)


async def read_instrument(desk: Desk, account: Account, *, coin: str, subject: Subject) -> Instrument:
    """Raises: PlatformError 422 for a coin that the exchange does not list, and as snapshots.read_now."""
    symbol = desk.adapter(account.provider).symbol_for(coin)
    view = await snapshots.read_now(desk.market, account, symbol=symbol, subject=subject)
    if view.instrument is None:
        raise invalid_fields(FieldError("coin", f"the exchange lists no {symbol}"))
    return view.instrument


async def plan_order(
    desk: Desk, account: Account, action: Action, *, request: RunRequest, subject: Subject
) -> PlannedOrder:
    """Read the market and say what the order would do in it.

    Raises: PlatformError 409 without a position to exit, 503 without a price, and as snapshots.read_now.
    """
    symbol = action.order.product_symbol
    view = await snapshots.read_now(desk.market, account, symbol=symbol, subject=subject)
    if view.quote is None or view.quote.mark_price is None or view.instrument is None:
        raise unavailable("The exchange shows no price for this product now. Try again.", reason="no_price")
    _check_position(action, view)
    plan = build_plan(
        action, request=request, instrument=view.instrument, quote=view.quote, policy=policy_of(account)
    )
    return PlannedOrder(account, action, plan)


async def look_at_risk(session: TenantSession, order: PlannedOrder) -> WeighedOrder:
    """Ask the risk gate, for information: it is asked again when the order is released."""
    return await propose(session, order.account, order.action)


async def record_order(
    session: TenantSession, proposal: WeighedOrder, *, deliverable_id: DeliverableId, subject: Subject
) -> None:
    """Store the decision's trace, and count the draft as a task. Requires: the draft's own transaction."""
    trace = proposal.trace(verdict="proposed", reason=None)
    standing = await metering.standing(session)
    usage = Usage("draft", 1, standing.task_cost, {"deliverable_id": str(deliverable_id)})
    about = replace(subject, action_hash=proposal.risk_inputs.action.action_hash())
    await evidence.record_allow(session, trace, subject=about, usage=usage, kind="deliverable.drafted")


def shown_risk(decision: RiskDecision) -> ShownRisk:
    return ShownRisk(
        verdict=decision.verdict,
        policy_hash=decision.policy_hash,
        checks=tuple(
            ShownCheck(code=c.code, status=c.status, observed=c.observed, limit=c.limit, unit=c.unit)
            for c in decision.checks
        ),
    )


def _check_position(action: Action, view: MarketView) -> None:
    """An exit needs an open position on the other side."""
    if not action.order.reduce_only or view.account is None:
        return
    sizes = [p.size for p in view.account.positions if p.symbol == action.order.product_symbol]
    closes = any(size > 0 if action.order.side == "sell" else size < 0 for size in sizes)
    if not closes:
        raise wrong_state(
            f"There is no open {'long' if action.order.side == 'sell' else 'short'} position in"
            f" {action.order.product_symbol} to exit.",
            reason="no_open_position",
        )
