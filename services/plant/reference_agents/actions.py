"""Running a reference agent: without an intent a draft to review, with one the approved action, once.

A trading run is deterministic: no model takes part in it.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from plant.brokers.model import Instrument
from plant.deliverables import actions as deliverables
from plant.deliverables.model import NewDeliverable
from plant.enforcement.hooks import Stage, run_hooks
from plant.enforcement.model import Deny, GateInputs
from plant.evidence import actions as evidence
from plant.evidence.model import Subject, Usage
from plant.exchange_accounts import actions as exchange_accounts
from plant.exchange_accounts.model import Account
from plant.execution.desk import Desk
from plant.execution.inputs import Proposal, ReleaseCommand, propose
from plant.execution.release import Released, execute
from plant.execution.trace import make_trace
from plant.metering import actions as metering
from plant.reference_agents.model import CATALOGUE
from plant.reference_agents.plan import KIND_OF, build_action, build_plan
from plant.risk.account_policy import policy_of
from plant.risk.decision import RiskDecision
from plant.snapshots import actions as snapshots
from plant.snapshots.model import MarketView
from shared.approvals.action import Action
from shared.clock import utc_now
from shared.contracts.trading import (
    DeliverableState,
    Draft,
    DraftRunResponse,
    Plan,
    ReferenceAgent,
    RunRequest,
    ShownCheck,
    ShownRisk,
)
from shared.db import TenantSession
from shared.denials import DenialReason
from shared.errors import (
    FieldError,
    PlatformError,
    invalid_fields,
    not_found,
    unavailable,
    wrong_state,
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
    account = await _account(desk, run)
    instrument = await _instrument(desk, run, account)
    action = build_action(run.request, account=account, instrument=instrument)
    if run.request.intent_action is None and run.request.approval_id is None:
        return await _draft(desk, run, account, action)
    return await execute(desk, _command(run, account, action))


async def _account(desk: Desk, run: Run) -> Account:
    ref = CredentialRef(run.request.exchange_account_id)
    async with desk.database.tenant(run.customer_id) as session:
        account = await exchange_accounts.find(session, ref)
    if account is None:
        denial = Deny(DenialReason.CREDENTIAL_UNAVAILABLE, "There is no such exchange account.")
        raise await _deny(desk, ("account", denial), run.subject)
    return account


async def _instrument(desk: Desk, run: Run, account: Account) -> Instrument:
    """The instrument as last read; its contract value and tick hardly ever change."""
    symbol = desk.adapter(account.provider).symbol_for(run.request.coin)
    async with desk.database.tenant(run.customer_id) as session:
        held = await snapshots.load(session, account, symbol=symbol)
    if held.instrument is not None:
        return held.instrument
    view = await snapshots.read_now(desk.market, account, symbol=symbol, subject=run.subject)
    if view.instrument is None:
        raise invalid_fields(FieldError("coin", f"the exchange lists no {symbol}"))
    return view.instrument


async def _draft(desk: Desk, run: Run, account: Account, action: Action) -> DraftRunResponse:
    await _check_may_work(desk, run)
    symbol = action.params.product_symbol
    view = await snapshots.read_now(desk.market, account, symbol=symbol, subject=run.subject)
    if view.quote is None or view.quote.mark_price is None or view.instrument is None:
        raise unavailable("The exchange shows no price for this product now. Try again.", reason="no_price")
    _check_position(action, view)
    plan = build_plan(
        action, request=run.request, instrument=view.instrument, quote=view.quote, policy=policy_of(account)
    )
    deliverable_id = DeliverableId(uuid7())
    async with desk.database.tenant(run.customer_id) as session:
        found = await _plan_denial(session, desk, run)
        risk = None
        if found is None:
            risk = await _keep_draft(session, run, account, action, plan=plan, deliverable_id=deliverable_id)
    if found is not None:
        raise await _deny(desk, found, run.subject)
    draft = Draft(action=action, action_hash=action.action_hash(), plan=plan, risk=risk)
    return DraftRunResponse(
        agent_id=run.agent.agent_id,
        agent_type=run.agent.agent_type,
        status="draft",
        deliverable_id=deliverable_id,
        draft=draft,
    )


async def _check_may_work(desk: Desk, run: Run) -> None:
    """Before the exchange is read for it; the draft's own transaction asks once more, in turn."""
    async with desk.database.tenant(run.customer_id) as session:
        found = await _plan_denial(session, desk, run)
    if found is not None:
        raise await _deny(desk, found, run.subject)


async def _plan_denial(session: TenantSession, desk: Desk, run: Run) -> tuple[str, Deny] | None:
    standing = await metering.standing(session)
    inputs = GateInputs(run.customer_id, utc_now(), desk.trust, standing=standing)
    return run_hooks(Stage.BEFORE_SKILL, inputs)


async def _keep_draft(
    session: TenantSession,
    run: Run,
    account: Account,
    action: Action,
    *,
    plan: Plan,
    deliverable_id: DeliverableId,
) -> ShownRisk:
    proposal = await propose(session, account, action)
    risk = _shown(proposal.risk)
    new = _new_deliverable(run, action, deliverable_id, plan, risk)
    await deliverables.add(session, new, actor=run.caller.actor)
    await _record_draft(session, run, proposal, deliverable_id)
    return risk


async def _record_draft(
    session: TenantSession, run: Run, proposal: Proposal, deliverable_id: DeliverableId
) -> None:
    trace = make_trace(proposal.risk, proposal.risk_inputs, verdict="proposed", reason=None)
    standing = await metering.standing(session)
    usage = Usage("draft", 1, standing.task_cost, {"deliverable_id": str(deliverable_id)})
    subject = replace(run.subject, action_hash=proposal.risk_inputs.action.action_hash())
    await evidence.record_allow(session, trace, subject=subject, usage=usage, kind="deliverable.drafted")


def _check_position(action: Action, view: MarketView) -> None:
    """An exit needs an open position on the other side."""
    if not action.params.reduce_only or view.account is None:
        return
    sizes = [p.size for p in view.account.positions if p.symbol == action.params.product_symbol]
    closes = any(size > 0 if action.params.side == "sell" else size < 0 for size in sizes)
    if not closes:
        raise wrong_state(
            f"There is no open {'long' if action.params.side == 'sell' else 'short'} position in"
            f" {action.params.product_symbol} to exit.",
            reason="no_open_position",
        )


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


def _shown(decision: RiskDecision) -> ShownRisk:
    return ShownRisk(
        verdict=decision.verdict,
        policy_hash=decision.policy_hash,
        checks=tuple(
            ShownCheck(code=c.code, status=c.status, observed=c.observed, limit=c.limit, unit=c.unit)
            for c in decision.checks
        ),
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
