"""What an approval says: the claims of the signed statement (REQUIREMENTS G4)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.approvals.action import Action
from shared.contracts.approvals import ActionHashText, Approver, Preconditions, Scope
from shared.contracts.base import WireModel

TYP = "approval+jwt"


class ApprovalClaims(WireModel):
    """Units: `iat`, `exp` (consume by) and `execute_by` (send by) in seconds since the epoch."""

    jti: UUID
    iss: Literal["cp", "pp"]
    aud: Literal["plant"] = "plant"
    sub: UUID
    action: Action
    action_hash: ActionHashText
    deliverable_id: UUID | None = None
    approver: Approver
    scope: Scope
    iat: int = Field(ge=0)
    exp: int = Field(ge=0)
    execute_by: int = Field(ge=0)
    preconditions: Preconditions | None = None

    def is_expired(self, now: datetime) -> bool:
        return now.timestamp() >= self.exp
