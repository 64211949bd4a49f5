"""What a portal has forgotten after a restore: who was signed in, and every approval that was live."""

from datetime import UTC, datetime
from uuid import UUID

from shared.approvals.register import find_withdrawal
from shared.denials import DenialReason
from shared.outbox.actions import deliver_now
from shared.portal_restored import make_safe
from tests.portals import RunningPortal

TAKEN_AT = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)


async def test_nobody_is_signed_in_and_no_approval_is_live_after_a_restore(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)
    body = {
        "deliverable_id": deliverable["deliverable_id"],
        "action_hash": deliverable["draft"]["action_hash"],
    }
    delivered = UUID((await http.post("/api/cp/approvals", json=body)).json()["approval_id"])
    assert (await http.get("/api/auth/me")).status_code == 200

    await make_safe(cp.portal.database, taken_at=TAKEN_AT)

    assert (await http.get("/api/auth/me")).status_code == 401
    async with cp.portal.database.tenant(customer_id) as session:
        assert await find_withdrawal(session, approval_id=delivered) is DenialReason.APPROVAL_REVOKED
    cp.plant.calls.clear()
    await deliver_now(cp.portal.outbox, delivered)
    assert [call.path for call in cp.plant.calls] == ["/internal/v1/approval-revocations"]


async def test_approval_that_still_waited_is_never_delivered_after_a_restore(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)
    body = {
        "deliverable_id": deliverable["deliverable_id"],
        "action_hash": deliverable["draft"]["action_hash"],
    }
    cp.plant.refuse("PUT", "/internal/v1/approvals", status=503, reason="away")
    waiting = UUID((await http.post("/api/cp/approvals", json=body)).json()["approval_id"])
    cp.plant.scripted.clear()

    await make_safe(cp.portal.database, taken_at=TAKEN_AT)

    cp.plant.calls.clear()
    await deliver_now(cp.portal.outbox, waiting)
    assert [call.path for call in cp.plant.calls] == ["/internal/v1/approval-revocations"]
