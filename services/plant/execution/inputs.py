"""Gathering what the gates decide over, in the release transaction, on the database's clock."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from plant.approvals import actions as approvals
from plant.brokers.model import AccountSnapshot
from plant.enforcement import actions as enforcement
from plant.enforcement.model import GateInputs
from plant.exchange_accounts.model import Account
from plant.execution import store
from plant.execution.store import RecentActivity
from plant.metering import actions as metering
from plant.metering.model import Standing
from plant.risk.account_policy import policy_of
from plant.risk.decision import RiskDecision
from plant.risk.gate import decide
from plant.risk.model import Preconditions, RiskInputs
from plant.snapshots import actions as snapshots
from plant.snapshots.model import MarketView
from shared.approvals.action import Action
from shared.approvals.claims import ApprovalClaims
from shared.approvals.verify import find_claims
from shared.clock import epoch_ms, from_epoch_ms
from shared.contracts.approvals import Preconditions as SignedPreconditions
from shared.db import TenantSession
from shared.ids import ApprovalId, DeliverableId
from shared.keys import TrustStore


@dataclass(frozen=True, slots=True)
class ReleaseCommand:
    """A request to carry out one action. `submitted` is the request's body, for the refs-only gate."""

    action: Action
    account: Account
    agent_id: str
    actor: str
    approval_id: ApprovalId | None
    intent: str | None
    deliverable_id: DeliverableId | None
    submitted: dict[str, object]


@dataclass(frozen=True, slots=True)
class Gathered:
    gate_inputs: GateInputs
    risk_inputs: RiskInputs
    risk: RiskDecision
    standing: Standing
    claims: ApprovalClaims | None

    @property
    def notional(self) -> Decimal:
        """Units: USD. Zero when the price is unknown; the risk gate denies then."""
        instrument, quote = self.risk_inputs.instrument, self.risk_inputs.quote
        if instrument is None or quote is None:
            return Decimal(0)
        params = self.risk_inputs.action.params
        price = Decimal(params.limit_price) if params.limit_price else quote.mark_price or Decimal(0)
        return Decimal(params.size) * instrument.contract_value * price


@dataclass(frozen=True, slots=True)
class Proposal:
    """The risk gate's view of an action before anybody has approved it; for information."""

    risk: RiskDecision
    risk_inputs: RiskInputs


async def gather(session: TenantSession, command: ReleaseCommand, *, trust: TrustStore) -> Gathered:
    """Requires: the release transaction, holding the account's row."""
    action = command.action
    approval = await approvals.find(session, command.approval_id) if command.approval_id else None
    claims = find_claims(approval.statement, trust=trust) if approval else None
    kill_switches = await enforcement.engaged_over(session, action)
    standing = await metering.standing(session)
    risk_inputs = await risk_inputs_of(
        session,
        command.account,
        action,
        preconditions=preconditions_of(claims.preconditions if claims else None),
        kill_switch_engaged=bool(kill_switches),
        stage="release",
    )
    risk = decide(risk_inputs)
    gate_inputs = GateInputs(
        customer_id=session.customer_id,
        now=from_epoch_ms(risk_inputs.now_ms),
        trust=trust,
        submitted=command.submitted,  # pyright: ignore[reportArgumentType]  parsed JSON
        standing=standing,
        kill_switches=kill_switches,
        action=action,
        action_hash=action.action_hash(),
        intent=command.intent,
        deliverable_id=command.deliverable_id,
        approval_id=command.approval_id,
        approval=approval,
        account_since=command.account.since,
        risk=risk,
    )
    return Gathered(gate_inputs, risk_inputs, risk, standing, claims)


async def propose(session: TenantSession, account: Account, action: Action) -> Proposal:
    """Run the risk gate on an action that is only proposed."""
    kill_switches = await enforcement.engaged_over(session, action)
    risk_inputs = await risk_inputs_of(
        session,
        account,
        action,
        preconditions=None,
        kill_switch_engaged=bool(kill_switches),
        stage="proposal",
    )
    return Proposal(decide(risk_inputs), risk_inputs)


async def risk_inputs_of(
    session: TenantSession,
    account: Account,
    action: Action,
    *,
    preconditions: Preconditions | None,
    kill_switch_engaged: bool,
    stage: Literal["proposal", "release"],
) -> RiskInputs:
    policy = policy_of(account)
    view = await snapshots.load(session, account, symbol=action.params.product_symbol)
    window_s = 0 if isinstance(policy.duplicate_window_s, str) else policy.duplicate_window_s
    activity = await store.recent_activity(
        session,
        action,
        duplicate_window=timedelta(seconds=window_s),
        snapshot_as_of=from_epoch_ms(view.account.as_of_ms) if view.account else None,
    )
    return RiskInputs(
        action=action,
        policy=policy,
        instrument=view.instrument,
        quote=view.quote,
        account=_usable_account(view, activity, action),
        counters=activity.counters,
        preconditions=preconditions,
        kill_switch_engaged=kill_switch_engaged,
        now_ms=epoch_ms(activity.now),
        stage=stage,
        engine_ready=True,
    )


def _usable_account(view: MarketView, activity: RecentActivity, action: Action) -> AccountSnapshot | None:
    """A closing order needs a snapshot taken after the account's last change; others count what is in flight."""
    if view.account is None or not action.params.reduce_only or activity.last_change is None:
        return view.account
    return view.account if from_epoch_ms(view.account.as_of_ms) >= activity.last_change else None


def preconditions_of(signed: SignedPreconditions | None) -> Preconditions | None:
    if signed is None:
        return None
    return Preconditions(price_shown=signed.price_shown, allowed_drift_bps=signed.allowed_drift_bps)
