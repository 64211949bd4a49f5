"""Hiring and cancelling at the portal: what Plant is told, and what is refused. Plant is imitated."""

import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from plant.agent_types.actions import SEEDS
from shared.identity import ActorType
from shared.outbox.actions import deliver_now
from tests.portals import RunningPortal

PATH = "/api/cp/subscriptions"
TYPE = "trading.delta_futures.v1"


@pytest.fixture(autouse=True)
def offered(cp: RunningPortal) -> None:
    agent_type = {
        "agent_type_id": TYPE,
        "version": 1,
        "state": "published",
        "content_hash": "sha256:0",
        "definition": json.loads((SEEDS / f"{TYPE}.json").read_text()),
        "created_at": "2026-01-01T00:00:00Z",
        "published_at": "2026-01-01T00:00:00Z",
    }
    cp.plant.scripted["GET", f"/api/v1/agent-types/{TYPE}"] = lambda _request: httpx.Response(
        200, json=agent_type
    )


async def hired(http: httpx.AsyncClient, plan: str = "trial") -> dict[str, Any]:
    answer = await http.post(PATH, json={"agent_type_id": TYPE, "plan": plan})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_plant_is_told_of_a_hire_with_the_plans_limits(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()

    subscription = await hired(http)

    call = cp.plant.calls[-1]
    assert (call.method, call.path) == (
        "PUT",
        f"/internal/v1/subscriptions/{subscription['subscription_id']}",
    )
    assert (call.identity.actor_type, call.identity.customer_id) == (ActorType.SERVICE, customer_id)
    told = {name: call.body[name] for name in ("version", "plan", "task_limit", "budget_limit", "ends_at")}
    assert told == {"version": 1, "plan": "trial", "task_limit": 100, "budget_limit": "5", "ends_at": None}
    assert call.body["trial_ends_at"] == subscription["trial_ends_at"] is not None


async def test_plant_that_is_away_is_told_later(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    subscription = await hired(http)
    cp.plant.is_down = True

    cancelled = await http.post(f"{PATH}/{subscription['subscription_id']}/cancel")

    assert cancelled.json()["status"] == "ending"
    assert (await http.get(PATH)).json()["items"] == [cancelled.json()]
    cp.plant.is_down = False
    (settled,) = await deliver_now(cp.portal.outbox, UUID(subscription["subscription_id"]))
    assert (settled.is_delivered, settled.message.body["version"]) == (True, 2)


async def test_cancelling_twice_tells_plant_once(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    subscription = await hired(http, "standard")
    path = f"{PATH}/{subscription['subscription_id']}/cancel"
    assert (subscription["status"], subscription["ends_at"]) == ("active", None)

    first, second = await http.post(path), await http.post(path)

    assert first.json() == second.json()
    assert (first.json()["status"], first.json()["cancelled_at"] is not None) == ("ending", True)
    told = [call.body["version"] for call in cp.plant.calls if "subscriptions" in call.path]
    assert told == [1, 2]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"agent_type_id": TYPE, "plan": "gold"}, "plan"),
        ({"agent_type_id": "trading.nothing.v1", "plan": "trial"}, "agent_type_id"),
        ({"agent_type_id": "../../etc", "plan": "trial"}, "agent_type_id"),
        ({"agent_type_id": TYPE}, "plan"),
    ],
)
async def test_hire_that_is_not_offered_is_refused_by_field(
    cp: RunningPortal, body: dict[str, Any], field: str
) -> None:
    _, http = await cp.customer()
    cp.plant.refuse("GET", "/api/v1/agent-types/trading.nothing.v1", status=404, reason="not_found")

    refused = await http.post(PATH, json=body)

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert not [call for call in cp.plant.calls if "subscriptions" in call.path]


async def test_subscription_of_somebody_else_is_like_an_unknown_one(cp: RunningPortal) -> None:
    _, owner = await cp.customer()
    _, stranger = await cp.customer()
    subscription = await hired(owner)

    answers = [
        await stranger.post(f"{PATH}/{named}/cancel") for named in (subscription["subscription_id"], uuid4())
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert (await stranger.get(PATH)).json()["items"] == []
    assert (await owner.get(PATH)).json()["items"] == [subscription]


async def test_subscriptions_come_in_pages_newest_first(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    ids = [(await hired(http))["subscription_id"] for _ in range(3)]

    first = (await http.get(PATH, params={"limit": 2})).json()
    rest = (await http.get(PATH, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [one["subscription_id"] for one in (*first["items"], *rest["items"])] == ids[::-1]
    assert rest["next_cursor"] is None
