"""The rule that denies an order without approval. Called from gates.py, inside the release transaction.

The signed statement itself decides: it is verified again here, so a row that was edited in the
database changes nothing.
"""

from datetime import datetime

from plant.approvals.model import HeldApproval
from plant.enforcement.model import ALLOW, Deny, GateInputs, Verdict
from shared.approvals.claims import ApprovalClaims
from shared.approvals.verify import ApprovalRefusedError, verify_approval
from shared.denials import DenialReason


def require_approval(inputs: GateInputs) -> Verdict:
    if inputs.approval_id is None:
        return Deny(DenialReason.APPROVAL_REQUIRED, "No approval was named; nothing was sent.")
    if inputs.approval is None:
        return Deny(
            DenialReason.APPROVAL_UNKNOWN, f"No approval {str(inputs.approval_id)!r} is held for you."
        )
    try:
        claims = verify_approval(inputs.approval.statement, trust=inputs.trust, four_eyes=inputs.four_eyes)
    except ApprovalRefusedError as error:
        return Deny(error.reason, error.detail)
    return (
        _covers(inputs, claims)
        or _is_live(inputs, inputs.approval, claims)
        or unchanged_since(inputs.approval, account_since=inputs.account_since)
        or ALLOW
    )


def unchanged_since(held: HeldApproval, *, account_since: datetime | None) -> Deny | None:
    """Are the account's key and settings those that it was approved under? Asked once more before the socket."""
    if account_since is None:
        return Deny(DenialReason.GATE_UNAVAILABLE, "The account could not be read.")
    if held.is_older_than(account_since):
        changed = (
            f"The account's key or settings were changed at {account_since.isoformat()}, after the approval."
        )
        return Deny(DenialReason.PRECONDITION_FAILED, changed)
    return None


def agrees_with(held: HeldApproval, claims: ApprovalClaims) -> bool:
    """Does the row say what was signed? An edited row counts for nothing."""
    stored = (held.approval_id, held.customer_id, held.action_hash, held.deliverable_id, held.preconditions)
    signed = (claims.jti, claims.sub, claims.action_hash, claims.deliverable_id, claims.preconditions)
    stored_times = [int(at.timestamp()) for at in (held.issued_at, held.expires_at, held.execute_by)]
    return stored == signed and stored_times == [claims.iat, claims.exp, claims.execute_by]


def _covers(inputs: GateInputs, claims: ApprovalClaims) -> Deny | None:
    """Is it for this customer, this very action, and the deliverable that was reviewed?"""
    if claims.sub != inputs.customer_id:
        return Deny(DenialReason.APPROVAL_WRONG_CUSTOMER, "The approval is another customer's.")
    if claims.jti != inputs.approval_id or claims.action_hash != inputs.action_hash:
        return Deny(
            DenialReason.APPROVAL_ACTION_MISMATCH,
            f"Approved is {claims.action_hash}, requested is {inputs.action_hash}.",
        )
    if inputs.approval is not None and not agrees_with(inputs.approval, claims):
        return Deny(
            DenialReason.APPROVAL_SIGNATURE_INVALID, "The stored approval differs from its signed statement."
        )
    if inputs.deliverable_id is not None and claims.deliverable_id not in (None, inputs.deliverable_id):
        return Deny(DenialReason.APPROVAL_ACTION_MISMATCH, "The approval is for another deliverable.")
    return None


def _is_live(inputs: GateInputs, held: HeldApproval, claims: ApprovalClaims) -> Deny | None:
    """Is it unused, unrevoked and unexpired, on the database's clock?"""
    if held.consumed_at is not None:
        return Deny(DenialReason.APPROVAL_ALREADY_USED, f"It was used at {held.consumed_at.isoformat()}.")
    if held.revoked_at is not None:
        return Deny(DenialReason.APPROVAL_REVOKED, f"It was revoked at {held.revoked_at.isoformat()}.")
    if claims.is_expired(inputs.now):
        return Deny(DenialReason.APPROVAL_EXPIRED, f"It expired at {held.expires_at.isoformat()}.")
    return None
