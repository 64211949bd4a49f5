"""Statements that are not genuine approvals, delivered through the gateway: refused at Plant's door, on record.

Each forger holds a portal's identity token; what he lacks is the portal's approval key.
"""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from shared.approvals.claims import TYP, ApprovalClaims
from shared.approvals.mint import mint_approval
from shared.denials import DenialReason
from shared.ids import uuid7
from shared.keys import Issuer, Purpose, SigningKey, make_signing_key
from shared.tokens import sign
from tests.denied import Scene, correlated
from tests.forgery import (
    DELIVERY,
    approval_claims,
    at_gateway,
    edited,
    sign_not_at_all,
    sign_raw,
    sign_with_public_key_as_secret,
    signing_key,
)

Json = dict[str, Any]

UNTRUSTED = DenialReason.APPROVAL_ISSUER_UNTRUSTED
INVALID = DenialReason.APPROVAL_SIGNATURE_INVALID
MISMATCH = DenialReason.APPROVAL_ACTION_MISMATCH
WRONG_CUSTOMER = DenialReason.APPROVAL_WRONG_CUSTOMER


@dataclasses.dataclass(frozen=True, slots=True)
class Forger:
    """What a forger has at hand: the claims as they should be, every key but the right use of it."""

    scene: Scene
    claims: ApprovalClaims
    folder: Path

    @property
    def wire(self) -> Json:
        return self.claims.model_dump(mode="json")

    @property
    def header(self) -> Json:
        return {"alg": "EdDSA", "typ": TYP, "kid": self.approval_key.kid}

    @property
    def approval_key(self) -> SigningKey:
        return self.key(Issuer.CP, Purpose.APPROVAL)

    def key(self, issuer: Issuer, purpose: Purpose) -> SigningKey:
        return signing_key(self.scene.stack, issuer, purpose)

    def unknown_key(self, *, called: str | None = None) -> SigningKey:
        key = make_signing_key(self.folder, issuer=Issuer.CP, purpose=Purpose.APPROVAL)
        return dataclasses.replace(key, kid=called or key.kid)

    def signed(self, **changes: Any) -> str:
        return sign(self.wire | changes, key=self.approval_key, typ=TYP)

    def action_for(self, customer_id: UUID) -> Json:
        return self.wire["action"] | {"customer_id": str(customer_id)}


FORGERIES: dict[str, tuple[DenialReason, Callable[[Forger], str]]] = {
    "unknown key": (UNTRUSTED, lambda f: mint_approval(f.claims, key=f.unknown_key())),
    "unknown key under a known id": (
        INVALID,
        lambda f: mint_approval(f.claims, key=f.unknown_key(called=f.approval_key.kid)),
    ),
    "identity key of the portal": (
        UNTRUSTED,
        lambda f: mint_approval(f.claims, key=f.key(Issuer.CP, Purpose.IDENTITY)),
    ),
    "vault key of the portal": (
        UNTRUSTED,
        lambda f: mint_approval(f.claims, key=f.key(Issuer.CP, Purpose.VAULT)),
    ),
    "key of the gateway": (
        UNTRUSTED,
        lambda f: mint_approval(f.claims, key=f.key(Issuer.GATEWAY, Purpose.IDENTITY)),
    ),
    "key of Plant itself": (
        UNTRUSTED,
        lambda f: mint_approval(f.claims, key=f.key(Issuer.PLANT, Purpose.CHECKPOINT)),
    ),
    "the other portal's name": (INVALID, lambda f: f.signed(iss="pp")),
    "the other portal's approval": (
        UNTRUSTED,
        lambda f: sign(f.wire | {"iss": "pp"}, key=f.key(Issuer.PP, Purpose.APPROVAL), typ=TYP),
    ),
    "wrong type": (INVALID, lambda f: sign(f.wire, key=f.approval_key, typ="identity+jwt")),
    "no signature": (INVALID, lambda f: sign_not_at_all(f.wire, kid=f.approval_key.kid)),
    "public key as shared secret": (
        INVALID,
        lambda f: sign_with_public_key_as_secret(
            f.wire, kid=f.approval_key.kid, trust_file=f.scene.stack.trust_file
        ),
    ),
    "key inside the header": (
        INVALID,
        lambda f: sign_raw(
            f.header | {"jwk": f.unknown_key().jwk.as_dict(private=False)}, f.wire, key=f.approval_key
        ),
    ),
    "critical extension": (
        INVALID,
        lambda f: sign_raw(f.header | {"crit": ["exp"], "exp": 1}, f.wire, key=f.approval_key),
    ),
    "no key id": (
        INVALID,
        lambda f: sign_raw({"alg": "EdDSA", "typ": TYP}, f.wire, key=f.approval_key),
    ),
    "edited time": (INVALID, lambda f: edited(f.signed(), exp=f.claims.exp + 3_600)),
    "edited action": (
        INVALID,
        lambda f: edited(f.signed(), action=f.wire["action"] | {"kind": "close_position"}),
    ),
    "not a statement": (INVALID, lambda _: "approved"),
    "unknown claim": (INVALID, lambda f: f.signed(admin=True)),
    "claim left out": (
        INVALID,
        lambda f: sign(_without(f.wire, "execute_by"), key=f.approval_key, typ=TYP),
    ),
    "meant for somebody else": (INVALID, lambda f: f.signed(aud="cp")),
    "times out of order": (INVALID, lambda f: f.signed(execute_by=f.claims.exp - 60)),
    "hash of another action": (MISMATCH, lambda f: f.signed(action_hash="sha256:" + "0" * 64)),
    "another customer's action": (
        WRONG_CUSTOMER,
        lambda f: _for_another_customer(f, is_named=False),
    ),
    "another customer": (
        WRONG_CUSTOMER,
        lambda f: _for_another_customer(f, is_named=True),
    ),
}
"""From what was forged to the reason it is refused with, and the statement."""


