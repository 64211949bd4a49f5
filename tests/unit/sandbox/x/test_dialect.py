"""X's posts: weighed, never twice the same, with rate headers, by tokens that are refreshed once."""

import pytest

from tests.unit.sandbox.platforms import PlatformCaller
from tests.unit.sandbox.traders import HttpTrader


@pytest.fixture
def caller(trader: HttpTrader) -> PlatformCaller:
    return PlatformCaller(trader.client, "x", "demo-x-token-a")


async def test_post_is_created_and_listed(caller: PlatformCaller) -> None:
    created = await caller.post("/2/tweets", body={"text": "a & https://example.com"})
    me = (await caller.get("/2/users/me")).json()["data"]["id"]

    listed = (await caller.get(f"/2/users/{me}/tweets", max_results=5)).json()

    assert created.status_code == 201
    assert listed["meta"]["result_count"] == 1
    assert listed["data"][0]["id"] == created.json()["data"]["id"]
    assert listed["data"][0]["entities"]["urls"][0]["expanded_url"] == "https://example.com"
    assert [post["text"] for post in await caller.stored()] == ["a & https://example.com"]


async def test_same_text_again_is_refused_for_the_same_account_only(caller: PlatformCaller) -> None:
    other = PlatformCaller(caller.client, "x", "demo-x-token-b")
    await caller.post("/2/tweets", body={"text": "same"})

    again = await caller.post("/2/tweets", body={"text": "same"})
    elsewhere = await other.post("/2/tweets", body={"text": "same"})

    assert again.status_code == 403
    assert "duplicate content" in again.json()["detail"]
    assert elsewhere.status_code == 201


@pytest.mark.parametrize(("text", "status"), [("語" * 140, 201), ("語" * 141, 403), ("", 400), (" ", 400)])
async def test_text_is_judged(caller: PlatformCaller, text: str, status: int) -> None:
    assert (await caller.post("/2/tweets", body={"text": text})).status_code == status


async def test_answers_tell_what_is_left(caller: PlatformCaller) -> None:
    answer = await caller.get("/2/users/me")

    assert answer.headers["x-rate-limit-remaining"] == "299"
    assert answer.headers["x-rate-limit-reset"].isdigit()


async def test_refreshed_token_lives_two_hours(caller: PlatformCaller) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "demo-x-refresh-a", "client_id": "demo-x-client"}
    issued = await caller.post("/2/oauth2/token", form=form)
    renewed = PlatformCaller(caller.client, "x", issued.json()["access_token"])

    in_time = await renewed.get("/2/users/me")
    await caller.set_clock(7_201)
    late = await renewed.get("/2/users/me")
    used = await caller.post("/2/oauth2/token", form=form)

    assert [answer.status_code for answer in (in_time, late, used)] == [200, 401, 400]
    assert issued.json()["access_token"] not in (await caller.client.get("/_control/ledger?venue=x")).text
