"""The scheduler at work: runs under kills end once each, missed ones are made up once, dead ones run again."""

from datetime import timedelta
from uuid import UUID

from shared.contracts.goals import SchedulerHealth
from tests.actors import Operator
from tests.denied import Scene
from tests.due_runs.run import Plan, run
from tests.goals import AHEAD, hire_trader
from tests.stored import superuser
from tests.trades import eventually


async def test_runs_under_kills_end_once_each_with_one_deliverable() -> None:
    outcome = await run(Plan(runs=300, spread_s=8, workers=3, kill_between_s=(0.4, 1.5)))

    assert outcome.kills >= 3
    assert outcome.verdict.wrong == {}, outcome.verdict.counted


async def test_run_missed_while_nothing_ran_is_made_up_once_within_its_grace(scene: Scene) -> None:
    hired = await hire_trader(scene)
    late = await hired.set_goal("guardrail_report", frequency="daily", time_of_day=AHEAD)
    too_late = await hired.set_goal("guardrail_report", frequency="daily", time_of_day=AHEAD)

    await hired.let_be_due(late, ago=timedelta(hours=5))
    await hired.let_be_due(too_late, ago=timedelta(hours=7))

    made_up = await hired.ended(await hired.first_run(late))
    missed = await hired.first_run(too_late)
    assert (made_up["state"], missed["state"], missed["attempts"]) == ("done", "missed", 0)
    assert len((await hired.send("GET", "/runs"))["items"]) == 2


async def test_dead_run_is_seen_by_operators_and_run_again(scene: Scene, admin: Operator) -> None:
    hired = await hire_trader(scene)
    goal = await hired.set_goal("guardrail_report", frequency="daily", time_of_day=AHEAD)
    run_id = (await hired.ended(await hired.run(goal)))["run_id"]
    async with superuser(scene.stack, "plant") as connection:
        await connection.execute(
            "UPDATE goal_runs SET state = 'dead', error = 'gave up' WHERE run_id = $1", UUID(run_id)
        )
        await connection.execute(
            "UPDATE deliverables SET goal_run_id = NULL WHERE goal_run_id = $1", UUID(run_id)
        )

    dead = (await admin.http.get("/api/pp/goal-runs", params={"state": "dead"})).json()["items"]
    before = SchedulerHealth.model_validate((await admin.http.get("/api/pp/scheduler")).json())
    again = await admin.http.post(f"/api/pp/goal-runs/{run_id}/run-again")

    assert run_id in {one["run_id"] for one in dead}
    assert before.dead_runs >= 1
    assert again.json()["state"] == "queued"
    await eventually(lambda: hired.send("GET", f"/runs/{run_id}"), lambda found: found["state"] == "done")
    assert len(await hired.deliverables(of_run=run_id)) == 1
    refused = await admin.http.post(f"/api/pp/goal-runs/{run_id}/run-again")
    assert (refused.status_code, refused.json()["reason"]) == (409, "wrong_state")


async def test_run_whose_venue_is_away_is_tried_again_and_then_done(scene: Scene) -> None:
    hired = await hire_trader(scene)
    goal = await hired.set_goal(
        "close_position_reminder", frequency="daily", time_of_day=AHEAD, settings={"coin": "BTC"}
    )
    await scene.trader.exchange.plant(
        "error_before", scene.trader.account, method="GET", path="/v2/positions", times=3, status=500
    )

    ended = await hired.ended(await hired.run(goal))

    assert (ended["state"], ended["attempts"]) == ("done", 2), ended["error"]
