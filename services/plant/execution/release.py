"""The release: one transaction that passes the gates, uses the approval and writes the execution and its job.

A crash at any line leaves nothing or all of it. Called by the reference agents and by /execute.
"""

from dataclasses import dataclass

from plant.approvals import actions as approvals
from plant.approvals.model import HeldApproval
from plant.brokers.base import BrokerError
from plant.credentials.sessions import CredentialRefusedError, VaultUnreachableError
from plant.deliverables import actions as deliverables
from plant.deliverables.model import NewDeliverable
from plant.enforcement.hooks import Stage, run_hooks
from plant.enforcement.model import Deny
from plant.evidence import actions as evidence
from plant.evidence.model import Denial, Subject, Usage
from plant.exchange_accounts.model import Account
from plant.execution import accounts, instances, jobs, store
from plant.execution.accounts import AnyAccount
from plant.execution.desk import Desk
from plant.execution.inputs import Gathered, ReleaseCommand, gather
from plant.execution.model import HeldExecution, client_order_id
from plant.execution.store import NewExecution
from plant.metering import actions as metering
from plant.snapshots import actions as snapshots
from shared.clock import epoch_ms, from_epoch_ms, utc_now
from shared.contracts.trading import DeliverableState
from shared.correlation import current_correlation_id
from shared.db import TenantSession, look_up
from shared.denials import DenialReason
from shared.errors import denied
from shared.ids import ActionHash, DecisionId, DeliverableId, ExecutionId, uuid7

FRESH_MS = 1_000
_RISK_STAGE = f"{Stage.BEFORE_TOOL_USE}.risk"


@dataclass(frozen=True, slots=True)
class Released:
    execution_id: ExecutionId
    deliverable_id: DeliverableId
    replayed: bool


@dataclass(frozen=True, slots=True)
class StaleInputs:
    """All gates but the risk gate allow, and the market was last read too long ago to decide."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the market could not be read again."""

    code: str
    detail: str
    reason: DenialReason = DenialReason.RISK_DENIED


class LostRaceError(Exception):
    """The approval or its deliverable was revoked, rejected or used after the gates had read it."""

    def __init__(self, denial: Deny) -> None:
        super().__init__(denial.detail)
        self.denial = denial


async def execute(desk: Desk, command: ReleaseCommand) -> Released:
    """Carry out an approved action once. The same request again answers with the first one's execution.

    Raises: PlatformError 403 with the denial's reason; the denial is stored before it is raised.
    """
    fresh_since_ms = epoch_ms(utc_now()) - FRESH_MS
    result = await _try_release(desk, command, fresh_since_ms=fresh_since_ms, trouble=None)
    if isinstance(result, StaleInputs):
        trouble = await _refresh(desk, command, not_before_ms=fresh_since_ms)
        result = await _try_release(desk, command, fresh_since_ms=None, trouble=trouble)
    match result:
        case Released():
            return result
        case Denial():
            raise denied(
                result.reason,
                detail=result.detail,
                risk_codes=result.risk_codes,
                decision_id=result.decision_id,
            )
        case StaleInputs():
            raise denied(DenialReason.GATE_UNAVAILABLE)


async def _try_release(
    desk: Desk, command: ReleaseCommand, *, fresh_since_ms: int | None, trouble: Trouble | None
) -> Released | Denial | StaleInputs:
    try:
        return await _release(desk, command, fresh_since_ms=fresh_since_ms, trouble=trouble)
    except LostRaceError as lost:
        async with desk.database.tenant(command.account.customer_id) as session:
            return await _deny(session, command, lost.denial, "approval", None)


async def _release(
    desk: Desk, command: ReleaseCommand, *, fresh_since_ms: int | None, trouble: Trouble | None
) -> Released | Denial | StaleInputs:
    async with desk.database.tenant(command.account.customer_id) as session:
        account = await accounts.lock(session, command.action)
        approval, replay = await _find_approval(session, command)
        if replay is not None:
            return replay
        if account != command.account:
            return await _deny(session, command, _account_denial(account), "account", None)
        instance = await instances.find(session, command.action)
        if isinstance(instance, Deny):
            return await _deny(session, command, instance, "hired_agent", None)
        gathered = await gather(session, command, approval=approval, instance=instance, desk=desk)
        found = run_hooks(Stage.BEFORE_TOOL_USE, gathered.gate_inputs)
        if (
            fresh_since_ms is not None
            and _hangs_on_market(found)
            and not gathered.weighed.is_fresh(fresh_since_ms)
        ):
            return StaleInputs()
        if trouble is not None and _hangs_on_market(found):
            found = _RISK_STAGE, _unread(trouble, found)
        if found is not None:
            return await _deny(session, command, found[1], found[0], gathered)
        return await _carry_through(session, command, gathered)


async def _find_approval(
    session: TenantSession, command: ReleaseCommand
) -> tuple[HeldApproval | None, Released | None]:
    """The approval, and what it released, if it was used before for the same action."""
    if command.approval_id is None:
        return None, None
    approval, released = approvals.lookup(command.approval_id), store.released_by(command.approval_id)
    found = await look_up(session, approval, released)
    held = found[released]
    if held is None or not _is_same_request(held, command):
        return found[approval], None
    return found[approval], Released(held.execution_id, held.deliverable_id, replayed=True)


def _is_same_request(held: HeldExecution, command: ReleaseCommand) -> bool:
    same_deliverable = command.deliverable_id in (None, held.deliverable_id)
    return same_deliverable and (held.action_hash, held.action.kind) == (
        command.action.action_hash(),
        command.intent,
    )


