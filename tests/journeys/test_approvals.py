"""An approval's life through the whole stack: what it says, who keeps it, and what outages do to it."""

import asyncio
import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.approvals.verify import verify_approval
from shared.contracts.trading import DraftRunResponse, ExecutionState
from shared.keys import TrustStore
from tests.actors import Operator
from tests.denied import CORRELATION, Scene, new_scene
from tests.processes import frozen_worker
from tests.stack import Stack
from tests.stored import signed_statement
from tests.trades import eventually, timeline

CONSENT = {
    "channel": "phone",
    "reference": "call 2026-11-20/7",
    "obtained_at": "2026-11-20T09:00:00Z",
    "note": "asked for exactly this",
}


async def test_approval_says_everything_that_it_must(scene: Scene) -> None:
    draft = await scene.trader.draft(limit_price="64000")
    plan = draft.draft.plan
    assert plan is not None

    approval = await scene.trader.approve(draft)

    signed = await signed_statement(scene.stack, "cp", approval.approval_id)
    header, payload = (json.loads(_decoded(part)) for part in signed.split(".")[:2])
    assert header == {"alg": "EdDSA", "typ": "approval+jwt", "kid": header["kid"]}
    assert header["kid"].startswith("cp-approval-")
    assert payload.pop("iat") <= payload["exp"] - 900 + 1
    assert payload == {
        "jti": str(approval.approval_id),
        "iss": "cp",
        "aud": "plant",
        "sub": str(scene.customer_id),
        "action": draft.draft.action.model_dump(mode="json"),
        "action_hash": draft.draft.action_hash,
        "deliverable_id": str(draft.deliverable_id),
        "approver": {
            "type": "customer",
            "id": str(scene.customer_id),
            "method": "bearer",
            "consent": None,
        },
        "scope": "per_trade_action",
        "exp": int(approval.expires_at.timestamp()),
        "execute_by": int(approval.execute_by.timestamp()),
        "preconditions": {
            "price_shown": str(plan.price_shown),
            "allowed_drift_bps": plan.allowed_drift_bps,
        },
    }
    assert approval.expires_at - approval.issued_at == timedelta(minutes=15)
    assert approval.execute_by - approval.expires_at == timedelta(minutes=2)
    verify_approval(signed, trust=TrustStore(scene.stack.trust_file), four_eyes=True)


async def test_portal_keeps_lists_and_shows_its_approvals(scene: Scene, other_scene: Scene) -> None:
    approved = await scene.trader.approved()
    approval_id = approved.approval.approval_id

    shown = await scene.http.get(f"/api/cp/approvals/{approval_id}")
    listed = await scene.http.get("/api/cp/approvals", params={"limit": 1})
    foreign = await other_scene.http.get(f"/api/cp/approvals/{approval_id}")

    assert shown.json() == listed.json()["items"][0] == approved.approval.model_dump(mode="json")
    assert (shown.json()["status"], shown.json()["delivered"]) == ("active", True)
    assert listed.json()["next_cursor"] is not None
    assert (foreign.status_code, foreign.json()["reason"]) == (404, "not_found")


async def test_second_approval_of_a_deliverable_is_refused(scene: Scene) -> None:
    approved = await scene.trader.approved()
    draft = approved.draft
    body = {"deliverable_id": str(draft.deliverable_id), "action_hash": draft.draft.action_hash}

    answers = await asyncio.gather(*(scene.http.post("/api/cp/approvals", json=body) for _ in range(4)))

    assert {answer.status_code for answer in answers} == {409}


