"""The portals' part of the story on the real stack: connect, draft, approve exactly that, execute once; revoke."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from tests.actors import Customer, ExchangeAccount, connect_exchange, demo_operator, new_customer
from tests.stack import Stack

RUN = "/api/v1/reference-agents/AGT-TRD-DELTA-001/run"


@pytest_asyncio.fixture
async def customer(stack: Stack) -> AsyncIterator[Customer]:
    async with new_customer(stack) as ready:
        yield ready


@pytest_asyncio.fixture
async def account(stack: Stack, customer: Customer) -> ExchangeAccount:
    return await connect_exchange(stack, customer)


def run_request(account: ExchangeAccount, **changes: Any) -> dict[str, Any]:
    request = {
        "exchange_account_id": str(account.credential_ref),
        "coin": "BTC",
        "units": "0.01",
        "side": "long",
        "action": "enter",
        "market": True,
    }
    return request | changes


async def draft(customer: Customer, account: ExchangeAccount) -> dict[str, Any]:
    answer = await customer.http.post(RUN, json=run_request(account))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def approve(customer: Customer, drafted: dict[str, Any]) -> httpx.Response:
    body = {"deliverable_id": drafted["deliverable_id"], "action_hash": drafted["draft"]["action_hash"]}
    return await customer.http.post("/api/cp/approvals", json=body)


async def settled_execution(customer: Customer, execution_id: str) -> dict[str, Any]:
    """Wait until the execution has come to its end."""
    async with asyncio.timeout(20):
        while True:
            execution = (await customer.http.get(f"/api/v1/executions/{execution_id}")).json()
            if execution["state"] in ("filled", "cancelled", "rejected", "expired", "absent", "vetoed"):
                return execution
            await asyncio.sleep(0.1)


async def test_approved_order_is_executed_once(customer: Customer, account: ExchangeAccount) -> None:
    drafted = await draft(customer, account)
    path = f"/api/v1/deliverables/{drafted['deliverable_id']}/execute"
    without = await customer.http.post(path, json={})
    assert (without.status_code, without.json()["reason"]) == (403, "approval_required")

    approval = await approve(customer, drafted)
    first = await customer.http.post(path, json={"approval_id": approval.json()["approval_id"]})
    second = await customer.http.post(path, json={"approval_id": approval.json()["approval_id"]})

    assert (approval.status_code, approval.json()["delivered"]) == (201, True)
    assert first.json()["replayed"] is False
    assert second.json()["replayed"] is True
    execution = await settled_execution(customer, first.json()["execution"]["execution_id"])
    assert execution["state"] == "filled"
    shown = await customer.http.get(f"/api/cp/approvals/{approval.json()['approval_id']}")
    assert shown.json()["status"] == "consumed"
    revoked = await customer.http.post(f"/api/cp/approvals/{approval.json()['approval_id']}/revoke")
    assert (revoked.status_code, revoked.json()["reason"]) == (409, "approval_already_used")


async def test_review_approves_and_rejects(customer: Customer, account: ExchangeAccount) -> None:
    first, second = await draft(customer, account), await draft(customer, account)

    approved = await customer.http.post(
        f"/api/v1/deliverables/{first['deliverable_id']}/review",
        json={"decision": "approved", "action_hash": first["draft"]["action_hash"]},
    )
    rejected = await customer.http.post(
        f"/api/v1/deliverables/{second['deliverable_id']}/review", json={"decision": "rejected"}
    )

    assert (approved.status_code, approved.json()["status"]) == (200, "active")
    assert (rejected.status_code, rejected.json()["state"]) == (200, "rejected")
    late = await approve(customer, second)
    assert (late.status_code, late.json()["reason"]) == (409, "wrong_state")


async def test_revoked_approval_executes_nothing(customer: Customer, account: ExchangeAccount) -> None:
    drafted = await draft(customer, account)
    approval_id = (await approve(customer, drafted)).json()["approval_id"]

    revoked = await customer.http.post(f"/api/cp/approvals/{approval_id}/revoke")
    executed = await customer.http.post(
        f"/api/v1/deliverables/{drafted['deliverable_id']}/execute", json={"approval_id": approval_id}
    )

    assert revoked.json()["status"] == "revoked"
    assert executed.status_code in (403, 409)


async def test_another_customer_sees_none_of_it(
    stack: Stack, customer: Customer, account: ExchangeAccount
) -> None:
    drafted = await draft(customer, account)
    async with new_customer(stack) as stranger:
        read = await stranger.http.get(f"/api/v1/deliverables/{drafted['deliverable_id']}")
        approved = await approve(stranger, drafted)
        ran = await stranger.http.post(RUN, json=run_request(account))

    assert read.status_code == approved.status_code == 404
    assert ran.status_code in (403, 404)


async def test_connection_test_reads_at_the_exchange(customer: Customer, account: ExchangeAccount) -> None:
    answer = await customer.http.post(f"/api/cp/exchange-setup/{account.credential_ref}/test")

    assert (answer.status_code, answer.json()["ok"]) == (200, True), answer.text


async def test_assisted_customer_is_served_from_the_platform_portal(stack: Stack) -> None:
    async with demo_operator(stack, "admin") as admin, new_customer(stack) as customer:
        account = await connect_exchange(stack, customer)
        drafted = await admin.http.post(
            "/api/pp/reference-agents/AGT-TRD-DELTA-001/run",
            params={"customer_id": str(customer.customer_id)},
            json=run_request(account),
        )
        assert drafted.status_code == 200, drafted.text
        body = {
            "customer_id": str(customer.customer_id),
            "deliverable_id": drafted.json()["deliverable_id"],
            "action_hash": drafted.json()["draft"]["action_hash"],
            "consent": {"channel": "phone", "reference": "call 17", "obtained_at": "2026-01-01T10:00:00Z"},
        }

        approval = await admin.http.post("/api/pp/approvals", json=body)

        assert (approval.status_code, approval.json()["delivered"]) == (201, True), approval.text
        executed = await customer.http.post(
            f"/api/v1/deliverables/{body['deliverable_id']}/execute",
            json={"approval_id": approval.json()["approval_id"]},
        )
        execution = await settled_execution(customer, executed.json()["execution"]["execution_id"])
        assert execution["state"] == "filled"


async def test_operators_see_everybodys_evidence(
    stack: Stack, customer: Customer, account: ExchangeAccount
) -> None:
    correlation_id = str(uuid4())
    await customer.http.post(
        RUN,
        json=run_request(account, intent_action="place_order"),
        headers={"X-Correlation-ID": correlation_id},
    )

    async with demo_operator(stack, "viewer") as viewer:
        denials = await viewer.http.get("/api/pp/policy-denials", params={"correlation_id": correlation_id})
        own = await customer.http.get("/api/v1/policy-denials", params={"correlation_id": correlation_id})

    assert [item["reason"] for item in denials.json()["items"]] == ["approval_required"]
    assert own.json()["items"] == denials.json()["items"]


@pytest.mark.parametrize(
    "path",
    [
        "usage-events",
        "policy-denials",
        "decision-traces",
        "audit",
        "deliverables",
        "executions",
        "kill-switches",
        "reference-agents",
    ],
)
async def test_viewer_can_list(stack: Stack, path: str) -> None:
    async with demo_operator(stack, "viewer") as viewer:
        answer = await viewer.http.get(f"/api/pp/{path}", params={"customer_id": str(uuid4())})

    assert answer.status_code == 200, answer.text
    assert "items" in answer.json()


async def test_no_secret_leaves_the_vault(stack: Stack, customer: Customer) -> None:
    account = await connect_exchange(stack, customer)
    drafted = await draft(customer, account)
    approval = await approve(customer, drafted)
    answers = [
        approval,
        await customer.http.get("/api/cp/exchange-setup"),
        await customer.http.post(f"/api/cp/exchange-setup/{account.credential_ref}/test"),
        await customer.http.post(
            f"/api/v1/deliverables/{drafted['deliverable_id']}/execute",
            json={"approval_id": approval.json()["approval_id"]},
        ),
    ]
    await settled_execution(customer, answers[-1].json()["execution"]["execution_id"])

    texts = [answer.text for answer in answers]
    texts += [stack.log_text(name) for name in ("cp", "pp", "gateway", "plant", "worker")]
    token = customer.http.headers["Authorization"].removeprefix("Bearer ")
    for secret in (account.api_secret, account.api_key, token):
        assert not any(secret in text for text in texts)
