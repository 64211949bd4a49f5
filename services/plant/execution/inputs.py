"""Gathering what the gates decide over, in the release transaction, on the database's clock."""

from dataclasses import dataclass

from plant.approvals.model import HeldApproval
from plant.enforcement import actions as enforcement
from plant.enforcement.model import GateInputs
from plant.exchange_accounts.model import Account
from plant.execution import instances
from plant.execution.accounts import AnyAccount
from plant.execution.activity import actions as activity
from plant.execution.desk import Desk
from plant.execution.orders import WeighedOrder, weigh_order
from plant.execution.posts import WeighedPost, weigh_post
from plant.hired_agents.model import Instance
from plant.metering import actions as metering
from plant.metering.model import Standing
from plant.platform_accounts.model import PlatformAccount
from plant.snapshots import actions as snapshots
from shared.approvals.action import Action
from shared.approvals.claims import ApprovalClaims
from shared.approvals.verify import find_claims
from shared.clock import from_epoch_ms
from shared.db import TenantSession, look_up
from shared.ids import ApprovalId, DeliverableId


@dataclass(frozen=True, slots=True)
class ReleaseCommand:
    """A request to carry out one action. `submitted` is the request's body, for the refs-only gate."""

    action: Action
    account: AnyAccount
    agent_id: str
    actor: str
    approval_id: ApprovalId | None
    intent: str | None
    deliverable_id: DeliverableId | None
    submitted: dict[str, object]


@dataclass(frozen=True, slots=True)
class Gathered:
    gate_inputs: GateInputs
    weighed: WeighedOrder | WeighedPost
    standing: Standing
    claims: ApprovalClaims | None


async def gather(
    session: TenantSession,
    command: ReleaseCommand,
    *,
    approval: HeldApproval | None,
    instance: Instance | None,
    desk: Desk,
) -> Gathered:
    """Requires: the release transaction, holding the account's row; the approval as read in it."""
    action = command.action
    claims = find_claims(approval.statement, trust=desk.trust) if approval else None
    engaged = await enforcement.hold_switches(session, action)
    stands = await metering.hold_standing(session, action.hired_instance_id)
    match instances.limited(command.account, instance):
        case Account() as account:
            view = snapshots.lookup(account, symbol=action.order.product_symbol)
            found = await look_up(session, engaged, stands, view)
            weighed = await weigh_order(
                session,
                account,
                action,
                view=found[view],
                preconditions=claims.preconditions if claims else None,
                kill_switch_engaged=bool(found[engaged]),
                stage="release",
            )
            now = from_epoch_ms(weighed.risk_inputs.now_ms)
        case PlatformAccount():
            clock = activity.clock()
            found = await look_up(session, engaged, stands, clock)
            now = found[clock]
            weighed = weigh_post(action, now=now)
    gate_inputs = GateInputs(
        customer_id=session.customer_id,
        now=now,
        trust=desk.trust,
        submitted=command.submitted,  # pyright: ignore[reportArgumentType]  parsed JSON
        standing=found[stands],
        kill_switches=found[engaged],
        action=action,
        action_hash=action.action_hash(),
        intent=command.intent,
        deliverable_id=command.deliverable_id,
        approval_id=command.approval_id,
        approval=approval,
        account_since=command.account.since,
        risk=weighed.risk if isinstance(weighed, WeighedOrder) else None,
        post=weighed.decision if isinstance(weighed, WeighedPost) else None,
        four_eyes=desk.four_eyes,
    )
    return Gathered(gate_inputs, weighed, found[stands], claims)
