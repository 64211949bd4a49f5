"""Revoking over HTTP: until it is used, here at once, at Plant in order."""

from uuid import UUID

import httpx

from shared.outbox.actions import deliver_now
from tests.portals import RunningPortal
from tests.unit.shared.approvals.paths import PATH, approve_body, approved, reason


async def test_revoking_tells_plant_and_repeating_changes_nothing(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    approval_id = (await approved(cp, customer_id, http))["approval_id"]

    first = await http.post(f"{PATH}/{approval_id}/revoke")
    second = await http.post(f"{PATH}/{approval_id}/revoke")

    assert (first.status_code, first.json()["status"]) == (200, "revoked")
    assert second.json() == first.json()
    assert cp.plant.approvals[approval_id] == "revoked"
    assert cp.plant.paths().count("POST /internal/v1/approval-revocations") == 1


async def test_revoked_deliverable_can_be_approved_again(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    approval = await approved(cp, customer_id, http)
    await http.post(f"{PATH}/{approval['approval_id']}/revoke")
    deliverable = cp.plant.deliverables[approval["deliverable_id"]] | {"state": "pending_review"}
    cp.plant.deliverables[approval["deliverable_id"]] = deliverable

    answer = await http.post(PATH, json=approve_body(deliverable))

    assert answer.status_code == 201


async def test_used_approval_cannot_be_revoked(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    approval_id = (await approved(cp, customer_id, http))["approval_id"]
    cp.plant.approvals[approval_id] = "consumed"

    answer = await http.post(f"{PATH}/{approval_id}/revoke")

    assert reason(answer) == (409, "approval_already_used")
    assert (await http.get(f"{PATH}/{approval_id}")).json()["status"] == "consumed"


async def test_use_that_is_learned_from_the_revocation_itself_counts(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    approval_id = (await approved(cp, customer_id, http))["approval_id"]
    cp.plant.approvals[approval_id] = "consumed"
    cp.plant.scripted["GET", f"/api/v1/approvals/{approval_id}"] = lambda _request: httpx.Response(503)

    answer = await http.post(f"{PATH}/{approval_id}/revoke")

    assert reason(answer) == (409, "approval_already_used")


async def test_revoking_holds_here_while_plant_is_down(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    approval_id = (await approved(cp, customer_id, http))["approval_id"]
    cp.plant.is_down = True

    answer = await http.post(f"{PATH}/{approval_id}/revoke")

    assert (answer.status_code, answer.json()["status"]) == (200, "revoked")
    cp.plant.is_down = False
    await deliver_now(cp.portal.outbox, UUID(approval_id))
    assert cp.plant.approvals[approval_id] == "revoked"


async def test_undelivered_approval_and_its_revocation_arrive_in_order(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    cp.plant.scripted["PUT", "/internal/v1/approvals"] = lambda _request: httpx.Response(503)
    approval_id = (await approved(cp, customer_id, http))["approval_id"]
    await http.post(f"{PATH}/{approval_id}/revoke")
    assert "POST /internal/v1/approval-revocations" not in cp.plant.paths()
    cp.plant.scripted.clear()

    await deliver_now(cp.portal.outbox, UUID(approval_id))

    assert cp.plant.paths()[-2:] == ["PUT /internal/v1/approvals", "POST /internal/v1/approval-revocations"]
    assert (await http.get(f"{PATH}/{approval_id}")).json()["status"] == "revoked"
