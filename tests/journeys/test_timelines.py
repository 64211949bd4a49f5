"""What operators see of one correlation id and of one hired agent: everything on record, in time order."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx

from tests.denied import Scene
from tests.goals import Hired, hire_trader

ENTER = {"coin": "BTC", "units": "0.01", "side": "long", "action": "enter", "order_type": "market"}

Json = dict[str, Any]


async def executed(scene: Scene, hired: Hired) -> tuple[Json, Json]:
    """A goal run whose draft was approved and filled. Shape: the draft, the execution."""
    goal = await hired.set_goal("trade_intent_draft", settings=ENTER)
    (draft,) = await hired.delivered(await hired.run(goal))
    path = f"/api/v1/deliverables/{draft['deliverable_id']}"
    review = {"decision": "approved", "action_hash": draft["draft"]["action_hash"]}
    approval = (await scene.http.post(f"{path}/review", json=review)).json()
    answer = await scene.http.post(f"{path}/execute", json={"approval_id": approval["approval_id"]})
    execution = answer.json()["execution"]
    settled = await scene.trader.settled(execution["execution_id"])
    assert settled.state == "filled"
    return draft, execution


async def read(http: httpx.AsyncClient, path: str) -> Json:
    answer = await http.get(path)
    assert answer.status_code == 200, answer.text
    moments = [datetime.fromisoformat(one["at"]) for one in answer.json()["entries"]]
    assert moments == sorted(moments)
    return answer.json()


def events(timeline: Json) -> set[tuple[str, str, str]]:
    return {(one["service"], one["record"], one["event"]) for one in timeline["entries"]}


async def test_correlation_of_a_run_leads_from_its_goal_to_the_filled_order(scene: Scene) -> None:
    hired = await hire_trader(scene)
    draft, execution = await executed(scene, hired)

    timeline = await read(scene.operator.http, f"/api/pp/correlations/{draft['correlation_id']}")
    assert {
        ("plant", "goal_run", "created"),
        ("plant", "goal_run", "done"),
        ("plant", "deliverable", "pending_review"),
        ("plant", "deliverable", "executed"),
        ("plant", "approval", "used"),
        ("plant", "audit_row", "deliverable.drafted"),
    } <= events(timeline)
    included = {one["service"]: one["included"] for one in timeline["sources"]}
    assert included == {"plant": True, "pp": True, "cp": False, "gateway": False}

    of_request = await scene.http.get(f"/api/v1/executions/{execution['execution_id']}")
    rows = await scene.operator.http.get(
        "/api/pp/usage-events", params={"customer_id": str(scene.customer_id), "limit": 200}
    )
    (usage,) = [
        one
        for one in rows.json()["items"]
        if one["details"].get("execution_id") == of_request.json()["execution_id"]
    ]
    release = await read(scene.operator.http, f"/api/pp/correlations/{usage['correlation_id']}")
    assert {
        ("plant", "usage_event", "execution"),
        ("plant", "decision_trace", "allow"),
        ("plant", "audit_row", "execution.released"),
        ("plant", "execution", "filled"),
    } <= events(release)


async def test_denial_and_what_an_operator_did_are_under_their_correlation(scene: Scene) -> None:
    hired = await hire_trader(scene)
    draft, _ = await executed(scene, hired)
    path = f"/api/v1/deliverables/{draft['deliverable_id']}/execute"
    denied = await scene.http.post(path, json={})
    assert denied.status_code == 403

    timeline = await read(scene.operator.http, f"/api/pp/correlations/{denied.json()['correlation_id']}")
    assert ("plant", "policy_denial", "approval_required") in events(timeline)

    looked = await scene.operator.http.get("/api/pp/executions")
    own = await read(scene.operator.http, f"/api/pp/correlations/{looked.headers['X-Correlation-ID']}")
    assert events(own) == {
        ("pp", "operator_action", "GET"),
        ("plant", "operator_access", "/internal/v1/oversight/executions"),
    }


async def test_nothing_is_known_of_a_correlation_id_made_up(scene: Scene) -> None:
    timeline = await read(scene.operator.http, f"/api/pp/correlations/{uuid4()}")

    assert (timeline["entries"], timeline["truncated"]) == ([], False)


async def test_hired_agents_of_all_customers_are_seen_with_all_they_did(
    scene: Scene, other_scene: Scene
) -> None:
    hired, others = await hire_trader(scene), await hire_trader(other_scene)
    draft, execution = await executed(scene, hired)
    operator = scene.operator.http

    listed = (await operator.get("/api/pp/hired-agents", params={"limit": 200})).json()["items"]
    assert {one["hired_instance_id"] for one in listed} >= {str(hired.instance_id), str(others.instance_id)}

    path, customer = f"/api/pp/hired-agents/{hired.instance_id}", {"customer_id": str(scene.customer_id)}
    agent = (await operator.get(path, params=customer)).json()
    assert agent["config"]["exchange_credential_ref"] == str(scene.trader.account.credential_ref)
    for name, count in (("goals", 1), ("runs", 1), ("deliverables", 1)):
        found = (await operator.get(f"{path}/{name}", params=customer)).json()["items"]
        assert len(found) == count, name

    timeline = await read(operator, f"{path}/timeline")
    about = {one["subject_id"] for one in timeline["entries"]}
    assert {draft["deliverable_id"], execution["execution_id"], execution["approval_id"]} <= about
    assert {("plant", "audit_row", "hired_agent.finalized"), ("plant", "audit_row", "goal.set")} <= events(
        timeline
    )
    assert {one["customer_id"] for one in timeline["entries"]} <= {str(scene.customer_id), None}
