"""Every endpoint of both portals, from their own documents: nothing for the anonymous, nothing of somebody else."""

from typing import Any

import httpx

from tests.actors import exchange_setup
from tests.denied import Scene
from tests.goals import AHEAD
from tests.past import Past

_OPEN = {"/health/live", "/health/ready", "/api/auth/login", "/api/auth/token", "/api/auth/sign-up"}
BATCH = "POST /api/cp/approvals/batch"


def operations(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (method.upper(), path)
        for path, methods in document["paths"].items()
        for method in methods
        if method in ("get", "put", "post", "delete", "patch") and path not in _OPEN
    ]


def filled(path: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def test_every_endpoint_refuses_the_anonymous(past: Past) -> None:
    ids = past.ids | {"scope": "platform", "customer_id": str(past.scene.customer_id)}
    for url in (past.scene.stack.cp_url, past.scene.stack.pp_url):
        async with httpx.AsyncClient(base_url=url) as http:
            found = operations((await http.get("/openapi.json")).json())
            assert len(found) > 15
            for method, path in found:
                answer = await http.request(method, filled(path, ids), json={})
                assert (answer.status_code, answer.json()["reason"]) == (401, "unauthenticated"), path


async def test_platform_portal_knows_no_customers_token(past: Past, other_scene: Scene) -> None:
    token = {"Authorization": other_scene.http.headers["Authorization"]}
    ids = past.ids | {"scope": "platform", "customer_id": str(past.scene.customer_id)}
    async with httpx.AsyncClient(base_url=past.scene.stack.pp_url, headers=token) as http:
        for method, path in operations((await http.get("/openapi.json")).json()):
            answer = await http.request(method, filled(path, ids), json={})
            assert answer.status_code == 401, path


def bodies(past: Past) -> dict[str, Any]:
    """What another customer would send to get at this one's things, for each operation that takes a body."""
    ids = past.ids
    approve = {"deliverable_id": ids["deliverable_id"], "action_hash": ids["action_hash"]}
    goal = {"template_id": "guardrail_report", "frequency": "daily", "time_of_day": AHEAD}
    platform = {"platform": "mastodon", "access_token": "stolen-token-1"}
    setup = exchange_setup(api_key="stolen-key-1", api_secret="stolen-secret-1")
    return {
        "PUT /api/cp/exchange-setup": setup | {"credential_ref": ids["credential_ref"]},
        "POST /api/cp/approvals": approve,
        "POST /api/v1/deliverables/{deliverable_id}/review": {"decision": "rejected"},
        "POST /api/v1/deliverables/{deliverable_id}/execute": {"approval_id": ids["approval_id"]},
        "POST /api/v1/reference-agents/{agent_id}/run": past.scene.trader.wish(),
        "PUT /api/v1/hired-agents/draft": {"subscription_id": ids["subscription_id"], "config": {}},
        "POST /api/v1/hired-agents/{hired_instance_id}/finalize": {"version": 2},
        "POST /api/v1/hired-agents/{hired_instance_id}/upgrade": {"version": 2, "agent_type_version": 1},
        "PUT /api/v1/hired-agents/{hired_instance_id}/goals": goal,
        "PUT /api/v1/hired-agents/{hired_instance_id}/goals/{goal_id}": goal | {"version": 1},
        "POST /api/v1/hired-agents/{hired_instance_id}/goals/{goal_id}/run": {},
        "POST /api/cp/approvals/batch": {"items": [approve]},
        "PUT /api/cp/notification-channels": {"url": "record://thief", "channel_id": ids["channel_id"]},
        "PUT /api/cp/platform-credentials": platform | {"credential_ref": ids["credential_ref"]},
        "POST /internal/v1/credential-bundles": {},
        "POST /internal/v1/credential-refreshes": {},
    }


async def test_every_endpoint_keeps_another_customers_things_to_itself(
    past: Past, other_scene: Scene
) -> None:
    known = bodies(past)
    document = (await other_scene.http.get("/openapi.json")).json()
    signing_out = {("POST", "/api/auth/logout"), ("POST", "/api/auth/logout-everywhere")}
    never_ending = {("GET", "/api/cp/events")}
    hiring_for_oneself = {("POST", "/api/cp/subscriptions")}
    before = await past.scene.http.get(f"/api/v1/deliverables/{past.ids['deliverable_id']}")
    for method, path in sorted(set(operations(document)) - signing_out - never_ending - hiring_for_oneself):
        operation = document["paths"][path][method.lower()]
        name = f"{method} {path}"
        assert "requestBody" not in operation or name in known, f"say what a thief would send: {name}"

        answer = await other_scene.http.request(method, filled(path, past.ids), json=known.get(name))

        of_everybody = ("{agent_id}", "{agent_type_id}")
        names_a_thing = name in known or "{" in path.replace(of_everybody[0], "").replace(of_everybody[1], "")
        expected = (401, 403, 404) if names_a_thing and name != BATCH else (200,)
        assert answer.status_code in expected, f"{name}: {answer.text}"
        assert name != BATCH or answer.json()["items"][0]["refusal"]["status"] == 404
        assert not [trace for trace in past.traces if trace in answer.text], name
    after = await past.scene.http.get(f"/api/v1/deliverables/{past.ids['deliverable_id']}")
    assert after.json() == before.json()
    assert await past.scene.orders_sent() == 2
