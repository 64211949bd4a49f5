"""An approval that was found genuine is not believed any longer than its key is trusted."""

from pathlib import Path

import pytest

from shared.approvals.claims import ApprovalClaims
from shared.approvals.mint import Lifetimes, make_claims, mint_approval
from shared.approvals.verify import ApprovalRefusedError, find_claims, verify_approval
from shared.clock import utc_now
from shared.contracts.approvals import Approver
from shared.denials import DenialReason
from shared.ids import ApprovalId, uuid7
from shared.keys import Issuer, Purpose, TrustStore, distrust, make_signing_key, trust
from tests.unit.plant.risk.create import create_action


def create_claims() -> ApprovalClaims:
    action = create_action()
    return make_claims(
        action,
        approval_id=ApprovalId(uuid7()),
        issuer=Issuer.CP,
        approver=Approver(type="customer", id=action.customer_id, method="session"),
        deliverable_id=None,
        preconditions=None,
        lifetimes=Lifetimes(),
        now=utc_now(),
    )


def test_approval_verified_before_is_refused_once_its_key_is_distrusted(tmp_path: Path) -> None:
    key = make_signing_key(tmp_path, issuer=Issuer.CP, purpose=Purpose.APPROVAL)
    trust_file = tmp_path / "trust.json"
    trust(trust_file, key=key)
    store = TrustStore(trust_file)
    claims = create_claims()
    statement = mint_approval(claims, key=key)
    assert [find_claims(statement, trust=store) for _ in range(2)] == [claims, claims]

    distrust(trust_file, kid=key.kid)

    with pytest.raises(ApprovalRefusedError) as refused:
        verify_approval(statement, trust=store)
    assert refused.value.reason is DenialReason.APPROVAL_ISSUER_UNTRUSTED


def test_same_text_is_looked_at_anew_for_another_trust(tmp_path: Path) -> None:
    key = make_signing_key(tmp_path, issuer=Issuer.CP, purpose=Purpose.APPROVAL)
    other = make_signing_key(tmp_path, issuer=Issuer.CP, purpose=Purpose.APPROVAL)
    for name, trusted in (("trusting", key), ("other", other)):
        trust(tmp_path / name, key=trusted)
    claims = create_claims()
    statement = mint_approval(claims, key=key)

    found = [find_claims(statement, trust=TrustStore(tmp_path / name)) for name in ("trusting", "other")]

    assert found == [claims, None]
