"""Approvals that an operator gives with a customer's consent."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.sign_in import Role
from shared.identity import ActorType
from tests.plant_double import create_action, deliverable_json
from tests.portals import RunningPortal
from tests.unit.shared.approvals.paths import approve_body


def consent(**changes: Any) -> dict[str, Any]:
    evidence = {"channel": "phone", "reference": "call 17", "obtained_at": datetime.now(UTC).isoformat()}
    return evidence | changes


async def test_operator_approves_with_the_customers_consent(pp: RunningPortal) -> None:
    customer_id = uuid4()
    operator_id, operator = await pp.operator(Role.OPERATOR)
    deliverable = pp.plant.create_deliverable(customer_id)
    body = approve_body(deliverable, customer_id=str(customer_id), consent=consent(note="calm"))

    answer = await operator.post("/api/pp/approvals", json=body)

    assert answer.status_code == 201, answer.text
    approver = answer.json()["approver"]
    assert (approver["type"], approver["id"], approver["method"]) == (
        "operator",
        str(operator_id),
        "assisted",
    )
    assert approver["consent"]["reference"] == "call 17"
    fetched = pp.plant.calls[0]
    assert (fetched.identity.actor_type, fetched.identity.customer_id) == (ActorType.OPERATOR, customer_id)
    shown = await operator.get(f"/api/pp/approvals/{answer.json()['approval_id']}")
    assert shown.json() == answer.json()


async def test_operator_cannot_use_one_customers_name_for_anothers_deliverable(pp: RunningPortal) -> None:
    _, operator = await pp.operator(Role.ADMIN)
    body = approve_body(pp.plant.create_deliverable(uuid4()), customer_id=str(uuid4()), consent=consent())

    answer = await operator.post("/api/pp/approvals", json=body)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "evidence",
    [
        None,
        {"channel": "phone"},
        consent(channel=""),
        consent(obtained_at=(datetime.now(UTC) + timedelta(hours=1)).isoformat()),
        consent(obtained_at="2026-11-20T10:00:00"),
    ],
)
async def test_operator_without_good_evidence_cannot_approve(pp: RunningPortal, evidence: Any) -> None:
    customer_id = uuid4()
    _, operator = await pp.operator(Role.OPERATOR)
    body = approve_body(pp.plant.create_deliverable(customer_id), customer_id=str(customer_id))

    answer = await operator.post("/api/pp/approvals", json=body | ({"consent": evidence} if evidence else {}))

    assert answer.status_code == 422


async def test_viewer_may_look_but_neither_approve_nor_revoke(pp: RunningPortal) -> None:
    customer_id = uuid4()
    _, viewer = await pp.operator(Role.VIEWER)
    deliverable = deliverable_json(create_action(customer_id))
    body = approve_body(deliverable, customer_id=str(customer_id), consent=consent())

    answers = [
        await viewer.get("/api/pp/approvals"),
        await viewer.post("/api/pp/approvals", json=body),
        await viewer.post(f"/api/pp/approvals/{uuid4()}/revoke"),
    ]

    assert [answer.status_code for answer in answers] == [200, 403, 403]
