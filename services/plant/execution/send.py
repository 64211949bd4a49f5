"""From released to the socket: permit, credential, signature, attempt row, and only then the order.

The request is signed before the attempt is written, so its signature has run out before anybody may
conclude that the order is absent: a process that froze in between cannot place a late order.
"""

from dataclasses import dataclass

from plant.approvals import actions as approvals
from plant.approvals.model import HeldApproval
from plant.brokers.base import BrokerRefusedError, BrokerUnreachableError, NotSent, Refused, Unknown
from plant.credentials.sessions import CredentialRefusedError, VaultUnreachableError
from plant.enforcement import actions as enforcement
from plant.enforcement.gates import issue_permit
from plant.enforcement.model import Deny
from plant.enforcement.require_approval import agrees_with, unchanged_since
from plant.evidence.model import Denial
from plant.execution import instances, recheck, resolve, store
from plant.execution.accounts import AnyAccount
from plant.execution.desk import Desk
from plant.execution.model import HeldExecution
from plant.execution.step import NOW_S, account_of, write
from plant.execution.store import Change
from plant.execution.venue import Sending, Sent, Taken
from plant.permits import Permit
from plant.publishers.base import UnpublishableError
from shared.approvals.claims import ApprovalClaims
from shared.approvals.verify import ApprovalRefusedError, verify_approval
from shared.clock import utc_now
from shared.contracts.trading import ExecutionState
from shared.denials import DenialReason
from shared.ids import DecisionId, uuid7

_VAULT_PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True)
class _Go:
    """What the check before sending found in order."""

    permit: Permit
    account: AnyAccount
    statement: str
    claims: ApprovalClaims


async def send(desk: Desk, held: HeldExecution) -> float:
    """Take a released execution to the venue, once. Returns the seconds until its next step."""
    if utc_now() >= held.execute_by:
        return await _expire(desk, held)
    if held.attempt > 0 and (found := await resolve.find_before_resend(desk, held)) is not None:
        return found
    try:
        ready = await _get_ready(desk, held)
    except (VaultUnreachableError, BrokerUnreachableError, recheck.MarketUnreadableError) as error:
        waiting = Change(ExecutionState.RELEASED, f"waiting: {error}")
        return await write(desk, held, waiting, next_in_s=_VAULT_PATIENCE_S)
    return await (_veto(desk, held, ready) if isinstance(ready, Deny) else _attempt(desk, held, ready))


async def _get_ready(desk: Desk, held: HeldExecution) -> Sending | Deny:
    """Raises: VaultUnreachableError, BrokerUnreachableError, MarketUnreadableError: it can be tried again."""
    checked = await _check(desk, held)
    if isinstance(checked, Deny):
        return checked
    try:
        return await _sign(desk, held, checked)
    except CredentialRefusedError as error:
        return Deny(error.reason, error.detail)
    except BrokerRefusedError as error:
        return Deny(DenialReason.CREDENTIAL_UNAVAILABLE, error.detail)
    except UnpublishableError as error:
        return Deny(DenialReason.PRECONDITION_FAILED, error.detail)


async def _sign(desk: Desk, held: HeldExecution, go: _Go) -> Sending:
    """Raises: CredentialRefusedError, VaultUnreachableError, BrokerError, UnpublishableError."""
    return await desk.venue(held.provider).prepare(
        held, permit=go.permit, account=go.account, approval=go.statement
    )


