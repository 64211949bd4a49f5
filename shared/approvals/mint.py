"""Signing an approval. Only the portals hold approval keys, so only they can call this to effect."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.approvals.action import Action
from shared.approvals.claims import TYP, ApprovalClaims
from shared.contracts.approvals import Approver, Preconditions, Scope
from shared.errors import FieldError, invalid_fields
from shared.ids import ApprovalId, DeliverableId
from shared.keys import Issuer, SigningKey
from shared.posts.decision import PUBLISH_WITHIN, scheduled_time
from shared.tokens import sign

TRADE_LIFETIME = timedelta(minutes=15)
POST_LIFETIME = timedelta(days=7)
MAX_AHEAD = timedelta(days=92)
SEND_GRACE = timedelta(minutes=2)


class Lifetimes(BaseModel):
    """How long an approval may wait to be used, and how long after that its order or post may still be sent."""

    model_config = ConfigDict(frozen=True)

    trade: timedelta = TRADE_LIFETIME
    post: timedelta = POST_LIFETIME
    send_grace: timedelta = SEND_GRACE


def make_claims(
    action: Action,
    *,
    approval_id: ApprovalId,
    issuer: Issuer,
    approver: Approver,
    deliverable_id: DeliverableId | None,
    preconditions: Preconditions | None,
    lifetimes: Lifetimes,
    now: datetime,
) -> ApprovalClaims:
    expires_at = _expiry(action, now=now, lifetimes=lifetimes)
    return ApprovalClaims(
        jti=approval_id,
        iss=issuer.value,  # pyright: ignore[reportArgumentType]  the model refuses all but the portals
        sub=action.customer_id,
        action=action,
        action_hash=action.action_hash(),
        deliverable_id=deliverable_id,
        approver=approver,
        scope=Scope.PER_TRADE_ACTION if action.is_order else Scope.PER_POST,
        iat=int(now.timestamp()),
        exp=int(expires_at.timestamp()),
        execute_by=int((expires_at + lifetimes.send_grace).timestamp()),
        preconditions=preconditions,
    )


def _expiry(action: Action, *, now: datetime, lifetimes: Lifetimes) -> datetime:
    """A post that is scheduled for later is approved until an hour after that."""
    if action.is_order:
        return now + lifetimes.trade
    until = now + lifetimes.post
    scheduled = scheduled_time(action.post)
    if scheduled is None:
        return until
    if scheduled > now + MAX_AHEAD:
        raise invalid_fields(FieldError("scheduled_for", f"must be within {MAX_AHEAD.days} days"))
    return max(until, scheduled + PUBLISH_WITHIN)


def mint_approval(claims: ApprovalClaims, *, key: SigningKey) -> str:
    return sign(_signed_form(claims), key=key, typ=TYP)


def _signed_form(claims: ApprovalClaims) -> dict[str, Any]:
    """Verifiers refuse claims that they do not know: `confirmed_by` is said only where there is a second operator."""
    alone = claims.approver.confirmed_by is None
    return claims.model_dump(mode="json", exclude={"approver": {"confirmed_by"}} if alone else None)
