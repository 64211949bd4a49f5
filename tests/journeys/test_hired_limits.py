"""A hired agent's own plan at the gate: its trial, its tasks, its budget, its end; and where it may publish."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from shared.ids import uuid7
from tests.denied import Scene
from tests.forgery import at_gateway
from tests.goals import Hired, hire, hire_trader
from tests.stored import superuser

ORDER = {"coin": "BTC", "units": "0.01", "side": "long", "action": "enter", "order_type": "market"}


@pytest_asyncio.fixture
async def hired(scene: Scene) -> AsyncIterator[Hired]:
    yield await hire_trader(scene)


async def approved_draft(scene: Scene, hired: Hired) -> tuple[str, dict[str, Any]]:
    """The path of a draft of the agent's, and the approval of it."""
    goal = await hired.set_goal("trade_intent_draft", settings=ORDER)
    (draft,) = await hired.delivered(await hired.run(goal))
    path = f"/api/v1/deliverables/{draft['deliverable_id']}"
    review = {"decision": "approved", "action_hash": draft["draft"]["action_hash"]}
    answer = await scene.http.post(f"{path}/review", json=review)
    assert answer.status_code == 200, answer.text
    return path, answer.json()


async def set_terms(scene: Scene, hired: Hired, terms: str) -> None:
    async with superuser(scene.stack, "plant") as connection:
        await connection.execute(
            f"UPDATE subscriptions SET {terms} WHERE subscription_id = $1",  # noqa: S608  constants of the tests
            UUID(hired.agent["subscription_id"]),
        )


async def tasks_used(scene: Scene, hired: Hired) -> int:
    hub = (await scene.http.get("/api/cp/my-agents/summary")).json()["items"]
    instance = hired.agent["hired_instance_id"]
    return next(one["agent"]["tasks_used"] for one in hub if one["agent"]["hired_instance_id"] == instance)


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ("trial_ends_at = now() - interval '1 second'", "trial_expired"),
        ("ends_at = now() - interval '1 second', retained_until = now() + interval '1 day'", "trial_expired"),
        ("task_limit = 1", "trial_limit_reached"),
        ("budget_limit = 0.01", "budget_exceeded"),
    ],
)
async def test_order_beyond_the_agents_plan_is_denied_at_the_gate(
    scene: Scene, hired: Hired, terms: str, reason: str
) -> None:
    path, approval = await approved_draft(scene, hired)
    before = await scene.orders_sent()
    await set_terms(scene, hired, terms)

    denied = await scene.http.post(f"{path}/execute", json={"approval_id": approval["approval_id"]})

    record = await scene.assert_denied(denied, reason, orders_before=before)
    assert "The approval was not used" in record.details["detail"]


async def test_execution_counts_for_the_agent_that_caused_it(scene: Scene, hired: Hired) -> None:
    other = await hire_trader(scene)
    path, approval = await approved_draft(scene, hired)
    drafted = await tasks_used(scene, hired)

    executed = await scene.http.post(f"{path}/execute", json={"approval_id": approval["approval_id"]})

    assert executed.status_code in (200, 202), executed.text
    execution = executed.json()["execution"]
    assert execution["hired_instance_id"] == hired.agent["hired_instance_id"]
    await scene.trader.settled(UUID(execution["execution_id"]))
    assert drafted == 1
    assert await tasks_used(scene, hired) == 2
    assert await tasks_used(scene, other) == 0


async def test_hub_counts_drafts_that_wait_and_goals_that_are_done(scene: Scene, hired: Hired) -> None:
    goal = await hired.set_goal("trade_intent_draft", settings=ORDER)
    for _ in range(2):
        await hired.delivered(await hired.run(goal))

    hub = (await scene.http.get("/api/cp/my-agents/summary")).json()["items"]

    instance = hired.agent["hired_instance_id"]
    agent = next(one["agent"] for one in hub if one["agent"]["hired_instance_id"] == instance)
    assert (agent["goals_completed"], agent["drafts_waiting"]) == (2, 2)


def platform_account(scene: Scene, **changes: Any) -> dict[str, Any]:
    return {
        "credential_ref": str(uuid7()),
        "customer_id": str(scene.customer_id),
        "platform": "mastodon",
        "vault": "cp",
        "posting_identity": "@desk",
        "version": 1,
        "deleted": False,
    } | changes


async def announced(scene: Scene, account: dict[str, Any]) -> int:
    path = f"/internal/v1/platform-accounts/{account['credential_ref']}"
    async with at_gateway(scene.stack, customer_id=scene.customer_id) as gateway:
        return (await gateway.put(path, json=account)).status_code


async def test_announced_platform_account_configures_the_marketing_agent_until_it_is_deleted(
    scene: Scene,
) -> None:
    account = platform_account(scene)
    assert await announced(scene, account) == 204
    config = {
        "nickname": "Voice",
        "brand_name": "Chai House",
        "offerings": ["Masala chai"],
        "location": "Pune",
        "platforms": ["mastodon"],
        "platform_credentials": {"mastodon": account["credential_ref"]},
    }
    hired = await hire(scene, "marketing.digital_marketing.v1", config)
    assert hired.agent["configured"] is True

    assert await announced(scene, account | {"version": 3, "deleted": True}) == 204
    assert await announced(scene, account | {"version": 2}) == 204

    after = await hired.send("GET", "")
    assert [one["field"] for one in after["missing"]] == ["/platform_credentials/mastodon"]


async def test_account_of_another_vault_customer_or_path_is_refused(scene: Scene) -> None:
    for account, status in (
        (platform_account(scene, vault="pp"), 403),
        (platform_account(scene, customer_id=str(uuid4())), 403),
        (platform_account(scene, secret="x"), 422),
    ):
        assert await announced(scene, account) == status
