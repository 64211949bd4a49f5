"""Mastodon's statuses: kept by their key for an hour, stripped, limited, shown to their owner."""

import httpx
import pytest

from tests.unit.sandbox.platforms import PlatformCaller
from tests.unit.sandbox.traders import HttpTrader


@pytest.fixture
def caller(trader: HttpTrader) -> PlatformCaller:
    return PlatformCaller(trader.client, "mastodon", "demo-mastodon-token-a")


async def test_key_replays_the_first_status_for_an_hour(caller: PlatformCaller) -> None:
    first = await caller.post("/api/v1/statuses", form={"status": "one"}, Idempotency_Key="k")
    await caller.set_clock(3_599)
    replayed = await caller.post("/api/v1/statuses", form={"status": "two"}, Idempotency_Key="k")
    await caller.set_clock(3_601)
    anew = await caller.post("/api/v1/statuses", form={"status": "three"}, Idempotency_Key="k")

    assert replayed.json()["id"] == first.json()["id"] != anew.json()["id"]
    assert [post["text"] for post in await caller.stored()] == ["one", "three"]


async def test_key_of_another_account_is_another_key(caller: PlatformCaller) -> None:
    other = PlatformCaller(caller.client, "mastodon", "demo-mastodon-token-b")
    await caller.post("/api/v1/statuses", form={"status": "one"}, Idempotency_Key="k")
    await other.post("/api/v1/statuses", form={"status": "two"}, Idempotency_Key="k")

    assert [(post["api_key"], post["text"]) for post in await caller.stored()] == [
        ("demo_a", "one"),
        ("demo_b", "two"),
    ]


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"status": "a" * 500}, 200, None),
        ({"status": "a" * 501}, 422, "Validation failed: Text character limit of 500 exceeded"),
        ({"status": " \n"}, 422, "Validation failed: Text can't be blank"),
        ({}, 422, "Validation failed: Text can't be blank"),
        (
            {"status": "a", "visibility": "secret"},
            422,
            "Validation failed: Visibility is not included in the list",
        ),
    ],
)
async def test_status_is_judged(
    caller: PlatformCaller, form: dict[str, str], status: int, error: str | None
) -> None:
    answer = await caller.post("/api/v1/statuses", form=form or {"other": "x"})

    assert (answer.status_code, answer.json().get("error")) == (status, error)


async def test_status_loses_the_space_around_it(caller: PlatformCaller) -> None:
    posted = await caller.post("/api/v1/statuses", form={"status": " a & b \n"})

    source = await caller.get(f"/api/v1/statuses/{posted.json()['id']}/source")
    assert source.json()["text"] == "a & b"
    assert posted.json()["content"] == "<p>a &amp; b</p>"


async def test_answers_tell_what_is_left(caller: PlatformCaller) -> None:
    await caller.client.put(
        "/_control/rate_limit", json={"venue": "mastodon", "api_key": "demo_a", "units": 1}
    )

    first = await caller.get("/api/v1/accounts/verify_credentials")
    second = await caller.get("/api/v1/accounts/verify_credentials")

    assert (first.status_code, first.headers["X-RateLimit-Remaining"]) == (200, "0")
    assert (second.status_code, second.json()) == (429, {"error": "too many requests"})


async def test_statuses_are_paged_and_only_ones_own(caller: PlatformCaller) -> None:
    other = PlatformCaller(caller.client, "mastodon", "demo-mastodon-token-b")
    me = (await caller.get("/api/v1/accounts/verify_credentials")).json()["id"]
    ids = [(await caller.post("/api/v1/statuses", form={"status": text})).json()["id"] for text in "abc"]

    newest = await caller.get(f"/api/v1/accounts/{me}/statuses", limit=2)
    older = await caller.get(f"/api/v1/accounts/{me}/statuses", max_id=ids[1])

    assert [status["id"] for status in newest.json()] == [ids[2], ids[1]]
    assert [status["id"] for status in older.json()] == [ids[0]]
    assert (await other.get(f"/api/v1/statuses/{ids[0]}/source")).status_code == 404


async def test_ledger_shows_no_token(caller: PlatformCaller) -> None:
    await caller.post("/api/v1/statuses", form={"status": "demo-mastodon-token-a"})

    entries: httpx.Response = await caller.client.get("/_control/ledger?venue=mastodon")

    assert "demo-mastodon-token-a" not in entries.text
    assert entries.json()["items"][0]["api_key"] == "demo_a"


async def test_platform_has_no_orders_and_an_exchange_no_posts(caller: PlatformCaller) -> None:
    orders = await caller.client.get("/_control/orders?venue=mastodon")
    posts = await caller.client.get("/_control/posts?venue=delta")

    assert (orders.status_code, posts.status_code) == (422, 422)


async def test_further_account_can_post(caller: PlatformCaller) -> None:
    body = {"venue": "mastodon", "api_key": "new", "api_secret": "new-token"}
    created = await caller.client.post("/_control/accounts", json=body)

    await PlatformCaller(caller.client, "mastodon", "new-token").post(
        "/api/v1/statuses", form={"status": "hello"}
    )

    assert created.status_code == 201
    assert (await caller.client.post("/_control/accounts", json=body)).status_code == 409
    assert [post["api_key"] for post in await caller.stored()] == ["new"]
