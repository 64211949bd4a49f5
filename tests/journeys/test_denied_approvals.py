"""What an approval does not allow: every way to execute with a wrong one is denied, on record, nothing sent."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from shared.approvals.mint import mint_approval
from shared.contracts.trading import DeliverableState
from shared.denials import DenialReason
from shared.keys import Issuer, Purpose
from tests.denied import Scene, correlated
from tests.forgery import DELIVERY, approval_claims, at_gateway, signing_key
from tests.trades import eventually


async def test_order_without_approval_is_denied(scene: Scene) -> None:
    draft = await scene.trader.draft()

    answer = await scene.execute(draft.deliverable_id)

    record = await scene.assert_denied(answer, DenialReason.APPROVAL_REQUIRED)
    assert (record.stage, record.agent_id) == ("before_tool_use.approval", "AGT-TRD-DELTA-001")
    assert record.action_kind == "place_order"
    assert record.details["action_hash"] == draft.draft.action_hash


async def test_run_with_intent_and_without_approval_is_denied(scene: Scene) -> None:
    answer = await scene.run(intent_action="place_order")

    await scene.assert_denied(answer, DenialReason.APPROVAL_REQUIRED)


async def test_invented_approval_is_denied(scene: Scene) -> None:
    draft = await scene.trader.draft()

    await scene.assert_denied(
        await scene.execute(draft.deliverable_id, uuid4()), DenialReason.APPROVAL_UNKNOWN
    )
    run = await scene.run(intent_action="place_order", approval_id=str(uuid4()))
    await scene.assert_denied(run, DenialReason.APPROVAL_UNKNOWN)


async def test_borrowed_approval_of_another_customer_is_denied(scene: Scene, other_scene: Scene) -> None:
    lent = await scene.trader.approved()
    own = await other_scene.trader.draft()

    executed = await other_scene.execute(own.deliverable_id, lent.approval.approval_id)
    run = await other_scene.run(intent_action="place_order", approval_id=str(lent.approval.approval_id))

    await other_scene.assert_denied(executed, DenialReason.APPROVAL_UNKNOWN)
    await other_scene.assert_denied(run, DenialReason.APPROVAL_UNKNOWN)
    assert await scene.approval_status(lent.approval.approval_id) == "active"


async def test_another_customers_deliverable_cannot_be_executed_with_its_approval(
    scene: Scene, other_scene: Scene
) -> None:
    theirs = await scene.trader.approved()

    answer = await other_scene.execute(theirs.draft.deliverable_id, theirs.approval.approval_id)

    assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")
    assert await scene.orders_sent() == 0


async def test_approval_of_another_size_is_denied(scene: Scene) -> None:
    approved = await scene.trader.approved()

    answer = await scene.run(
        units="0.02", intent_action="place_order", approval_id=str(approved.approval.approval_id)
    )

    await scene.assert_denied(answer, DenialReason.APPROVAL_ACTION_MISMATCH)
    assert await scene.approval_status(approved.approval.approval_id) == "active"


async def test_approval_of_one_deliverable_does_not_release_its_twin(scene: Scene) -> None:
    approved, twin = await scene.trader.approved(), await scene.trader.draft()
    assert approved.draft.draft.action_hash == twin.draft.action_hash

    answer = await scene.execute(twin.deliverable_id, approved.approval.approval_id)

    await scene.assert_denied(answer, DenialReason.APPROVAL_ACTION_MISMATCH)


async def test_approval_is_denied_once_it_has_expired(scene: Scene) -> None:
    draft = await scene.trader.draft()
    claims = approval_claims(draft, valid_for=timedelta(seconds=1.2))
    statement = mint_approval(claims, key=signing_key(scene.stack, Issuer.CP, Purpose.APPROVAL))
    async with at_gateway(scene.stack, customer_id=scene.customer_id) as http:
        (await http.put(DELIVERY, json={"approval": statement})).raise_for_status()
    assert (await scene.trader.deliverable(draft.deliverable_id)).state is DeliverableState.APPROVED

    await asyncio.sleep(1.3)
    answer = await scene.execute(draft.deliverable_id, claims.jti)

    await scene.assert_denied(answer, DenialReason.APPROVAL_EXPIRED)
    assert (await scene.trader.deliverable(draft.deliverable_id)).state is DeliverableState.EXPIRED


async def test_revoked_approval_is_denied(scene: Scene) -> None:
    approved = await scene.trader.approved()
    approval_id = approved.approval.approval_id
    (await scene.http.post(f"/api/cp/approvals/{approval_id}/revoke")).raise_for_status()

    await scene.assert_denied(
        await scene.execute(approved.draft.deliverable_id, approval_id), DenialReason.APPROVAL_REVOKED
    )
    run = await scene.run(intent_action="place_order", approval_id=str(approval_id))
    await scene.assert_denied(run, DenialReason.APPROVAL_REVOKED)
    assert (await scene.trader.deliverable(approved.draft.deliverable_id)).state is DeliverableState.EXPIRED


async def test_approval_is_denied_after_a_later_rejection(scene: Scene) -> None:
    approved = await scene.trader.approved()
    path = f"/api/v1/deliverables/{approved.draft.deliverable_id}/review"
    (await scene.http.post(path, json={"decision": "rejected"})).raise_for_status()

    answer = await scene.execute(approved.draft.deliverable_id, approved.approval.approval_id)

    await scene.assert_denied(answer, DenialReason.APPROVAL_REVOKED)


async def test_statement_that_the_portal_revoked_before_it_arrived_is_denied(scene: Scene) -> None:
    draft = await scene.trader.draft()
    claims = approval_claims(draft)
    statement = mint_approval(claims, key=signing_key(scene.stack, Issuer.CP, Purpose.APPROVAL))

    async with at_gateway(scene.stack, customer_id=scene.customer_id) as http:
        revocation = {"approval_id": str(claims.jti)}
        (await http.post("/internal/v1/approval-revocations", json=revocation)).raise_for_status()
        arrived = await http.put(DELIVERY, json={"approval": statement})

    assert arrived.json()["status"] == "revoked"
    answer = await scene.execute(draft.deliverable_id, claims.jti)
    await scene.assert_denied(answer, DenialReason.APPROVAL_REVOKED)


async def test_used_approval_of_an_exact_action_does_not_release_another_deliverable(
    other_scene: Scene,
) -> None:
    trader = other_scene.trader
    draft = await trader.draft(units="0.03")
    plan = draft.draft.plan
    assert plan is not None
    exact = {
        "action": draft.draft.action.model_dump(mode="json"),
        "action_hash": draft.draft.action_hash,
        "price_shown": str(plan.price_shown),
    }
    approved = await other_scene.http.post("/api/cp/approvals", json=exact)
    approval_id = approved.json()["approval_id"]
    wish = {"units": "0.03", "intent_action": "place_order", "approval_id": approval_id}
    ran = await trader.run(**wish)
    assert ran.status_code in (200, 202), ran.text
    await eventually(other_scene.orders_sent, lambda count: count == 1)

    answer = await other_scene.execute(draft.deliverable_id, approval_id)

    await other_scene.assert_denied(answer, DenialReason.APPROVAL_ALREADY_USED, orders_before=1)


async def test_approval_of_what_was_not_shown_is_refused_by_the_portal(scene: Scene) -> None:
    shown, other = await scene.trader.draft(), await scene.trader.draft(units="0.02")
    body = {"deliverable_id": str(shown.deliverable_id), "action_hash": other.draft.action_hash}

    answer = await scene.http.post("/api/cp/approvals", json=body, headers=correlated())

    record = await scene.assert_denied(answer, DenialReason.ACTION_CHANGED, status=409)
    assert (record.stage, record.action_kind) == ("cp.approve", "place_order")
    listed = await scene.http.get("/api/cp/approvals", params={"deliverable_id": str(shown.deliverable_id)})
    assert listed.json()["items"] == []


async def test_operator_cannot_approve_what_was_not_shown_either(scene: Scene) -> None:
    shown, other = await scene.trader.draft(), await scene.trader.draft(units="0.02")
    consent = {"channel": "phone", "reference": "call-7", "obtained_at": "2026-01-01T00:00:00Z"}
    body = {
        "customer_id": str(scene.customer_id),
        "deliverable_id": str(shown.deliverable_id),
        "action_hash": other.draft.action_hash,
        "consent": consent,
    }

    answer = await scene.operator.http.post("/api/pp/approvals", json=body, headers=correlated())

    record = await scene.assert_denied(answer, DenialReason.ACTION_CHANGED, status=409)
    assert record.stage == "pp.approve"


async def test_exact_action_of_another_customer_cannot_be_approved(scene: Scene, other_scene: Scene) -> None:
    draft = await scene.trader.draft()
    exact = {
        "action": draft.draft.action.model_dump(mode="json"),
        "action_hash": draft.draft.action_hash,
        "price_shown": "65000",
    }

    answer = await other_scene.http.post("/api/cp/approvals", json=exact, headers=correlated())

    problem = answer.json()
    assert (answer.status_code, problem["reason"]) == (403, DenialReason.APPROVAL_WRONG_CUSTOMER)
    record = await other_scene.stored_denial(UUID(problem["correlation_id"]))
    assert str(record.decision_id) == problem["decision_id"]