async def _check(desk: Desk, held: HeldExecution) -> _Go | Deny:
    """Re-read the kill switch, the account, what the approval says and the market, and make the permit.

    Raises: MarketUnreadableError.
    """
    account = await account_of(desk, held)
    async with desk.database.tenant(held.customer_id) as session:
        kill_switches = await enforcement.engaged_over(session, held.action)
        approval = await approvals.find(session, held.approval_id)
        instance = await instances.find(session, held.action)
    if isinstance(instance, Deny):
        return instance
    if account is None or approval is None:
        return Deny(DenialReason.CREDENTIAL_UNAVAILABLE, "The account is gone.")
    try:
        claims = verify_approval(approval.statement, trust=desk.trust, four_eyes=desk.four_eyes)
    except ApprovalRefusedError as error:
        return Deny(error.reason, error.detail)
    denial = _not_covered(held, approval, claims) or unchanged_since(approval, account_since=account.since)
    if denial is not None:
        return denial
    limited = instances.limited(account, instance)
    moved = await recheck.denial(desk, held, account=limited, claims=claims)
    if moved is not None:
        return moved
    permit = issue_permit(held.action, execution_id=held.execution_id, kill_switches=kill_switches)
    return permit if isinstance(permit, Deny) else _Go(permit, account, approval.statement, claims)


def _not_covered(held: HeldExecution, approval: HeldApproval, claims: ApprovalClaims) -> Deny | None:
    """The signed statement decides once more: a row that was edited since the release sends nothing else."""
    if not agrees_with(approval, claims):
        return Deny(
            DenialReason.APPROVAL_SIGNATURE_INVALID, "The stored approval is not what its statement signs."
        )
    stored = (held.approval_id, held.customer_id, held.action, int(held.execute_by.timestamp()))
    if stored != (claims.jti, claims.sub, claims.action, claims.execute_by):
        return Deny(DenialReason.APPROVAL_ACTION_MISMATCH, "The order to be sent is not the approved one.")
    return None


async def _attempt(desk: Desk, held: HeldExecution, prepared: Sending) -> float:
    async with desk.database.tenant(held.customer_id) as session:
        kill_switches = await enforcement.engaged_over(session, held.action)
        started = not kill_switches and await store.start_attempt(
            session, held, deadline=prepared.valid_until, request_hash=prepared.request_hash
        )
    if kill_switches:
        return await _veto(desk, held, Deny(DenialReason.KILL_SWITCH, "Engaged just before sending."))
    if not started:
        return await _not_started(desk, held)
    return await _record(desk, held, await prepared.send())


async def _record(desk: Desk, held: HeldExecution, outcome: Sent) -> float:
    async with desk.database.tenant(held.customer_id) as session:
        sending = await store.find(session, held.execution_id)
    if sending is None or sending.state is not ExecutionState.SENDING:
        return NOW_S
    match outcome:
        case Taken(change):
            return await write(desk, sending, change, next_in_s=NOW_S)
        case Refused(code, detail):
            rejected = Change(ExecutionState.REJECTED, f"{code}: {detail}")
            return await write(desk, sending, rejected, next_in_s=NOW_S)
        case NotSent(detail, retry_after_s):
            again = Change(ExecutionState.RELEASED, f"not sent: {detail}")
            return await write(desk, sending, again, next_in_s=retry_after_s)
        case Unknown(detail):
            unknown = Change(ExecutionState.UNKNOWN, f"outcome unknown: {detail}", negative_reads=0)
            return await write(desk, sending, unknown, next_in_s=resolve.FIRST_LOOK_S)


async def _veto(desk: Desk, held: HeldExecution, denial: Deny) -> float:
    """Stop a released execution: nothing was sent, and the denial is stored."""
    stored = Denial(DecisionId(uuid7()), denial.reason, "before_send", denial.detail, denial.risk_codes)
    vetoed = Change(ExecutionState.VETOED, f"{denial.reason}: {denial.detail} Nothing was sent.")
    return await write(desk, held, vetoed, next_in_s=NOW_S, denial=stored)


async def _expire(desk: Desk, held: HeldExecution) -> float:
    late = "not sent before execute_by; the approval stays used, a new one is needed"
    return await write(desk, held, Change(ExecutionState.EXPIRED, late), next_in_s=NOW_S)


async def _not_started(desk: Desk, held: HeldExecution) -> float:
    """Somebody else has moved the execution; or else its time is over on the database's clock."""
    async with desk.database.tenant(held.customer_id) as session:
        now = await store.find(session, held.execution_id)
    if now is not None and now.version == held.version:
        return await _expire(desk, held)
    return NOW_S
