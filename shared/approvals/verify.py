"""Checking an approval's signature and claims. Plant calls this on delivery, a vault before a release."""

from functools import lru_cache

from pydantic import ValidationError

from shared.approvals.claims import TYP, ApprovalClaims
from shared.denials import DenialReason
from shared.keys import Issuer, Purpose, TrustStore
from shared.tokens import MalformedTokenError, UntrustedKeyError, verify


class ApprovalRefusedError(Exception):
    def __init__(self, reason: DenialReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def verify_approval(text: str, *, trust: TrustStore, four_eyes: bool) -> ApprovalClaims:
    """Return the claims of a genuine approval. Times and use are for the caller to check, on its own clock.

    Raises: ApprovalRefusedError with `approval_issuer_untrusted`, `approval_signature_invalid`,
        `approval_action_mismatch` (the hash is not that of the action inside), `approval_wrong_customer`, or
        `approval_required` (see `check_second_operator`).
    """
    claims = _verify(text, trust, trust.stamp())
    check_second_operator(claims, four_eyes=four_eyes)
    return claims


def check_second_operator(claims: ApprovalClaims, *, four_eyes: bool) -> None:
    """With four eyes demanded, what the operators' portal signed counts only when two operators stand by it.

    Raises: ApprovalRefusedError with `approval_required`.
    """
    if four_eyes and claims.iss == Issuer.PP and claims.approver.confirmed_by is None:
        raise ApprovalRefusedError(
            DenialReason.APPROVAL_REQUIRED, "It is one operator's approval; no second one has confirmed it."
        )


@lru_cache(maxsize=128)
def _verify(text: str, trust: TrustStore, _stamp: tuple[int, int]) -> ApprovalClaims:
    """The same text under the same keys says the same; what was refused is looked at again."""
    try:
        verified = verify(text, typ=TYP, purpose=Purpose.APPROVAL, trust=trust)
        claims = ApprovalClaims.model_validate(verified.claims)
    except UntrustedKeyError as error:
        raise ApprovalRefusedError(
            DenialReason.APPROVAL_ISSUER_UNTRUSTED, "The signing key is not trusted."
        ) from error
    except (MalformedTokenError, ValidationError) as error:
        raise ApprovalRefusedError(
            DenialReason.APPROVAL_SIGNATURE_INVALID, "The signature or the claims are not valid."
        ) from error
    _check_consistent(claims)
    return claims


def find_claims(text: str, *, trust: TrustStore) -> ApprovalClaims | None:
    """Return the claims of a genuine approval, None for anything else; whether they suffice is not said."""
    try:
        return verify_approval(text, trust=trust, four_eyes=False)
    except ApprovalRefusedError:
        return None


def _check_consistent(claims: ApprovalClaims) -> None:
    if claims.action.action_hash() != claims.action_hash:
        raise ApprovalRefusedError(
            DenialReason.APPROVAL_ACTION_MISMATCH, "The action inside does not have the approved hash."
        )
    if claims.action.customer_id != claims.sub:
        raise ApprovalRefusedError(
            DenialReason.APPROVAL_WRONG_CUSTOMER, "The action is another customer's than the approval."
        )
    if not claims.iat <= claims.exp <= claims.execute_by:
        raise ApprovalRefusedError(
            DenialReason.APPROVAL_SIGNATURE_INVALID, "The approval's times are out of order."
        )
