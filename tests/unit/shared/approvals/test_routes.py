"""Approving over HTTP: exactly what was shown, by whom it concerns, once, recorded and delivered."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from shared.approvals.verify import verify_approval
from shared.identity import ActorType
from shared.outbox.actions import deliver_now
from tests.plant_double import create_action
from tests.portals import RunningPortal
from tests.unit.shared.approvals.paths import PATH, approve_body, approved, reason

SOMETHING = "5b0c6a52-9a5c-4d6e-8f51-0d7f3a2c9e10"


async def test_approving_what_was_shown_mints_and_delivers(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)

    answer = await http.post(PATH, json=approve_body(deliverable, notes="go"))

    approval = answer.json()
    assert answer.status_code == 201
    assert (approval["status"], approval["delivered"], approval["notes"]) == ("active", True, "go")
    issued, expires, execute_by = (
        datetime.fromisoformat(approval[name]) for name in ("issued_at", "expires_at", "execute_by")
    )
    assert (expires - issued, execute_by - expires) == (timedelta(minutes=15), timedelta(minutes=2))
    deliverable_path = f"/api/v1/deliverables/{deliverable['deliverable_id']}"
    assert cp.plant.paths() == [f"GET {deliverable_path}", "PUT /internal/v1/approvals"]
    assert (await http.get(f"{PATH}/{approval['approval_id']}")).json() == approval


async def test_delivered_statement_says_who_approved_what(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)

    await http.post(PATH, json=approve_body(deliverable))

    delivery = next(call for call in cp.plant.calls if call.path == "/internal/v1/approvals")
    assert (delivery.identity.actor_type, delivery.identity.customer_id) == (ActorType.SERVICE, customer_id)
    claims = verify_approval(delivery.body["approval"], trust=cp.portal.trust, four_eyes=True)
    assert (claims.iss, claims.sub, str(claims.deliverable_id)) == (
        "cp",
        customer_id,
        deliverable["deliverable_id"],
    )
    assert (claims.approver.type, claims.approver.id, claims.approver.method) == (
        "customer",
        customer_id,
        "bearer",
    )
    assert claims.preconditions is not None
    assert str(claims.preconditions.price_shown) == deliverable["draft"]["plan"]["price_shown"]
    assert claims.preconditions.allowed_drift_bps == 50


async def test_other_hash_than_shown_is_refused(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)

    answer = await http.post(PATH, json=approve_body(deliverable, action_hash="sha256:" + "0" * 64))

    assert reason(answer) == (409, "action_changed")
    assert "PUT /internal/v1/approvals" not in cp.plant.paths()


async def test_hash_is_computed_here_and_not_believed(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)
    deliverable["draft"]["action"]["params"]["size"] = "1000"

    answer = await http.post(PATH, json=approve_body(deliverable))

    assert reason(answer) == (409, "action_changed")


@pytest.mark.parametrize("state", ["draft", "approved", "rejected", "executing", "executed", "expired"])
async def test_only_what_waits_for_review_can_be_approved(cp: RunningPortal, state: str) -> None:
    customer_id, http = await cp.customer()

    answer = await http.post(PATH, json=approve_body(cp.plant.create_deliverable(customer_id, state=state)))

    assert reason(answer) == (409, "wrong_state")


async def test_second_approval_of_a_deliverable_names_the_first(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)

    answers = await asyncio.gather(*(http.post(PATH, json=approve_body(deliverable)) for _ in range(5)))

    created = [answer for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code == 409]
    assert (len(created), len(refused)) == (1, 4)
    for answer in refused:
        assert answer.json()["reason"] == "already_approved"
        assert created[0].json()["approval_id"] in answer.json()["detail"]


async def test_deliverable_of_somebody_else_does_not_exist(cp: RunningPortal) -> None:
    owner_id, _ = await cp.customer()
    _, stranger = await cp.customer()

    answer = await stranger.post(PATH, json=approve_body(cp.plant.create_deliverable(owner_id)))

    assert answer.status_code == 404


async def test_deliverable_without_a_price_cannot_be_approved(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)
    deliverable["draft"]["plan"] = None

    answer = await http.post(PATH, json=approve_body(deliverable))

    assert reason(answer) == (409, "wrong_state")


async def test_exact_action_is_approved_at_the_price_shown(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    action = create_action(customer_id)
    body = {
        "action": action.model_dump(mode="json"),
        "action_hash": action.action_hash(),
        "price_shown": 65000,
    }

    answer = await http.post(PATH, json=body)

    assert answer.status_code == 201
    claims = verify_approval(cp.plant.calls[-1].body["approval"], trust=cp.portal.trust, four_eyes=True)
    assert (claims.deliverable_id, claims.action) == (None, action)
    assert claims.preconditions is not None
    assert claims.preconditions.allowed_drift_bps == 100


async def test_exact_action_of_somebody_else_is_refused(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    action = create_action(uuid4())
    body = {"action": action.model_dump(mode="json"), "action_hash": action.action_hash(), "price_shown": "1"}

    answer = await http.post(PATH, json=body)

    assert reason(answer) == (403, "approval_wrong_customer")


@pytest.mark.parametrize(
    "changes",
    [
        {"deliverable_id": None},
        {"action_hash": "sha256:abc"},
        {"action_hash": None},
        {"price_shown": "1"},
        {"customer_id": str(uuid4())},
        {"approver": {"type": "operator"}},
    ],
)
async def test_malformed_request_is_refused(cp: RunningPortal, changes: dict[str, Any]) -> None:
    customer_id, http = await cp.customer()
    body = approve_body(cp.plant.create_deliverable(customer_id), **changes)

    answer = await http.post(PATH, json={k: v for k, v in body.items() if v is not None})

    assert answer.status_code == 422


async def test_approval_waits_while_plant_is_down_and_is_delivered_later(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)
    cp.plant.scripted["PUT", "/internal/v1/approvals"] = lambda _request: httpx.Response(503)

    answer = await http.post(PATH, json=approve_body(deliverable))

    approval_id = answer.json()["approval_id"]
    assert (answer.status_code, answer.json()["delivered"]) == (201, False)
    cp.plant.scripted.clear()
    await deliver_now(cp.portal.outbox, UUID(approval_id))
    assert (await http.get(f"{PATH}/{approval_id}")).json()["delivered"] is True
    assert cp.plant.approvals[approval_id] == "active"


@pytest.mark.parametrize(("status", "refusal"), [(409, "wrong_state"), (403, "approval_issuer_untrusted")])
async def test_approval_that_plant_refuses_is_void(cp: RunningPortal, status: int, refusal: str) -> None:
    customer_id, http = await cp.customer()
    deliverable = cp.plant.create_deliverable(customer_id)
    cp.plant.refuse("PUT", "/internal/v1/approvals", status=status, reason=refusal)

    answer = await http.post(PATH, json=approve_body(deliverable))

    assert reason(answer) == (status, refusal)
    listed = (await http.get(PATH)).json()["items"]
    assert [item["status"] for item in listed] == ["revoked"]


async def test_approval_of_somebody_else_does_not_exist(cp: RunningPortal) -> None:
    owner_id, owner = await cp.customer()
    _, stranger = await cp.customer()
    approval_id = (await approved(cp, owner_id, owner))["approval_id"]

    answers = [
        await stranger.get(f"{PATH}/{approval_id}"),
        await stranger.post(f"{PATH}/{approval_id}/revoke"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert (await stranger.get(PATH)).json()["items"] == []
    assert (await owner.get(f"{PATH}/{approval_id}")).json()["status"] == "active"


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", ""), ("GET", ""), ("GET", f"/{SOMETHING}"), ("POST", f"/{SOMETHING}/revoke")],
)
async def test_anonymous_is_refused(cp: RunningPortal, pp: RunningPortal, method: str, path: str) -> None:
    own = await cp.client().request(method, PATH + path)
    assisted = await pp.client().request(method, "/api/pp/approvals" + path)

    assert own.status_code == assisted.status_code == 401


async def test_list_filters_by_deliverable(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    first, second = [await approved(cp, customer_id, http) for _ in range(2)]

    everything = (await http.get(PATH)).json()["items"]
    one = (await http.get(PATH, params={"deliverable_id": first["deliverable_id"]})).json()["items"]

    assert [item["approval_id"] for item in everything] == [second["approval_id"], first["approval_id"]]
    assert [item["approval_id"] for item in one] == [first["approval_id"]]
