"""Hiring an agent: subscribe, configure from the schema, finalize, pause, cancel; and each refusal on the way."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest_asyncio

from tests.denied import Scene
from tests.hiring import MARKETING, TRADING, Hirer, hirer_of


@pytest_asyncio.fixture(scope="module")
async def hirer(scene: Scene) -> AsyncIterator[Hirer]:
    yield hirer_of(scene)


def fields(problem: dict[str, Any]) -> set[str]:
    return {error["field"] for error in problem.get("errors", problem.get("missing", []))}


async def test_agent_is_hired_configured_and_put_to_work(hirer: Hirer) -> None:
    subscription = await hirer.hire()
    assert (subscription["status"], subscription["plan"]) == ("trial", "trial")

    empty = await hirer.draft(subscription, {"nickname": "Futures desk"})
    assert (empty["state"], empty["configured"]) == ("draft", False)
    assert fields(empty) >= {"/exchange_credential_ref", "/max_units_per_order"}
    assert empty["config"]["execution_policy"] == "approval_per_trade_action"
    refused = await hirer.act(empty, "finalize", version=empty["version"], status=422)
    assert fields(refused) == fields(empty)

    whole = await hirer.draft(subscription, hirer.config, version=empty["version"])
    assert (whole["configured"], whole["missing"]) == (True, [])
    working = await hirer.act(whole, "finalize", version=whole["version"])
    assert (working["state"], working["nickname"]) == ("active", "Futures desk")

    by_subscription = f"/api/v1/hired-agents/by-subscription/{subscription['subscription_id']}"
    assert await hirer.get(by_subscription) == working
    assert await hirer.get(f"/api/v1/hired-agents/{working['hired_instance_id']}") == working
    assert working in (await hirer.get("/api/v1/hired-agents"))["items"]


async def test_every_change_is_in_the_audit_chain(hirer: Hirer) -> None:
    agent = await hirer.hired()
    await hirer.act(agent, "pause")
    await hirer.act(agent, "pause")
    await hirer.act(agent, "resume")

    rows = (await hirer.get("/api/v1/audit?limit=20"))["items"]
    kinds = [
        row["kind"] for row in rows if row["body"].get("hired_instance_id") == agent["hired_instance_id"]
    ]
    assert kinds == [
        "hired_agent.resumed",
        "hired_agent.paused",
        "hired_agent.finalized",
        "hired_agent.drafted",
    ]
    assert (await hirer.get("/api/v1/audit/verify"))["ok"] is True


async def test_type_or_plan_that_is_not_offered_cannot_be_hired(hirer: Hirer) -> None:
    for body, wrong in (
        ({"agent_type_id": "trading.nothing.v1", "plan": "trial"}, "agent_type_id"),
        ({"agent_type_id": TRADING, "plan": "gold"}, "plan"),
    ):
        refused = await hirer.sent("POST", "/api/cp/subscriptions", body, status=422)
        assert fields(refused) == {wrong}


async def test_broken_rules_and_foreign_credentials_are_named_with_what_to_do(
    hirer: Hirer, other_scene: Scene
) -> None:
    drafted = await hirer.draft(await hirer.hire(), hirer.config)
    foreign = str(other_scene.trader.account.credential_ref)
    for change, field_name in (
        ({"default_coin": "SOL"}, "/default_coin"),
        ({"exchange_credential_ref": foreign}, "/exchange_credential_ref"),
        ({"exchange_credential_ref": str(uuid4())}, "/exchange_credential_ref"),
        ({"timezone": "Mars/Olympus"}, "/timezone"),
        ({"active_window_start": "09:00"}, "/active_window_end"),
        ({"active_window_start": "09:00", "active_window_end": "09:00"}, "/active_window_end"),
        ({"unheard_of": 1}, "/unheard_of"),
    ):
        drafted = await hirer.draft(drafted, hirer.config | change, version=drafted["version"])
        assert fields(drafted) == {field_name}, change
        refused = await hirer.act(drafted, "finalize", version=drafted["version"], status=422)
        assert fields(refused) == {field_name}


async def test_platform_needs_an_account_of_that_platform(hirer: Hirer) -> None:
    subscription = await hirer.hire(MARKETING)
    config = {
        "nickname": "Voice",
        "brand_name": "Chai House",
        "offerings": ["Masala chai"],
        "location": "Pune",
        "platforms": ["mastodon"],
    }

    drafted = await hirer.draft(subscription, config)

    assert fields(drafted) == {"/platform_credentials/mastodon"}
    ref = {"platform_credentials": {"mastodon": hirer.config["exchange_credential_ref"]}}
    again = await hirer.draft(subscription, config | ref, version=drafted["version"])
    assert fields(again) == {"/platform_credentials/mastodon"}


async def test_secret_in_a_configuration_is_refused_and_not_stored(hirer: Hirer) -> None:
    subscription = await hirer.hire()
    secret = "sk_live_4f9aB27cD81eF60a3b5C"
    for config in ({"nickname": secret}, {"api_secret": "x"}, {"deep": [{"token": "y"}]}):
        body = {"subscription_id": subscription["subscription_id"], "config": hirer.config | config}
        refused = await hirer.sent("PUT", "/api/v1/hired-agents/draft", body, status=403)
        assert refused["reason"] == "raw_secret_rejected"
        assert secret not in str(refused)
    path = f"/api/v1/hired-agents/by-subscription/{subscription['subscription_id']}"
    await hirer.get(path, status=404)


async def test_change_on_top_of_an_older_version_is_refused(hirer: Hirer) -> None:
    subscription = await hirer.hire()
    first = await hirer.draft(subscription, hirer.config)
    await hirer.draft(subscription, hirer.config | {"nickname": "B"}, version=first["version"])

    for version in (first["version"], None):
        body = {
            "subscription_id": subscription["subscription_id"],
            "config": hirer.config,
            "version": version,
        }
        refused = await hirer.sent("PUT", "/api/v1/hired-agents/draft", body, status=409)
        assert refused["reason"] == "version_conflict"
    refused = await hirer.act(first, "finalize", version=first["version"], status=409)
    assert refused["reason"] == "version_conflict"


async def test_agent_at_work_keeps_a_whole_configuration(hirer: Hirer) -> None:
    agent = await hirer.hired()
    body = {"subscription_id": agent["subscription_id"], "version": agent["version"]}

    refused = await hirer.sent(
        "PUT", "/api/v1/hired-agents/draft", body | {"config": {"nickname": "x"}}, status=422
    )
    changed = await hirer.sent(
        "PUT", "/api/v1/hired-agents/draft", body | {"config": hirer.config | {"nickname": "Night desk"}}
    )

    assert "/exchange_credential_ref" in fields(refused)
    assert (changed["state"], changed["nickname"]) == ("active", "Night desk")


async def test_deleted_credential_is_missing_at_once(scene: Scene, hirer: Hirer) -> None:
    setup = await scene.http.put(
        "/api/cp/exchange-setup",
        json={
            "exchange_provider": "delta_exchange_india",
            "api_key": "key-to-be-deleted",
            "api_secret": "secret-to-be-deleted",
            "default_coin": "BTC",
            "allowed_coins": ["BTC"],
            "max_units_per_order": "1",
        },
    )
    ref = setup.json()["credential_ref"]
    drafted = await hirer.draft(await hirer.hire(), hirer.config | {"exchange_credential_ref": ref})
    assert drafted["configured"] is True

    await scene.http.delete(f"/api/cp/exchange-setup/{ref}")

    after = await hirer.get(f"/api/v1/hired-agents/{drafted['hired_instance_id']}")
    assert (after["configured"], fields(after)) == (False, {"/exchange_credential_ref"})


async def test_hub_shows_everything_in_one_call(scene: Scene, hirer: Hirer) -> None:
    begun, agent = await hirer.hire(plan="standard"), await hirer.hired()

    hub = await hirer.get(f"/api/cp/my-agents/summary?selected={agent['hired_instance_id']}")

    lines = {item["subscription"]["subscription_id"]: item for item in hub["items"]}
    assert hub["selected"] == agent["subscription_id"]
    assert lines[begun["subscription_id"]]["agent"] is None
    assert lines[begun["subscription_id"]]["subscription"]["status"] == "active"
    line = lines[agent["subscription_id"]]
    assert (line["configured"], line["subscription"]["status"]) == (True, "trial")
    assert line["subscription"]["trial_ends_at"] is not None
    assert {
        name: line["agent"][name] for name in ("nickname", "goals_completed", "drafts_waiting", "tasks_used")
    } == {
        "nickname": "Futures desk",
        "goals_completed": 0,
        "drafts_waiting": 0,
        "tasks_used": 0,
    }
    elsewhere = await hirer.get(f"/api/cp/my-agents/summary?selected={uuid4()}")
    assert elsewhere["selected"] == hub["items"][0]["subscription"]["subscription_id"]


async def test_cancelled_subscription_runs_to_its_end_then_is_read_only_then_gone(hirer: Hirer) -> None:
    agent = await hirer.hired()
    subscription = {"subscription_id": agent["subscription_id"]}
    path = f"/api/cp/subscriptions/{agent['subscription_id']}/cancel"

    cancelled = await hirer.sent("POST", path, None)
    assert cancelled["status"] == "ending"
    assert cancelled["ends_at"] == cancelled["trial_ends_at"]
    assert await hirer.sent("POST", path, None) == cancelled
    await hirer.act(agent, "pause")

    await hirer.end(subscription)
    listed = (await hirer.get("/api/cp/subscriptions?limit=200"))["items"]
    statuses = {one["subscription_id"]: one["status"] for one in listed}
    assert statuses[agent["subscription_id"]] == "ended"
    seen = await hirer.get(f"/api/v1/hired-agents/{agent['hired_instance_id']}")
    assert seen["read_only"] is True
    for verb in ("pause", "resume"):
        assert (await hirer.act(agent, verb, status=409))["reason"] == "subscription_ended"
    body = subscription | {"config": hirer.config, "version": seen["version"]}
    refused = await hirer.sent("PUT", "/api/v1/hired-agents/draft", body, status=409)
    assert refused["reason"] == "subscription_ended"

    await hirer.end(subscription, gone=True)
    for gone in (f"/{agent['hired_instance_id']}", f"/by-subscription/{agent['subscription_id']}"):
        assert (await hirer.get(f"/api/v1/hired-agents{gone}", status=410))["reason"] == "subscription_gone"
    await hirer.sent("POST", path, None, status=410)
    listed = (await hirer.get("/api/cp/subscriptions?limit=200"))["items"]
    assert agent["subscription_id"] not in {one["subscription_id"] for one in listed}


async def test_nobody_sees_or_changes_what_others_have_hired(hirer: Hirer, other_scene: Scene) -> None:
    agent, stranger = await hirer.hired(), hirer_of(other_scene)
    instance, subscription = agent["hired_instance_id"], agent["subscription_id"]

    for path in (f"/{instance}", f"/by-subscription/{subscription}", f"/{instance}/upgrade"):
        await stranger.get(f"/api/v1/hired-agents{path}", status=404)
    for verb, body in (("pause", {}), ("resume", {}), ("finalize", {"version": 1})):
        await stranger.act(agent, verb, status=404, **body)
    theirs = {"subscription_id": subscription, "config": stranger.config}
    await stranger.sent("PUT", "/api/v1/hired-agents/draft", theirs, status=404)
    await stranger.sent("POST", f"/api/cp/subscriptions/{subscription}/cancel", None, status=404)
    assert await hirer.get(f"/api/v1/hired-agents/{instance}") == agent
    assert instance not in str(await stranger.get("/api/v1/hired-agents"))


async def test_operators_see_hired_agents_of_all_customers(scene: Scene, hirer: Hirer) -> None:
    agent = await hirer.hired()
    customer = {"customer_id": str(scene.customer_id)}

    listed = await scene.operator.http.get("/api/pp/hired-agents", params=customer)
    one = await scene.operator.http.get(f"/api/pp/hired-agents/{agent['hired_instance_id']}", params=customer)

    assert agent in listed.json()["items"]
    assert one.json() == agent