@pytest.fixture
async def forger(scene: Scene, tmp_path: Path) -> Forger:
    drafted = await scene.trader.draft()
    return Forger(scene, approval_claims(drafted), tmp_path)


@pytest.mark.parametrize("name", FORGERIES)
async def test_statement_that_is_not_genuine_is_refused_at_the_door(
    scene: Scene, forger: Forger, name: str
) -> None:
    reason, forge = FORGERIES[name]

    async with at_gateway(scene.stack, customer_id=scene.customer_id) as http:
        answer = await http.put(DELIVERY, json={"approval": forge(forger)}, headers=correlated())

    record = await scene.assert_denied(answer, reason)
    assert record.stage == "approval_delivery"
    deliverable_id = UUID(str(forger.claims.deliverable_id))
    assert await state_of(scene, deliverable_id) == "pending_review"
    await scene.assert_denied(
        await scene.execute(deliverable_id, forger.claims.jti), DenialReason.APPROVAL_UNKNOWN
    )


async def test_expired_statement_is_refused_at_the_door(scene: Scene) -> None:
    drafted = await scene.trader.draft()
    claims = approval_claims(drafted, valid_for=timedelta(seconds=-1))
    wire = claims.model_dump(mode="json") | {"iat": claims.exp - 60}
    late = sign(wire, key=signing_key(scene.stack, Issuer.CP, Purpose.APPROVAL), typ=TYP)

    async with at_gateway(scene.stack, customer_id=scene.customer_id) as http:
        answer = await http.put(DELIVERY, json={"approval": late}, headers=correlated())

    await scene.assert_denied(answer, "approval_expired")
    assert await state_of(scene, drafted.deliverable_id) == "pending_review"


async def test_genuine_statement_for_another_action_than_the_deliverable_holds_is_refused(
    scene: Scene,
) -> None:
    small, large = (
        await scene.trader.draft(),
        await scene.trader.draft(units="0.02"),
    )
    claims = approval_claims(large).model_copy(update={"deliverable_id": small.deliverable_id})
    statement = mint_approval(claims, key=signing_key(scene.stack, Issuer.CP, Purpose.APPROVAL))

    async with at_gateway(scene.stack, customer_id=scene.customer_id) as http:
        answer = await http.put(DELIVERY, json={"approval": statement}, headers=correlated())

    await scene.assert_denied(answer, "approval_action_mismatch")
    assert await state_of(scene, small.deliverable_id) == "pending_review"


async def test_delivery_under_another_customers_name_is_refused(scene: Scene, other_scene: Scene) -> None:
    drafted = await scene.trader.draft()
    key = signing_key(scene.stack, Issuer.CP, Purpose.APPROVAL)
    statement = mint_approval(approval_claims(drafted), key=key)

    async with at_gateway(scene.stack, customer_id=other_scene.customer_id) as http:
        answer = await http.put(DELIVERY, json={"approval": statement}, headers=correlated())

    await other_scene.assert_denied(answer, "approval_wrong_customer")
    assert await state_of(scene, drafted.deliverable_id) == "pending_review"


async def test_second_statement_under_a_used_id_is_refused(scene: Scene) -> None:
    key = signing_key(scene.stack, Issuer.CP, Purpose.APPROVAL)
    first, second = await scene.trader.draft(), await scene.trader.draft()
    claims = approval_claims(first)
    again = approval_claims(second).model_copy(update={"jti": claims.jti})

    async with at_gateway(scene.stack, customer_id=scene.customer_id) as http:
        answers = [
            await http.put(DELIVERY, json={"approval": mint_approval(one, key=key)})
            for one in (claims, claims, again)
        ]

    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[2].json()["reason"] == "approval_conflict"
    assert await state_of(scene, second.deliverable_id) == "pending_review"


async def state_of(scene: Scene, deliverable_id: UUID) -> str:
    return (await scene.trader.deliverable(deliverable_id)).state


def _for_another_customer(forger: Forger, *, is_named: bool = False) -> str:
    """An approval in the portal's name for what another customer owns."""
    stranger = uuid7()
    action = forger.claims.action.model_copy(update={"customer_id": stranger})
    subject = {"sub": str(stranger)} if is_named else {}
    return forger.signed(action=action.model_dump(mode="json"), action_hash=action.action_hash(), **subject)


def _without(claims: Json, name: str) -> Json:
    return {key: value for key, value in claims.items() if key != name}
