"""An approval is believed as long as its key is trusted, and one operator's only where one is enough."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from shared.approvals.claims import TYP, ApprovalClaims
from shared.approvals.mint import Lifetimes, make_claims, mint_approval
from shared.approvals.verify import ApprovalRefusedError, find_claims, verify_approval
from shared.clock import utc_now
from shared.contracts.approvals import Approver
from shared.denials import DenialReason
from shared.ids import ApprovalId, uuid7
from shared.keys import Issuer, Purpose, TrustStore, distrust, make_signing_key, trust
from shared.tokens import verify
from tests.unit.plant.risk.create import create_action

KEYS_OF_CLAIMS = {
    *("jti", "iss", "aud", "sub", "action", "action_hash", "deliverable_id", "approver", "scope"),
    *("iat", "exp", "execute_by", "preconditions"),
}


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
        verify_approval(statement, trust=store, four_eyes=False)
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


def test_approval_without_a_second_operator_has_the_keys_of_before(tmp_path: Path) -> None:
    key = make_signing_key(tmp_path, issuer=Issuer.CP, purpose=Purpose.APPROVAL)
    trust(tmp_path / "trust.json", key=key)

    statement = mint_approval(create_claims(), key=key)

    store = TrustStore(tmp_path / "trust.json")
    signed = verify(statement, typ=TYP, purpose=Purpose.APPROVAL, trust=store).claims
    assert set(signed) == KEYS_OF_CLAIMS
    assert set(signed["approver"]) == {"type", "id", "method", "consent"}


def test_second_operator_is_signed(tmp_path: Path) -> None:
    key = make_signing_key(tmp_path, issuer=Issuer.PP, purpose=Purpose.APPROVAL)
    trust(tmp_path / "trust.json", key=key)
    approver = Approver(type="operator", id=UUID(int=1), method="assisted", confirmed_by=UUID(int=2))
    claims = create_claims().model_copy(update={"iss": "pp", "approver": approver})

    statement = mint_approval(claims, key=key)

    store = TrustStore(tmp_path / "trust.json")
    signed = verify(statement, typ=TYP, purpose=Purpose.APPROVAL, trust=store).claims
    assert signed["approver"]["confirmed_by"] == str(UUID(int=2))


@pytest.mark.parametrize(
    ("issuer", "confirmed_by", "four_eyes", "is_refused"),
    [
        (Issuer.PP, None, True, True),
        (Issuer.PP, UUID(int=2), True, False),
        (Issuer.PP, None, False, False),
        (Issuer.CP, None, True, False),
    ],
)
def test_one_operator_is_not_enough_where_two_are_demanded(
    tmp_path: Path, issuer: Issuer, confirmed_by: UUID | None, four_eyes: bool, is_refused: bool
) -> None:
    key = make_signing_key(tmp_path, issuer=issuer, purpose=Purpose.APPROVAL)
    trust(tmp_path / "trust.json", key=key)
    store = TrustStore(tmp_path / "trust.json")
    approver = Approver(type="operator", id=UUID(int=1), method="assisted", confirmed_by=confirmed_by)
    claims = create_claims().model_copy(update={"iss": issuer.value, "approver": approver})
    statement = mint_approval(claims, key=key)

    if is_refused:
        with pytest.raises(ApprovalRefusedError) as refused:
            verify_approval(statement, trust=store, four_eyes=four_eyes)
        assert refused.value.reason is DenialReason.APPROVAL_REQUIRED
    else:
        assert verify_approval(statement, trust=store, four_eyes=four_eyes) == claims


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed_by": UUID(int=1)},
        {"type": "customer", "method": "session", "confirmed_by": UUID(int=2)},
        {"method": "bearer", "confirmed_by": UUID(int=2)},
    ],
)
def test_approver_is_confirmed_by_another_operator_or_not_at_all(changes: dict[str, Any]) -> None:
    approver = {"type": "operator", "id": UUID(int=1), "method": "assisted"}

    assert Approver.model_validate(approver | {"confirmed_by": UUID(int=2)}).confirmed_by == UUID(int=2)
    with pytest.raises(ValidationError):
        Approver.model_validate(approver | changes)
