"""Attacks on the scheduler: a due time twice, a clock that jumps, runs that nobody may ask for."""

import asyncio
from datetime import datetime, timedelta

import httpx

from cli.attack import forge, store
from cli.attack.agents import TRADING, Agent, desk_of, hire
from cli.attack.hired import ENTER
from cli.attack.scene import Scene
from cli.attack.trader import PATIENCE_S, Json
from shared.clock import utc_now
from shared.contracts.sign_in import Role
from shared.ids import uuid7

AT_ONCE = 20
MOST_MISSED = 32
DAILY: Json = {"frequency": "daily", "time_of_day": "09:30"}
NOT_FOUND = "404 not_found"


async def due_time_twice(scene: Scene) -> None:
    """Let one due time come twice, as a clock that is set back does, and ask for one run 20 times at once."""
    trader = await scene.trader()
    agent = await hire(trader, TRADING, desk_of(trader))
    goal = await agent.set_goal("guardrail_report", **DAILY)
    due_at = utc_now() - timedelta(minutes=5)
    for _ in range(3):
        await store.set_due(scene.target, goal["goal_id"], due_at)
        await _until_not_due(agent, goal)
    await _check_runs(scene, agent, name="runs of the due time", expected=["done"])
    answers = await asyncio.gather(*(agent.ask_run(goal, key="once") for _ in range(AT_ONCE)))
    runs = {answer.json()["run_id"] for answer in answers if answer.is_success}
    scene.check("runs of one key", expected=1, seen=len(runs))
    await _check_runs(scene, agent, name="runs after that", expected=["done", "done"])
    reports = await trader.items(f"{agent.path}/deliverables", limit="200")
    scene.check("reports", expected=2, seen=len(reports))


async def clock_that_jumps(scene: Scene) -> None:
    """Let the clock jump 400 days ahead, back, and over a change to summer time: no storm of drafts follows."""
    trader = await scene.trader()
    agent = await hire(trader, TRADING, desk_of(trader, timezone="Europe/Berlin"))
    goal = await agent.set_goal("guardrail_report", **DAILY)
    await store.set_due(scene.target, goal["goal_id"], utc_now() - timedelta(days=400))
    await _until_not_due(agent, goal)
    states = [run["state"] for run in await _settled(agent)]
    scene.check("runs that were made up for", expected="0 or 1", seen=states.count("done"))
    scene.check("rows that are left of the rest", expected=True, seen=states.count("missed") <= MOST_MISSED)
    (again,) = await trader.items(f"{agent.path}/goals")
    ahead = datetime.fromisoformat(again["next_due_at"]) - utc_now()
    scene.check(
        "it is due next within a day or so", expected=True, seen=timedelta(0) < ahead < timedelta(hours=26)
    )


async def run_forged_by_others(scene: Scene) -> None:
    """Ask for runs of another customer's goal, with the portal's own key, as an operator, and past the gateway."""
    victim, thief = await scene.trader("the victim"), await scene.customer("the thief")
    agent = await hire(victim, TRADING, desk_of(victim))
    goal = await agent.set_goal("trade_intent_draft", settings=ENTER)
    path = f"{agent.path}/goals/{goal['goal_id']}/run"
    scene.refused("as another customer", await thief.http.post(path, json={}), NOT_FOUND)
    as_thief = await forge.at_gateway(scene, thief.customer_id, actor_type=forge.ActorType.CUSTOMER)
    scene.refused("with the portal's key, for the thief", await as_thief.post(path, json={}), NOT_FOUND)
    service = await forge.at_gateway(scene, victim.customer_id)
    scene.refused("as the portal itself", await service.post(path, json={}), "403 not_allowed")
    direct = await scene.client(
        scene.target.plant_url,
        auth=forge.pretence(
            scene.target, customer_id=victim.customer_id, actor_type=forge.ActorType.CUSTOMER
        ),
    )
    answer = await direct.post(path, json={})
    scene.refused(
        "at Plant itself", answer, "401 unauthenticated", "403 not_through_gateway", "403 not_allowed"
    )
    again = f"/api/pp/goal-runs/{uuid7()}/run-again"
    viewer = await scene.operator(Role.VIEWER)
    scene.refused("run again as a viewer", await viewer.post(again), "403 not_allowed")
    scene.refused("run again as a customer", await victim.http.post(again), NOT_FOUND)
    await _check_runs(scene, agent, name="runs of the victim's", expected=[])


async def goal_outside_its_template(scene: Scene) -> None:
    """Set goals with fields, limits and times that the template does not have, and one for every second."""
    trader = await scene.trader()
    agent = await hire(trader, TRADING, desk_of(trader))
    wrong: dict[str, Json] = {
        "an unknown field": {"settings": ENTER | {"approval_id": str(uuid7())}},
        "an approval of its own": {"settings": ENTER | {"approved": True}},
        "another's account": {"settings": ENTER | {"exchange_account_id": str(uuid7())}},
        "a reference as text": {"settings": ENTER | {"coin": "{{inputs.config.exchange_credential_ref}}"}},
        "a frequency that it lacks": {"settings": ENTER, "frequency": "daily", "time_of_day": "10:00"},
        "a time out of the day": {"settings": ENTER, "time_of_day": "25:00"},
    }
    for name, fields in wrong.items():
        answer = await agent.ask_goal("trade_intent_draft", **fields)
        scene.refused(f"a goal with {name}", answer, "422 validation_failed", "422 invalid_fields")
    too_big = await agent.delivered("trade_intent_draft", settings=ENTER | {"units": "0.6"})
    scene.check(
        "a goal beyond the agent's limit", expected=["failed"], seen=[one["state"] for one in too_big]
    )
    await _check_intents(scene, agent, too_big)


async def _check_intents(scene: Scene, agent: Agent, failed: list[Json]) -> None:
    """What failed cannot be approved or executed after all."""
    for draft in failed:
        hashed = {**draft, "draft": draft["draft"] or {"action_hash": "sha256:" + "0" * 64}}
        answer: httpx.Response = await agent.trader.ask_approval(hashed)
        scene.refused("approve it all the same", answer, "409 wrong_state", "409 no_action")
        answer = await agent.trader.execute(draft, None)
        scene.refused("execute it all the same", answer, "403 approval_required", "409 no_action")


async def _until_not_due(agent: Agent, goal: Json) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while asyncio.get_running_loop().time() < deadline:
        found = await agent.trader.items(f"{agent.path}/goals")
        (due_at,) = [one["next_due_at"] for one in found if one["goal_id"] == goal["goal_id"]]
        if datetime.fromisoformat(due_at) > utc_now():
            return
        await asyncio.sleep(0.1)


async def _settled(agent: Agent) -> list[Json]:
    return [await agent.ended(run) for run in await agent.runs()]


async def _check_runs(scene: Scene, agent: Agent, *, name: str, expected: list[str]) -> None:
    scene.check(name, expected=expected, seen=[run["state"] for run in await _settled(agent)])
