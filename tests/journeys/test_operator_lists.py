"""What operators find in lists: agents by type and state, customers with what waits, drafts whose time is over."""

from datetime import timedelta
from typing import Any

from tests.actors import Operator
from tests.denied import Scene
from tests.goals import TRADING, Hired, hire_trader
from tests.stored import superuser

Json = dict[str, Any]


async def listed(operator: Operator, name: str, **query: str) -> list[Json]:
    answer = await operator.http.get(f"/api/pp/{name}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def drafted(hired: Hired) -> Json:
    settings = {"coin": "BTC", "units": "0.01", "side": "long", "action": "enter", "order_type": "market"}
    goal = await hired.set_goal("trade_intent_draft", settings=settings)
    (draft,) = await hired.delivered(await hired.run(goal))
    return draft


async def let_expire(scene: Scene, draft: Json) -> None:
    async with superuser(scene.stack, "plant") as connection:
        await connection.execute(
            "UPDATE deliverables SET expires_at = now() - $2::interval WHERE deliverable_id = $1::text::uuid",
            draft["deliverable_id"],
            timedelta(seconds=1),
        )


async def test_hired_agents_are_found_by_customer_type_and_state(scene: Scene) -> None:
    hired = await hire_trader(scene)
    own = {"customer_id": str(scene.customer_id)}

    by_all = await listed(scene.operator, "hired-agents", **own, agent_type_id=TRADING, state="active")
    of_type = await listed(
        scene.operator, "hired-agents", **own, agent_type_id="marketing.digital_marketing.v1"
    )
    paused = await listed(scene.operator, "hired-agents", **own, state="paused")
    wrong = await scene.operator.http.get("/api/pp/hired-agents", params={"state": "asleep"})

    assert [agent["hired_instance_id"] for agent in by_all] == [hired.agent["hired_instance_id"]]
    assert (of_type, paused) == ([], [])
    assert wrong.status_code == 422


async def test_customers_are_listed_with_their_agents_and_what_waits_and_page_by_page(
    scene: Scene, other_scene: Scene
) -> None:
    before = {one["customer_id"]: one for one in await listed(scene.operator, "customers", limit="200")}
    hired = await hire_trader(scene)
    await drafted(hired)

    after = {one["customer_id"]: one for one in await listed(scene.operator, "customers", limit="200")}
    first = await scene.operator.http.get("/api/pp/customers", params={"limit": 1})
    cursor = first.json()["next_cursor"]
    second = await scene.operator.http.get("/api/pp/customers", params={"limit": 1, "cursor": cursor})

    mine, others = str(scene.customer_id), str(other_scene.customer_id)
    assert after[mine]["hired_agents"] == before[mine]["hired_agents"] + 1
    assert after[mine]["drafts_waiting"] == before[mine]["drafts_waiting"] + 1
    assert after[others] == before[others]
    assert first.json()["items"][0]["customer_id"] > second.json()["items"][0]["customer_id"]


async def test_draft_whose_time_is_over_is_expired_in_every_list_before_anybody_read_it(scene: Scene) -> None:
    draft = await drafted(await hire_trader(scene))
    fresh = await drafted(await hire_trader(scene))
    await let_expire(scene, draft)
    ids = {draft["deliverable_id"], fresh["deliverable_id"]}

    async def own(**query: str) -> dict[str, str]:
        found = (await scene.http.get("/api/v1/deliverables", params=query)).json()["items"]
        return {one["deliverable_id"]: one["state"] for one in found if one["deliverable_id"] in ids}

    every, waiting, expired = await own(), await own(state="pending_review"), await own(state="expired")
    seen = await listed(scene.operator, "deliverables", customer_id=str(scene.customer_id), state="expired")
    read = (await scene.http.get(f"/api/v1/deliverables/{draft['deliverable_id']}")).json()

    assert every == {draft["deliverable_id"]: "expired", fresh["deliverable_id"]: "pending_review"}
    assert waiting == {fresh["deliverable_id"]: "pending_review"}
    assert expired == {draft["deliverable_id"]: "expired"}
    assert draft["deliverable_id"] in {one["deliverable_id"] for one in seen}
    assert read["state"] == "expired"


async def test_expiry_is_written_down_once(scene: Scene) -> None:
    draft = await drafted(await hire_trader(scene))
    await let_expire(scene, draft)
    path = f"/api/v1/deliverables/{draft['deliverable_id']}"

    await scene.http.get(path)
    again = (await scene.http.get(path)).json()

    assert [move["state"] for move in again["transitions"]] == ["pending_review", "expired"]
    assert again["transitions"][-1]["actor"] == "service:clock"
