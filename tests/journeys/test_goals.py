"""Goals on the real stack: hire, set a goal, let it be due, review what it drafted; and what is refused on the way."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from shared.posts.check import check_post
from shared.posts.model import Platform
from tests.denied import Scene
from tests.exchange import Exchange
from tests.goals import AHEAD, hire_marketer, hire_trader

ENTER = {"coin": "BTC", "units": "0.01", "side": "long", "action": "enter", "order_type": "market"}


def fields(problem: dict[str, Any]) -> set[str]:
    return {error["field"] for error in problem["errors"]}


async def test_intent_is_drafted_approved_and_executed_once(scene: Scene) -> None:
    hired = await hire_trader(scene)
    goal = await hired.set_goal("trade_intent_draft", settings=ENTER)

    run = await hired.run(goal, key="first")
    again = await hired.run(goal, key="first")
    (draft,) = await hired.delivered(run)

    assert again["run_id"] == run["run_id"]
    assert (draft["state"], draft["kind"], draft["agent_id"]) == (
        "pending_review",
        "trade_order",
        "trading.delta_futures.v1",
    )
    action = draft["draft"]["action"]
    assert action["hired_instance_id"] == hired.agent["hired_instance_id"]
    assert (action["params"]["size"], draft["draft"]["risk"]["verdict"]) == ("10", "pass")
    trace = (await hired.send("GET", f"/runs/{run['run_id']}"))["trace"]
    assert (trace["pattern_id"], len(trace["steps"])) == ("trading.trade_intent_draft.v1", 1)

    path = f"/api/v1/deliverables/{draft['deliverable_id']}"
    review = {"decision": "approved", "action_hash": draft["draft"]["action_hash"]}
    approval = (await scene.http.post(f"{path}/review", json=review)).json()
    body = {"approval_id": approval["approval_id"]}
    executed = (await scene.http.post(f"{path}/execute", json=body)).json()
    replayed = (await scene.http.post(f"{path}/execute", json=body)).json()
    assert (executed.get("replayed"), replayed.get("replayed")) == (False, True), executed
    settled = await scene.trader.settled(executed["execution"]["execution_id"])
    assert settled.state == "filled"


async def test_due_goal_runs_by_itself_and_tells_the_customer(scene: Scene) -> None:
    hired = await hire_trader(scene)
    goal = await hired.set_goal("guardrail_report", frequency="daily", time_of_day=AHEAD)
    assert goal["next_due_at"] is not None

    await hired.let_be_due(goal, ago=timedelta(minutes=5))
    run = await hired.first_run(goal)
    (report,) = await hired.delivered(run)

    assert (report["kind"], report["draft"], report["state"]) == ("report", None, "pending_review")
    titles = [table["title"] for table in report["body"]["tables"]]
    assert titles == ["Limits", "Last orders", "Last denials"]
    notified = (await scene.http.get("/api/v1/notifications?unread=true")).json()["items"]
    (news,) = [one for one in notified if one["subject_id"] == run["run_id"]]
    assert (news["kind"], news["summary"]) == ("draft_waits", "Futures desk: 1 draft waits for you")
    read = await scene.http.post(f"/api/v1/notifications/{news['notification_id']}/read")
    assert read.json()["read_at"] is not None
    path = f"/api/v1/deliverables/{report['deliverable_id']}/review"
    acknowledged = await scene.http.post(path, json={"decision": "acknowledged"})
    assert (acknowledged.status_code, acknowledged.json()["state"]) == (200, "approved")


async def test_position_is_proposed_to_be_closed_only_while_it_is_open(
    scene: Scene, exchange: Exchange
) -> None:
    hired = await hire_trader(scene)
    goal = await hired.set_goal(
        "close_position_reminder", frequency="daily", time_of_day=AHEAD, settings={"coin": "ETH"}
    )
    assert await hired.delivered(await hired.run(goal)) == []

    await exchange.happen("position_change", scene.trader.account, symbol="ETHUSD", side="buy", size=100)
    (draft,) = await hired.delivered(await hired.run(goal))

    params = draft["draft"]["action"]["params"]
    assert (params["reduce_only"], params["side"], params["size"]) == (True, "sell", "100")
    assert draft["draft"]["action"]["kind"] == "close_position"


async def test_what_the_rules_refuse_is_a_failed_draft_that_says_why(scene: Scene) -> None:
    hired = await hire_trader(scene)

    async def problem_of(**settings: str) -> dict[str, Any]:
        goal = await hired.set_goal("trade_intent_draft", settings=ENTER | settings)
        (failed,) = await hired.delivered(await hired.run(goal))
        assert failed["state"] == "failed"
        return failed["body"]["problem"]

    assert (await problem_of(units="0.0001"))["reason"] == "validation_failed"
    assert (await problem_of(coin="BTC", action="exit", side="short"))["reason"] == "no_open_position"
    denied = await problem_of(units="0.6")
    assert (denied["reason"], "QTY_ABOVE_MAX" in denied["detail"]) == ("risk_denied", True), denied


async def test_goal_that_does_not_fit_its_template_says_so_field_by_field(scene: Scene) -> None:
    hired = await hire_trader(scene)

    unknown = await hired.set_goal("nothing_known", status=422)
    no_time = await hired.set_goal("guardrail_report", frequency="daily", status=422)
    too_often = await hired.set_goal("guardrail_report", frequency="monthly", status=422)
    weekly = await hired.set_goal(
        "close_position_reminder", frequency="weekly", time_of_day="10:00", settings={}, status=422
    )

    assert fields(unknown) == {"template_id"}
    assert fields(no_time) == {"time_of_day"}
    assert fields(too_often) == {"frequency"}
    assert fields(weekly) == {"weekday", "settings/coin"}


async def test_goal_is_changed_from_its_version_and_deleted(scene: Scene) -> None:
    hired = await hire_trader(scene)
    goal_id = str(uuid4())
    body = {"template_id": "guardrail_report", "frequency": "daily", "time_of_day": AHEAD}
    goal = await hired.send("PUT", f"/goals/{goal_id}", body)
    assert (goal["goal_id"], goal["version"], goal["timezone"]) == (goal_id, 1, "Asia/Kolkata")

    stale = await hired.send("PUT", f"/goals/{goal_id}", body, status=409)
    paused = await hired.send("PUT", f"/goals/{goal_id}", body | {"version": 1, "paused": True})
    assert stale["reason"] == "version_conflict"
    assert (paused["version"], paused["next_due_at"]) == (2, None)

    await hired.send("DELETE", f"/goals/{goal_id}")
    assert (await hired.send("GET", "/goals"))["items"] == []
    await hired.send("DELETE", f"/goals/{goal_id}", status=404)


async def test_paused_agent_runs_nothing(scene: Scene) -> None:
    hired = await hire_trader(scene)
    goal = await hired.set_goal("guardrail_report", frequency="daily", time_of_day=AHEAD)
    await hired.send("POST", "/pause")

    refused = await hired.run(goal, status=409)
    await hired.let_be_due(goal)
    await hired.until_due_again(goal)

    assert refused["reason"] == "wrong_state"
    assert (await hired.send("GET", "/runs"))["items"] == []
    await hired.send("POST", "/resume")
    assert (await hired.ended(await hired.run(goal)))["state"] == "done"


async def test_secret_in_settings_is_refused_before_anything_is_kept(scene: Scene) -> None:
    hired = await hire_trader(scene)

    refused = await hired.set_goal(
        "trade_intent_draft", settings=ENTER | {"api_secret": "s" * 40}, status=403
    )

    assert refused["reason"] == "raw_secret_rejected"
    assert (await hired.send("GET", "/goals"))["items"] == []


async def test_strangers_see_and_run_none_of_it(scene: Scene, other_scene: Scene) -> None:
    hired = await hire_trader(scene)
    goal = await hired.set_goal("trade_intent_draft", settings=ENTER)
    run = await hired.run(goal)

    for method, path in (
        ("GET", "/goals"),
        ("GET", "/runs"),
        ("GET", f"/runs/{run['run_id']}"),
        ("GET", "/deliverables"),
        ("DELETE", f"/goals/{goal['goal_id']}"),
    ):
        answer = await other_scene.http.request(method, hired.path + path)
        assert answer.status_code == 404, (method, path, answer.text)
    ran = await other_scene.http.post(f"{hired.path}/goals/{goal['goal_id']}/run", json={})
    assert ran.status_code == 404


async def test_week_of_posts_is_drafted_for_every_platform_within_its_limits(scene: Scene) -> None:
    hired = await hire_marketer(scene, platforms=(Platform.MASTODON, Platform.BLUESKY))
    goal = await hired.set_goal(
        "weekly_multichannel_batch",
        frequency="weekly",
        time_of_day="08:00",
        weekday=0,
        settings={"weekdays": [0, 3], "time_of_day": "10:00", "themes": ["monsoon"], "hashtags": ["chai"]},
    )

    drafts = await hired.delivered(await hired.run(goal))

    assert len(drafts) == 4
    for draft in drafts:
        action = draft["draft"]["action"]
        assert (draft["kind"], draft["state"]) == ("post", "pending_review")
        assert (action["kind"], action["hired_instance_id"]) == (
            "publish_post",
            hired.agent["hired_instance_id"],
        )
        assert action["params"]["scheduled_for"] == draft["scheduled_for"]
        assert check_post(Platform(action["provider"]), action["params"]["text"]).is_publishable


async def test_monthly_pack_has_its_calendar_first(scene: Scene) -> None:
    hired = await hire_marketer(scene, platforms=(Platform.MASTODON,))
    goal = await hired.set_goal(
        "monthly_campaign_pack",
        frequency="monthly",
        time_of_day="08:00",
        day_of_month=31,
        settings={"campaign": "Rain", "posts_per_month": 3, "time_of_day": "10:00"},
    )

    calendar, *posts = await hired.delivered(await hired.run(goal))

    assert (calendar["kind"], calendar["title"]) == ("report", "Rain")
    assert [post["kind"] for post in posts] == ["post"] * 3
