"""What a gate is given and what it may answer. A gate is pure: it does not raise, log or store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from plant.approvals.model import HeldApproval
from plant.metering.model import Standing
from plant.risk.decision import RiskDecision
from shared.approvals.action import Action
from shared.denials import DenialReason
from shared.ids import ActionHash, ApprovalId, CustomerId, DeliverableId
from shared.keys import TrustStore
from shared.posts.decision import PostDecision


@dataclass(frozen=True, slots=True)
class Allow:
    pass


@dataclass(frozen=True, slots=True)
class Deny:
    reason: DenialReason
    detail: str
    risk_codes: tuple[str, ...] = ()


Verdict = Allow | Deny
ALLOW = Allow()


@dataclass(frozen=True, slots=True)
class GateInputs:
    """Everything the gates decide over, read in one transaction. What could not be read is None and denies.

    `submitted` is the request's body as it came; `kill_switches` the engaged scopes that cover the action;
    `account_since` is when the account got its present key and settings; `four_eyes` is asked for unless the
    installation says that it is not.
    """

    customer_id: CustomerId
    now: datetime
    trust: TrustStore
    submitted: JsonValue = None
    standing: Standing | None = None
    kill_switches: tuple[str, ...] | None = None
    action: Action | None = None
    action_hash: ActionHash | None = None
    intent: str | None = None
    deliverable_id: DeliverableId | None = None
    approval_id: ApprovalId | None = None
    approval: HeldApproval | None = None
    account_since: datetime | None = None
    risk: RiskDecision | None = None
    post: PostDecision | None = None
    four_eyes: bool = True


Gate = Callable[[GateInputs], Verdict]