async def _carry_through(session: TenantSession, command: ReleaseCommand, gathered: Gathered) -> Released:
    approval, claims = gathered.gate_inputs.approval, gathered.claims
    assert approval is not None
    assert claims is not None
    action_hash = command.action.action_hash()
    execution_id = ExecutionId(uuid7())
    if not await approvals.consume(session, approval.approval_id, action_hash=action_hash):
        raise LostRaceError(Deny(DenialReason.APPROVAL_REVOKED, "It was revoked or ran out meanwhile."))
    deliverable_id = await _start_deliverable(session, command, approval.deliverable_id, execution_id)
    new = NewExecution(
        execution_id=execution_id,
        action=command.action,
        action_hash=action_hash,
        approval_id=approval.approval_id,
        deliverable_id=deliverable_id,
        agent_id=command.agent_id,
        correlation_id=current_correlation_id(),
        client_order_id=client_order_id(execution_id, credential_ref=command.account.credential_ref),
        notional=gathered.weighed.notional,
        execute_by=from_epoch_ms(claims.execute_by * 1000),
    )
    await store.insert(session, new, detail=f"approval {approval.approval_id} used")
    await _record_release(session, command, gathered, execution_id)
    await jobs.defer_advance(
        session,
        customer_id=session.customer_id,
        execution_id=execution_id,
        correlation_id=new.correlation_id,
    )
    return Released(execution_id, deliverable_id, replayed=False)


async def _start_deliverable(
    session: TenantSession,
    command: ReleaseCommand,
    approved_id: DeliverableId | None,
    execution_id: ExecutionId,
) -> DeliverableId:
    """Move the reviewed deliverable to executing; an approval of an exact action gets its own."""
    deliverable_id = approved_id or command.deliverable_id
    if deliverable_id is None:
        deliverable_id = DeliverableId(uuid7())
        await deliverables.add(session, _bare_deliverable(command, deliverable_id), actor=command.actor)
    started = await deliverables.start_executing(
        session, deliverable_id, execution_id=execution_id, actor=command.actor
    )
    if not started:
        raise LostRaceError(
            Deny(DenialReason.APPROVAL_REVOKED, "The deliverable is not approved (any more).")
        )
    return deliverable_id


def _bare_deliverable(command: ReleaseCommand, deliverable_id: DeliverableId) -> NewDeliverable:
    return NewDeliverable(
        deliverable_id=deliverable_id,
        customer_id=command.account.customer_id,
        agent_id=command.agent_id,
        state=DeliverableState.APPROVED,
        action=command.action,
        plan=None,
        risk=None,
        correlation_id=current_correlation_id(),
        expires_at=utc_now(),
    )


async def _record_release(
    session: TenantSession, command: ReleaseCommand, gathered: Gathered, execution_id: ExecutionId
) -> None:
    usage = Usage(
        kind="execution",
        quantity=1,
        cost=gathered.standing.task_cost,
        details={"approval_id": str(command.approval_id), "execution_id": str(execution_id)},
    )
    trace = gathered.weighed.trace(verdict="allow", reason=None, execution_id=execution_id)
    await evidence.record_allow(
        session, trace, subject=_subject(command), usage=usage, kind="execution.released"
    )
    if command.action.hired_instance_id is not None:
        await metering.count_for_instance(session, command.action.hired_instance_id, cost=usage.cost)


async def _deny(
    session: TenantSession, command: ReleaseCommand, denial: Deny, stage: str, gathered: Gathered | None
) -> Denial:
    stored = Denial(
        DecisionId(uuid7()),
        denial.reason,
        stage,
        f"{denial.detail.rstrip('.')}. The approval was not used." if command.approval_id else denial.detail,
        denial.risk_codes,
        details={"approval_id": str(command.approval_id) if command.approval_id else None},
    )
    trace = None
    if gathered is not None:
        trace = gathered.weighed.trace(verdict="deny", reason=denial.reason)
    await evidence.record_denial(session, stored, subject=_subject(command), trace=trace)
    return stored


def _subject(command: ReleaseCommand) -> Subject:
    return Subject(
        customer_id=command.account.customer_id,
        correlation_id=current_correlation_id(),
        actor=command.actor,
        agent_id=command.agent_id,
        action_kind=command.action.kind,
        action_hash=ActionHash(command.action.action_hash()),
    )


def _hangs_on_market(found: tuple[str, Deny] | None) -> bool:
    return found is None or found[0] == _RISK_STAGE


async def _refresh(desk: Desk, command: ReleaseCommand, *, not_before_ms: int) -> Trouble | None:
    account = command.account
    if not isinstance(account, Account):
        return None
    symbol = command.action.order.product_symbol
    if command.action.order.reduce_only:
        not_before_ms = epoch_ms(utc_now())
    try:
        await snapshots.refresh(desk.market, account, symbol=symbol, not_before_ms=not_before_ms)
    except BrokerError as error:
        return Trouble(error.code, error.detail)
    except CredentialRefusedError as error:
        return Trouble(error.reason.upper(), error.detail, reason=DenialReason.CREDENTIAL_UNAVAILABLE)
    except VaultUnreachableError as error:
        return Trouble("VAULT_UNREACHABLE", str(error))
    return None


def _unread(trouble: Trouble, found: tuple[str, Deny] | None) -> Deny:
    """A market that cannot be read denies, also when what was read before would still do."""
    codes, why = (found[1].risk_codes, f" {found[1].detail}") if found else ((), "")
    return Deny(trouble.reason, f"{trouble.code}: {trouble.detail}.{why}", (trouble.code, *codes))


def _account_denial(account: AnyAccount | None) -> Deny:
    if account is None:
        return Deny(DenialReason.CREDENTIAL_UNAVAILABLE, "There is no such account.")
    return Deny(DenialReason.PRECONDITION_FAILED, "The account's settings changed while this was decided.")
