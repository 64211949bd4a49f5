"""What the tests of approvals send, and how they read a refusal."""

from typing import Any

import httpx

from shared.ids import CustomerId
from tests.portals import RunningPortal

PATH = "/api/cp/approvals"


def approve_body(deliverable: dict[str, Any], **changes: Any) -> dict[str, Any]:
    body = {
        "deliverable_id": deliverable["deliverable_id"],
        "action_hash": deliverable["draft"]["action_hash"],
    }
    return body | changes


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("reason")


async def approved(cp: RunningPortal, customer_id: CustomerId, http: httpx.AsyncClient) -> dict[str, Any]:
    answer = await http.post(PATH, json=approve_body(cp.plant.create_deliverable(customer_id)))
    assert answer.status_code == 201, answer.text
    return answer.json()
