"""Notifications outside: once for each channel, a summary and a link only, failures tried again and then given up."""

import json
from typing import Any
from uuid import UUID

import asyncpg

from tests.denied import Scene
from tests.goals import AHEAD, Hired, hire_trader
from tests.stored import superuser
from tests.trades import eventually

PATH = "/api/cp/notification-channels"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"

Json = dict[str, Any]


async def kept(scene: Scene, url: str, **more: Any) -> Json:
    answer = await scene.http.put(PATH, json={"url": url, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def reported(hired: Hired) -> Json:
    """A run that gives a report, and so a notification."""
    goal = await hired.set_goal("guardrail_report", frequency="daily", time_of_day=AHEAD)
    return await hired.ended(await hired.run(goal))


async def deliveries(scene: Scene, channel: Json) -> list[Json]:
    answer = await scene.http.get(f"{PATH}/{channel['channel_id']}/deliveries")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def recorded(scene: Scene, name: str) -> list[Json]:
    lines = [json.loads(line) for line in scene.stack.log_text("cp").splitlines() if line.startswith("{")]
    return [one for one in lines if one["event"] == "notification.recorded" and one["channel"] == name]


async def test_news_go_to_each_channel_once_with_a_summary_and_a_link(scene: Scene) -> None:
    hired = await hire_trader(scene)
    await reported(hired)
    first, second = (
        await kept(scene, "record://first/a-secret"),
        await kept(scene, "record://second/a-secret"),
    )

    run = await reported(hired)
    for channel in (first, second):
        found = await eventually(
            lambda channel=channel: deliveries(scene, channel),
            lambda found: [one["state"] for one in found] == ["delivered"],
        )
        assert (found[0]["attempts"], found[0]["last_error"]) == (1, None)
    await reported(hired)
    await eventually(lambda: deliveries(scene, first), lambda found: len(found) == 2)

    (news, *_), other = recorded(scene, "first"), recorded(scene, "second")
    assert news["summary"] == "Futures desk: 1 draft waits for you"
    assert news["url"].startswith("http")
    assert str(run["hired_instance_id"]) in news["url"]
    assert len(other) <= 2


async def test_channel_that_fails_is_tried_again_and_then_given_up_visibly(scene: Scene) -> None:
    hired = await hire_trader(scene)
    channel = await kept(scene, "record://broken/a-secret")
    await reported(hired)
    await eventually(lambda: deliveries(scene, channel), lambda found: bool(found and found[0]["attempts"]))
    (waiting,) = await deliveries(scene, channel)
    assert waiting["state"] == "queued"

    async with superuser(scene.stack, "cp") as connection:
        await _let_be_the_last_attempt(connection, channel)
    (given_up,) = await eventually(
        lambda: deliveries(scene, channel), lambda found: found[0]["state"] == "given_up"
    )
    assert (given_up["attempts"], given_up["last_error"]) == (8, "the test's channel is broken")


async def _let_be_the_last_attempt(connection: "asyncpg.Connection[Any]", channel: Json) -> None:
    await connection.execute(
        "UPDATE notification_deliveries SET attempts = 7, next_attempt_at = now() WHERE channel_id = $1",
        UUID(channel["channel_id"]),
    )


async def test_address_is_never_shown_again_and_is_forgotten_when_deleted(
    scene: Scene, other_scene: Scene
) -> None:
    channel = await kept(scene, SLACK)
    assert (channel["scheme"], channel["url_last4"]) == ("slack", "i7FQ")
    replaced = await kept(scene, SLACK[:-4] + "j8GR", channel_id=channel["channel_id"])
    assert (replaced["channel_id"], replaced["url_last4"]) == (channel["channel_id"], "j8GR")

    answers = [
        await scene.http.get(PATH),
        await scene.http.put(PATH, json={"url": "json://127.0.0.1/TIiajkdnlazk"}),
        await scene.http.put(PATH, json={"url": SLACK + "?template=/etc/passwd"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 422, 422]
    assert not [answer for answer in answers if "TIiajkdnlazk" in answer.text]
    assert "TIiajkdnlazk" not in scene.stack.log_text("cp")

    one = f"{PATH}/{channel['channel_id']}"
    body = {"url": SLACK, "channel_id": channel["channel_id"]}
    assert (await other_scene.http.put(PATH, json=body)).status_code == 404
    assert (await other_scene.http.delete(one)).status_code == 404
    assert (await other_scene.http.get(f"{one}/deliveries")).status_code == 404
    assert (await scene.http.delete(one)).status_code == 204
    assert (await scene.http.delete(one)).status_code == 404
    async with superuser(scene.stack, "cp") as connection:
        kept_secret = await connection.fetchval(
            "SELECT ciphertext FROM notification_channels WHERE channel_id = $1", UUID(channel["channel_id"])
        )
    assert kept_secret is None
