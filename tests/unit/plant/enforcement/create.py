"""Builds gate inputs that every gate allows, of which a test changes what it is about."""

import dataclasses
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

from plant.approvals.model import HeldApproval
from plant.enforcement.model import GateInputs
from plant.metering.model import Standing
from plant.risk.decision import RiskDecision
from plant.risk.gate import decide
from shared.approvals.action import Action
from shared.approvals.claims import ApprovalClaims
from shared.approvals.mint import Lifetimes, make_claims, mint_approval
from shared.clock import from_epoch_ms
from shared.contracts.approvals import Approver, Preconditions
from shared.ids import ApprovalId, CustomerId, DeliverableId
from shared.keys import Issuer, Purpose, SigningKey, TrustStore, make_signing_key, trust
from tests.unit.plant.risk.create import NOW_MS, create_action, create_inputs

NOW = from_epoch_ms(NOW_MS)
APPROVAL_ID = ApprovalId(UUID(int=7))


@cache
def keys() -> tuple[SigningKey, TrustStore]:
    """A portal's approval key, and a trust file that holds its public half."""
    folder = Path(mkdtemp(prefix="countersign-keys-"))
    key = make_signing_key(folder, issuer=Issuer.CP, purpose=Purpose.APPROVAL)
    trust(folder / "trust.json", key=key)
    return key, TrustStore(folder / "trust.json")


def create_claims(action: Action, **changes: Any) -> ApprovalClaims:
    claims = make_claims(
        action,
        approval_id=APPROVAL_ID,
        issuer=Issuer.CP,
        approver=Approver(type="customer", id=action.customer_id, method="session"),
        deliverable_id=None,
        preconditions=Preconditions(price_shown=Decimal(65_000), allowed_drift_bps=100),
        lifetimes=Lifetimes(),
        now=NOW,
    )
    return claims.model_copy(update=changes)


def create_held(claims: ApprovalClaims, **changes: Any) -> HeldApproval:
    held = HeldApproval(
        approval_id=ApprovalId(claims.jti),
        customer_id=CustomerId(claims.sub),
        action_hash=claims.action.action_hash(),
        deliverable_id=DeliverableId(claims.deliverable_id) if claims.deliverable_id else None,
        statement=mint_approval(claims, key=keys()[0]),
        preconditions=claims.preconditions,
        expires_at=from_epoch_ms(claims.exp * 1000),
        execute_by=from_epoch_ms(claims.execute_by * 1000),
        issued_at=NOW,
        received_at=NOW,
        revoked_at=None,
        consumed_at=None,
    )
    return dataclasses.replace(held, **changes)


def create_standing(**changes: Any) -> Standing:
    standing = Standing(
        plan="standard",
        trial_ends_at=NOW + timedelta(days=1),
        task_limit=10,
        budget_limit=Decimal(1),
        tasks_used=3,
        cost_used=Decimal("0.5"),
    )
    return dataclasses.replace(standing, **changes)


def decide_on(action: Action, **changes: Any) -> RiskDecision:
    return decide(create_inputs(action=action, **changes))


def create_gate_inputs(**changes: Any) -> GateInputs:
    action = create_action()
    inputs = GateInputs(
        customer_id=CustomerId(action.customer_id),
        now=NOW,
        trust=keys()[1],
        submitted={"units": "0.01"},
        standing=create_standing(),
        kill_switches=(),
        action=action,
        action_hash=action.action_hash(),
        intent=action.kind,
        approval_id=APPROVAL_ID,
        approval=create_held(create_claims(action)),
        account_since=NOW - timedelta(hours=1),
        risk=decide_on(action),
    )
    return dataclasses.replace(inputs, **changes)