async def test_one_of_many_approvals_at_once_is_signed(scene: Scene) -> None:
    draft = await scene.trader.draft()
    body = {"deliverable_id": str(draft.deliverable_id), "action_hash": draft.draft.action_hash}

    answers = await asyncio.gather(*(scene.http.post("/api/cp/approvals", json=body) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


async def test_revoking_is_possible_until_the_approval_is_used(scene: Scene) -> None:
    unused, used = await scene.trader.approved(), await scene.trader.approved(units="0.02")
    execution = await scene.trader.release(used)
    await scene.trader.until(execution.execution_id, ExecutionState.FILLED)

    revoked = await revoke(scene, unused.approval.approval_id)
    again = await revoke(scene, unused.approval.approval_id)
    late = await revoke(scene, used.approval.approval_id)

    assert (revoked.status_code, revoked.json()["status"]) == (200, "revoked")
    assert (again.status_code, again.json()["status"]) == (200, "revoked")
    assert (late.status_code, late.json()["reason"]) == (409, "approval_already_used")
    assert await scene.approval_status(used.approval.approval_id) == "consumed"
    assert await scene.orders_sent() == 1


async def test_nobody_else_can_revoke(scene: Scene, other_scene: Scene) -> None:
    approved = await scene.trader.approved()

    answer = await revoke(other_scene, approved.approval.approval_id)

    assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")
    assert await scene.approval_status(approved.approval.approval_id) == "active"


async def test_assisted_approval_shows_the_operator_and_the_customers_consent(
    stack: Stack, admin: Operator
) -> None:
    async with new_scene(stack, admin) as scene:
        draft = await scene.trader.draft()

        approved = await admin.http.post("/api/pp/approvals", json=assisted(scene, draft))

        assert approved.status_code == 201, approved.text
        approval = approved.json()
        assert approval["customer_id"] == str(scene.customer_id)
        assert approval["approver"] == {
            "type": "operator",
            "id": str(admin.operator_id),
            "method": "assisted",
            "consent": CONSENT,
            "confirmed_by": None,
        }
        signed = await signed_statement(stack, "pp", UUID(approval["approval_id"]))
        claims = verify_approval(signed, trust=TrustStore(stack.trust_file), four_eyes=False)
        assert (claims.iss, claims.approver.model_dump(mode="json")) == ("pp", approval["approver"])
        executed = await scene.execute(draft.deliverable_id, approval["approval_id"])
        execution_id = UUID(executed.json()["execution"]["execution_id"])
        await scene.trader.until(execution_id, ExecutionState.FILLED)
        deliverable = await scene.trader.deliverable(draft.deliverable_id)
        assert f"operator:{admin.operator_id}" in [step.actor for step in deliverable.transitions]
        audit = (await scene.http.get("/api/v1/audit")).json()["items"]
        (stored,) = [row for row in audit if row["kind"] == "approval.stored"]
        assert stored["body"]["approver"]["consent"] == CONSENT
        seen = await admin.http.get("/api/pp/approvals", params={"customer_id": str(scene.customer_id)})
        assert [item["status"] for item in seen.json()["items"]] == ["consumed"]


@pytest.mark.parametrize(
    "consent",
    [
        None,
        {},
        CONSENT | {"reference": ""},
        CONSENT | {"obtained_at": "2026-11-20T09:00:00"},
        CONSENT | {"obtained_at": "2099-01-01T00:00:00Z"},
        {name: value for name, value in CONSENT.items() if name != "channel"},
    ],
)
async def test_assisted_approval_without_proper_consent_is_refused(
    scene: Scene, consent: dict[str, Any] | None
) -> None:
    draft = await scene.trader.draft()

    answer = await scene.operator.http.post(
        "/api/pp/approvals", json=assisted(scene, draft) | {"consent": consent}
    )

    assert (answer.status_code, answer.json()["reason"]) == (422, "validation_failed")
    assert (await scene.trader.deliverable(draft.deliverable_id)).state == "pending_review"


async def test_assisted_approval_in_the_name_of_another_customer_is_refused(
    scene: Scene, other_scene: Scene
) -> None:
    draft = await scene.trader.draft()
    body = assisted(scene, draft) | {"customer_id": str(other_scene.customer_id)}

    answer = await scene.operator.http.post("/api/pp/approvals", json=body)

    assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")


async def test_approval_reaches_plant_although_gateway_and_portal_died(scene: Scene) -> None:
    stack, draft = scene.stack, await scene.trader.draft(units="0.03")
    stack.kill("gateway")
    minted = await scene.http.post("/api/cp/approvals", json=exactly(draft))
    stack.kill("cp")
    stack.restart("gateway")
    stack.restart("cp")

    assert (minted.status_code, minted.json()["delivered"]) == (201, False)
    approval_id = minted.json()["approval_id"]
    await eventually(
        lambda: scene.http.get(f"/api/cp/approvals/{approval_id}"), lambda answer: answer.json()["delivered"]
    )
    sent = await scene.orders_sent()
    ran = await scene.run(units="0.03", intent_action="place_order", approval_id=approval_id)
    execution_id = UUID(ran.json()["execution"]["execution_id"])
    await scene.trader.until(execution_id, ExecutionState.FILLED)
    assert await scene.orders_sent() == sent + 1


async def test_approval_of_a_deliverable_needs_plant_and_leaves_nothing_without_it(scene: Scene) -> None:
    draft = await scene.trader.draft()
    body = {"deliverable_id": str(draft.deliverable_id), "action_hash": draft.draft.action_hash}
    scene.stack.kill("plant")

    answer = await scene.http.post("/api/cp/approvals", json=body)
    scene.stack.restart("plant")

    assert (answer.status_code, answer.json()["reason"]) == (503, "plant_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
    again = await scene.trader.approve(draft)
    assert again.delivered


async def test_revocation_stops_the_order_at_the_vault_although_plant_cannot_be_told(
    stack: Stack, admin: Operator
) -> None:
    async with new_scene(stack, admin) as scene:
        approved = await scene.trader.approved()
        approval_id = approved.approval.approval_id
        with frozen_worker(stack):
            released = await scene.run(**approved.intent)
            stack.kill("gateway")
            revoked = await revoke(scene, approval_id)
        stack.restart("gateway")

        assert (revoked.status_code, revoked.json()["status"]) == (200, "revoked")
        execution_id = UUID(released.json()["execution"]["execution_id"])
        vetoed = await scene.trader.until(execution_id, ExecutionState.VETOED)
        assert "approval_revoked" in timeline(vetoed)
        record = await scene.stored_denial(UUID(released.headers[CORRELATION]))
        assert (record.reason, record.stage) == ("approval_revoked", "before_send")
        assert await scene.orders_sent() == 0
        await eventually(lambda: scene.approval_status(approval_id), lambda status: status == "consumed")


async def revoke(scene: Scene, approval_id: UUID) -> httpx.Response:
    return await scene.http.post(f"/api/cp/approvals/{approval_id}/revoke")


def assisted(scene: Scene, draft: DraftRunResponse) -> dict[str, Any]:
    return {
        "customer_id": str(scene.customer_id),
        "deliverable_id": str(draft.deliverable_id),
        "action_hash": draft.draft.action_hash,
        "consent": CONSENT,
    }


def exactly(draft: DraftRunResponse) -> dict[str, Any]:
    """Approve the action itself, for which the portal needs nothing from Plant."""
    assert draft.draft.plan is not None
    return {
        "action": draft.draft.action.model_dump(mode="json"),
        "action_hash": draft.draft.action_hash,
        "price_shown": str(draft.draft.plan.price_shown),
    }


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
