"""Running a reference agent: without an intent a draft to review, with one the approved action, once.

A trading run is deterministic: no model takes part in it.
"""

from dataclasses import dataclass
from datetime import timedelta

from plant.brokers.model import Instrument
from plant.deliverables import actions as deliverables
from plant.deliverables.model import NewDeliverable
from plant.enforcement.model import Deny
from plant.evidence import actions as evidence
from plant.evidence.model import Subject
from plant.exchange_accounts import actions as exchange_accounts
from plant.exchange_accounts.model import Account
from plant.execution.desk import Desk
from plant.execution.inputs import ReleaseCommand
from plant.execution.release import Released, execute
from plant.reference_agents import drafting
from plant.reference_agents.drafting import PlannedOrder
from plant.reference_agents.model import CATALOGUE
from plant.reference_agents.plan import KIND_OF, build_action
from plant.snapshots import actions as snapshots
from shared.approvals.action import Action
from shared.clock import utc_now
from shared.contracts.trading import (
    DeliverableState,
    Draft,
    DraftRunResponse,
    Plan,
    ReferenceAgent,
    RunRequest,
    ShownRisk,
)
from shared.db import TenantSession
from shared.denials import DenialReason
from shared.errors import (
    PlatformError,
    not_found,
)
from shared.identity import Identity
from shared.ids import ApprovalId, CredentialRef, CustomerId, DeliverableId, uuid7

REVIEW_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Run:
    """One call of an agent. `submitted` is the body as it came."""

    agent: ReferenceAgent
    request: RunRequest
    submitted: dict[str, object]
    caller: Identity
    customer_id: CustomerId

    @property
    def subject(self) -> Subject:
        kind = KIND_OF[self.request.action]
        return Subject(
            self.customer_id, self.caller.correlation_id, self.caller.actor, self.agent.agent_id, kind
        )


def get_agent(agent_id: str) -> ReferenceAgent:
    """Raises: PlatformError 404."""
    agent = CATALOGUE.get(agent_id)
    if agent is None:
        raise not_found("reference agent")
    return agent


async def start_run(desk: Desk, run: Run) -> DraftRunResponse | Released:
    """Raises: PlatformError 403 (denied), 409 (no position to exit), 422 (fields), 503 (venue or vault down)."""
    is_draft = run.request.intent_action is None and run.request.approval_id is None
    account, instrument = await _look_up(desk, run, may_work=not is_draft)
    if instrument is None:
        instrument = await drafting.read_instrument(desk, account, coin=run.request.coin, subject=run.subject)
    action = build_action(run.request, account=account, instrument=instrument)
    if is_draft:
        return await _draft(desk, run, account, action)
    return await execute(desk, _command(run, account, action))


async def _look_up(desk: Desk, run: Run, *, may_work: bool) -> tuple[Account, Instrument | None]:
    """The account, and its instrument as last read: contract value and tick hardly ever change.

    Unless the customer is known to `may_work`, that is asked here, before the exchange is read for them; a
    draft's own transaction asks once more, in turn. Raises: PlatformError 403.
    """
    found: tuple[str, Deny] | None = None
    async with desk.database.tenant(run.customer_id) as session:
        account = await exchange_accounts.find(session, CredentialRef(run.request.exchange_account_id))
        if account is not None:
            found = None if may_work else await drafting.find_plan_denial(session, desk.trust)
            if found is None:
                symbol = desk.adapter(account.provider).symbol_for(run.request.coin)
                return account, (await snapshots.load(session, account, symbol=symbol)).instrument
    unknown = Deny(DenialReason.CREDENTIAL_UNAVAILABLE, "There is no such exchange account.")
    raise await _deny(desk, found or ("account", unknown), run.subject)


async def _draft(desk: Desk, run: Run, account: Account, action: Action) -> DraftRunResponse:
    order = await drafting.plan_order(desk, account, action, request=run.request, subject=run.subject)
    deliverable_id = DeliverableId(uuid7())
    async with desk.database.tenant(run.customer_id) as session:
        found = await drafting.find_plan_denial(session, desk.trust)
        risk = None if found else await _keep_draft(session, run, order, deliverable_id=deliverable_id)
    if found is not None:
        raise await _deny(desk, found, run.subject)
    draft = Draft(action=action, action_hash=action.action_hash(), plan=order.plan, risk=risk)
    return DraftRunResponse(
        agent_id=run.agent.agent_id,
        agent_type=run.agent.agent_type,
        status="draft",
        deliverable_id=deliverable_id,
        draft=draft,
    )


async def _keep_draft(
    session: TenantSession, run: Run, order: PlannedOrder, *, deliverable_id: DeliverableId
) -> ShownRisk:
    proposal = await drafting.look_at_risk(session, order)
    risk = drafting.shown_risk(proposal.risk)
    new = _new_deliverable(run, order.action, deliverable_id, order.plan, risk)
    await deliverables.add(session, new, actor=run.caller.actor)
    await drafting.record_order(session, proposal, deliverable_id=deliverable_id, subject=run.subject)
    return risk


def _new_deliverable(
    run: Run, action: Action, deliverable_id: DeliverableId, plan: Plan, risk: ShownRisk
) -> NewDeliverable:
    return NewDeliverable(
        deliverable_id=deliverable_id,
        customer_id=run.customer_id,
        agent_id=run.agent.agent_id,
        state=DeliverableState.PENDING_REVIEW,
        action=action,
        plan=plan,
        risk=risk,
        correlation_id=run.caller.correlation_id,
        expires_at=utc_now() + REVIEW_LIFETIME,
    )


def _command(run: Run, account: Account, action: Action) -> ReleaseCommand:
    request = run.request
    return ReleaseCommand(
        action=action,
        account=account,
        agent_id=run.agent.agent_id,
        actor=run.caller.actor,
        approval_id=ApprovalId(request.approval_id) if request.approval_id else None,
        intent=request.intent_action,
        deliverable_id=None,
        submitted=run.submitted,
    )


async def _deny(desk: Desk, found: tuple[str, Deny], subject: Subject) -> PlatformError:
    stage, denial = found
    return await evidence.deny(
        desk.database,
        denial.reason,
        stage=stage,
        detail=denial.detail,
        subject=subject,
        risk_codes=denial.risk_codes,
    )
