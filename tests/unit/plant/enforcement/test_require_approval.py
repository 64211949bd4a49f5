"""The gate where four eyes are demanded: one operator's approval is none, whenever it was signed."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from plant.enforcement.model import ALLOW, Deny
from plant.enforcement.require_approval import require_approval
from shared.approvals.mint import mint_approval
from shared.contracts.approvals import Approver
from shared.denials import DenialReason
from shared.keys import Issuer, Purpose, TrustStore, make_signing_key, trust
from tests.unit.plant.enforcement.create import create_claims, create_gate_inputs, create_held
from tests.unit.plant.risk.create import create_action


@pytest.mark.parametrize(
    ("confirmed_by", "changes", "is_denied"),
    [
        (None, {}, True),
        (None, {"four_eyes": True}, True),
        (UUID(int=2), {"four_eyes": True}, False),
        (None, {"four_eyes": False}, False),
    ],
)
def test_operators_approval_needs_a_second_one_unless_one_is_enough(
    tmp_path: Path, confirmed_by: UUID | None, changes: dict[str, Any], is_denied: bool
) -> None:
    key = make_signing_key(tmp_path, issuer=Issuer.PP, purpose=Purpose.APPROVAL)
    trust(tmp_path / "trust.json", key=key)
    approver = Approver(type="operator", id=UUID(int=1), method="assisted", confirmed_by=confirmed_by)
    claims = create_claims(create_action(), iss="pp", approver=approver)
    held = create_held(claims, statement=mint_approval(claims, key=key))

    verdict = require_approval(
        create_gate_inputs(approval=held, trust=TrustStore(tmp_path / "trust.json"), **changes)
    )

    if is_denied:
        assert isinstance(verdict, Deny)
        assert verdict.reason is DenialReason.APPROVAL_REQUIRED
    else:
        assert verdict == ALLOW


def test_customers_own_approval_needs_nobody_else() -> None:
    assert require_approval(create_gate_inputs(four_eyes=True)) == ALLOW
