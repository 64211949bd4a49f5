"""The catalogue of denial reasons: every way the gate says no, and what to do about it.

`docs/denials.md` is generated from here (`countersign docs denials`).
"""

from dataclasses import dataclass
from enum import StrEnum


class DenialReason(StrEnum):
    APPROVAL_REQUIRED = "approval_required"
    APPROVAL_UNKNOWN = "approval_unknown"
    APPROVAL_SIGNATURE_INVALID = "approval_signature_invalid"
    APPROVAL_ISSUER_UNTRUSTED = "approval_issuer_untrusted"
    APPROVAL_WRONG_CUSTOMER = "approval_wrong_customer"
    APPROVAL_ACTION_MISMATCH = "approval_action_mismatch"
    APPROVAL_EXPIRED = "approval_expired"
    APPROVAL_REVOKED = "approval_revoked"
    APPROVAL_ALREADY_USED = "approval_already_used"
    INTENT_REQUIRED = "intent_required"
    INTENT_MISMATCH = "intent_mismatch"
    KILL_SWITCH = "kill_switch"
    FEATURE_DISABLED = "feature_disabled"
    TRIAL_EXPIRED = "trial_expired"
    TRIAL_LIMIT_REACHED = "trial_limit_reached"
    BUDGET_EXCEEDED = "budget_exceeded"
    RISK_DENIED = "risk_denied"
    PROVIDER_NOT_ALLOWED = "provider_not_allowed"
    TOOL_NOT_ALLOWED = "tool_not_allowed"
    RAW_SECRET_REJECTED = "raw_secret_rejected"  # noqa: S105  a reason, not a secret
    CREDENTIAL_UNAVAILABLE = "credential_unavailable"
    ACTION_CHANGED = "action_changed"
    PRECONDITION_FAILED = "precondition_failed"
    GATE_UNAVAILABLE = "gate_unavailable"


@dataclass(frozen=True, slots=True)
class DenialEntry:
    meaning: str
    remedy: str
    status: int = 403


CATALOGUE: dict[DenialReason, DenialEntry] = {
    DenialReason.APPROVAL_REQUIRED: DenialEntry(
        "The request declares an external effect but names no approval; or it is the approval of one operator,"
        " where two are demanded.",
        "Review the draft and approve it, then send its approval_id. Where four eyes are demanded, have a"
        " second operator confirm it.",
    ),
    DenialReason.APPROVAL_UNKNOWN: DenialEntry(
        "No approval with this id has reached Plant.",
        "Check the id; if it was minted a moment ago, its delivery is retried by itself: try again.",
    ),
    DenialReason.APPROVAL_SIGNATURE_INVALID: DenialEntry(
        "The approval's signature does not verify, or its claims are malformed.",
        "Approve again in the portal. If it repeats, treat it as an attack and look at the issuer's keys.",
    ),
    DenialReason.APPROVAL_ISSUER_UNTRUSTED: DenialEntry(
        "The approval is signed by a key that Plant does not trust for approvals.",
        "Add the portal's public approval key to the trust file, or approve again with a current key.",
    ),
    DenialReason.APPROVAL_WRONG_CUSTOMER: DenialEntry(
        "The approval was given by or for another customer.",
        "Use an approval of the customer whose action this is.",
    ),
    DenialReason.APPROVAL_ACTION_MISMATCH: DenialEntry(
        "The approval is for another action than the one requested.",
        "Approve the action as it is now; nothing may differ from what was approved.",
    ),
    DenialReason.APPROVAL_EXPIRED: DenialEntry(
        "The approval was not used before it expired.", "Look at the current price and approve again."
    ),
    DenialReason.APPROVAL_REVOKED: DenialEntry(
        "The approval was revoked before it was used.", "Approve again if the action is still wanted."
    ),
    DenialReason.APPROVAL_ALREADY_USED: DenialEntry(
        "The approval has been used; an approval releases one action, once.",
        "Look at the execution it released; a further action needs a further approval.",
    ),
    DenialReason.INTENT_REQUIRED: DenialEntry(
        "The request would cause an external effect without declaring it.",
        "Send intent_action explicitly (place_order or close_position).",
    ),
    DenialReason.INTENT_MISMATCH: DenialEntry(
        "The declared intent does not fit the action.",
        "An enter is a place_order, an exit is a close_position.",
    ),
    DenialReason.KILL_SWITCH: DenialEntry(
        "A kill switch is engaged for the platform, the provider, the customer or the hired agent.",
        "Ask the operators why it is engaged; it must be released before anything is sent.",
    ),
    DenialReason.FEATURE_DISABLED: DenialEntry(
        "The feature is switched off.", "An operator can switch it on in the platform portal."
    ),
    DenialReason.TRIAL_EXPIRED: DenialEntry("The trial has ended.", "Choose a plan."),
    DenialReason.TRIAL_LIMIT_REACHED: DenialEntry(
        "The trial's number of tasks is used up.", "Choose a plan, or wait for the next period."
    ),
    DenialReason.BUDGET_EXCEEDED: DenialEntry(
        "The plan's budget for this period is used up.", "Raise the budget, or wait for the next period."
    ),
    DenialReason.RISK_DENIED: DenialEntry(
        "At least one risk check failed; risk_codes names them.",
        "Read the failed checks: each shows what was observed and the limit.",
    ),
    DenialReason.PROVIDER_NOT_ALLOWED: DenialEntry(
        "The provider is not on the allow-list.", "Use a provider that the platform supports."
    ),
    DenialReason.TOOL_NOT_ALLOWED: DenialEntry(
        "The kind of action is not on the provider's allow-list.", "Use an action the provider supports."
    ),
    DenialReason.RAW_SECRET_REJECTED: DenialEntry(
        "The request embeds what looks like a secret.",
        "Store the secret in the vault and send its credential_ref. Rotate the secret that was sent.",
    ),
    DenialReason.CREDENTIAL_UNAVAILABLE: DenialEntry(
        "The vault has no such credential for this customer, or would not release it.",
        "Connect the exchange again, or check that the credential was not deleted.",
    ),
    DenialReason.ACTION_CHANGED: DenialEntry(
        "The action is no longer the one that was shown.", "Reload, read it again, and approve that.", 409
    ),
    DenialReason.PRECONDITION_FAILED: DenialEntry(
        "What the approval was given under no longer holds: the price, the position or the definition.",
        "Look at what changed (risk_codes), and approve again under today's conditions.",
    ),
    DenialReason.GATE_UNAVAILABLE: DenialEntry(
        "A gate could not decide, and a gate that cannot decide denies.",
        "Nothing was sent. Try again; if it repeats, look up the correlation id in the platform portal.",
    ),
}
