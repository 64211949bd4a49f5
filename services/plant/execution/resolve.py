"""An outcome that is not known is looked up by client order id, never resent.

Found: the venue's word holds. Not found: absent only after the attempt's signature has run out, the
venue's lag has passed, and several healthy, complete reads have said so.
"""

from datetime import timedelta

from plant.brokers.base import BrokerError
from plant.credentials.sessions import CredentialRefusedError, VaultUnreachableError
from plant.execution.desk import Desk
from plant.execution.model import HeldExecution
from plant.execution.step import NOW_S, account_of, find_at_venue, look_again, write
from plant.execution.store import Change
from shared.clock import utc_now
from shared.contracts.trading import ExecutionState

FIRST_LOOK_S = 0.2
READS_FOR_ABSENCE = 3
_BACK_OFF_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_BETWEEN_PROOFS_S = 1.0
_REPLACED_KEY_S = 60.0


class NotReadableError(Exception):
    """The venue or the vault did not answer usefully; this proves nothing."""


async def take_over(desk: Desk, held: HeldExecution) -> float:
    """A row found in sending belongs to a living sender until its deadline; after that it is unknown.

    Until then it is not touched: a changed version would keep the sender from writing the outcome down.
    """
    assert held.attempt_deadline is not None
    left_s = (held.attempt_deadline - utc_now()).total_seconds()
    if left_s > 0:
        return await look_again(desk, held, next_in_s=left_s)
    unknown = Change(ExecutionState.UNKNOWN, "the sender did not report the outcome", negative_reads=0)
    return await write(desk, held, unknown, next_in_s=NOW_S)


async def look_up(desk: Desk, held: HeldExecution) -> float:
    try:
        found = await _find(desk, held)
    except NotReadableError as error:
        return await write(
            desk, held, Change(ExecutionState.UNKNOWN, f"look-up failed: {error}"), next_in_s=_pause(held)
        )
    if found is not None:
        return await write(desk, held, found, next_in_s=NOW_S)
    if await _has_another_key(desk, held):
        replaced = "not found, but the account was changed since: another key may look at another account"
        return await write(desk, held, Change(ExecutionState.UNKNOWN, replaced), next_in_s=_REPLACED_KEY_S)
    return await _count_absence(desk, held)


async def find_before_resend(desk: Desk, held: HeldExecution) -> float | None:
    """Before a further attempt: if the venue knows the order after all, adopt it instead of sending."""
    try:
        found = await _find(desk, held)
    except NotReadableError as error:
        waiting = Change(ExecutionState.RELEASED, f"not resent, the look-up failed: {error}")
        return await write(desk, held, waiting, next_in_s=1.0)
    return None if found is None else await write(desk, held, found, next_in_s=NOW_S)


async def _find(desk: Desk, held: HeldExecution) -> Change | None:
    """Raises: NotReadableError."""
    account = await account_of(desk, held)
    if account is None:
        raise NotReadableError("the account is gone")
    try:
        return await find_at_venue(desk, held, account)
    except (BrokerError, CredentialRefusedError) as error:
        raise NotReadableError(error.detail) from error
    except VaultUnreachableError as error:
        raise NotReadableError(str(error)) from error


async def _has_another_key(desk: Desk, held: HeldExecution) -> bool:
    """Was the account's key (or its settings) changed after the order was released? Then absence proves nothing."""
    account = await account_of(desk, held)
    return account is None or account.since > held.created_at


async def _count_absence(desk: Desk, held: HeldExecution) -> float:
    assert held.attempt_deadline is not None
    proof_starts = held.attempt_deadline + desk.absence_lag
    left_s = (proof_starts - utc_now()).total_seconds()
    if left_s > 0:
        too_early = Change(ExecutionState.UNKNOWN, "")
        return await write(desk, held, too_early, next_in_s=min(left_s, _pause(held)))
    reads = held.negative_reads + 1
    if reads < READS_FOR_ABSENCE:
        counted = Change(
            ExecutionState.UNKNOWN, f"not found, read {reads} of {READS_FOR_ABSENCE}", negative_reads=reads
        )
        return await write(desk, held, counted, next_in_s=_BETWEEN_PROOFS_S)
    proved = "absence proved: the order never reached the venue; the approval stays used, a new one is needed"
    return await write(
        desk, held, Change(ExecutionState.ABSENT, proved, negative_reads=reads), next_in_s=NOW_S
    )


def _pause(held: HeldExecution) -> float:
    """Back off with the age of the uncertainty. Units: seconds."""
    age = utc_now() - held.updated_at if held.attempt_deadline is None else utc_now() - held.attempt_deadline
    step = max(0, int((age + timedelta(seconds=5)).total_seconds() // 5))
    return _BACK_OFF_S[min(step, len(_BACK_OFF_S) - 1)]
