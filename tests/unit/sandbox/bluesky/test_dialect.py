"""Bluesky's sessions and records: tokens that end, keys that are taken once, facets that fit the bytes."""

import base64
import json
from typing import Any

import pytest

from tests.unit.sandbox.platforms import PlatformCaller
from tests.unit.sandbox.traders import HttpTrader

KEY = "3kabcdefghij2"
POSTS = "app.bsky.feed.post"
CREATE = "/xrpc/com.atproto.repo.createRecord"


@pytest.fixture
async def caller(trader: HttpTrader) -> PlatformCaller:
    session = await sign_in(trader)
    return PlatformCaller(trader.client, "bluesky", session["accessJwt"])


async def sign_in(trader: HttpTrader, **changes: str) -> Any:
    body = {"identifier": "demo-a.bsky.test", "password": "demo-bluesky-password-a", **changes}
    return (await trader.client.post("/bluesky/xrpc/com.atproto.server.createSession", json=body)).json()


def write(text: str = "hello", *, rkey: str | None = KEY, **record: Any) -> dict[str, Any]:
    content = {"$type": POSTS, "text": text, "createdAt": "2026-11-20T12:00:00.000Z", **record}
    body: dict[str, Any] = {"repo": "demo-a.bsky.test", "collection": POSTS, "record": content}
    return {**body, "rkey": rkey} if rkey else body


async def test_tokens_can_be_decoded(trader: HttpTrader) -> None:
    session = await sign_in(trader)

    header, claims, _ = session["accessJwt"].split(".")
    decoded = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert json.loads(base64.urlsafe_b64decode(header + "=="))["typ"] == "at+jwt"
    assert decoded["sub"] == session["did"]
    assert decoded["exp"] - decoded["iat"] == 7_200
    assert decoded["scope"] == "com.atproto.appPass"


async def test_wrong_password_is_refused(trader: HttpTrader) -> None:
    assert (await sign_in(trader, password="wrong"))["error"] == "AuthenticationRequired"


async def test_session_ends_after_two_hours(caller: PlatformCaller) -> None:
    await caller.set_clock(7_199)
    in_time = await caller.get("/xrpc/com.atproto.server.getSession")
    await caller.set_clock(7_201)
    late = await caller.get("/xrpc/com.atproto.server.getSession")

    assert in_time.status_code == 200
    assert (late.status_code, late.json()["error"]) == (400, "ExpiredToken")


async def test_refresh_token_is_good_once_and_for_refreshing_only(trader: HttpTrader) -> None:
    refresh = PlatformCaller(trader.client, "bluesky", (await sign_in(trader))["refreshJwt"])

    first = await refresh.post("/xrpc/com.atproto.server.refreshSession")
    second = await refresh.post("/xrpc/com.atproto.server.refreshSession")
    misused = await refresh.get("/xrpc/com.atproto.server.getSession")

    assert [answer.status_code for answer in (first, second, misused)] == [200, 400, 400]


@pytest.mark.parametrize("change", ["e", "x.y.z", "..", "eyJhbGciOiJub25lIn0.e30."])
async def test_forged_token_is_refused(caller: PlatformCaller, change: str) -> None:
    token = caller.token + change if change == "e" else change

    answer = await PlatformCaller(caller.client, "bluesky", token).get("/xrpc/com.atproto.server.getSession")

    assert answer.status_code == 400


async def test_key_is_taken_once(caller: PlatformCaller) -> None:
    first = await caller.post(CREATE, body=write())
    second = await caller.post(CREATE, body=write("other"))
    replaced = await caller.post("/xrpc/com.atproto.repo.putRecord", body=write("third"))

    assert (first.status_code, second.status_code, replaced.status_code) == (200, 500, 200)
    assert first.json()["uri"].endswith(f"/{POSTS}/{KEY}")
    assert [post["text"] for post in await caller.stored()] == ["third"]


async def test_record_without_a_key_gets_one(caller: PlatformCaller) -> None:
    created = await caller.post(CREATE, body=write(rkey=None))

    key = created.json()["uri"].rpartition("/")[2]
    query = {"repo": "demo-a.bsky.test", "collection": POSTS, "rkey": key}
    found = await caller.get("/xrpc/com.atproto.repo.getRecord", **query)
    listed = await caller.get("/xrpc/com.atproto.repo.listRecords", repo=query["repo"], collection=POSTS)
    missing = await caller.get("/xrpc/com.atproto.repo.getRecord", **{**query, "rkey": KEY})
    assert found.json()["value"]["text"] == "hello"
    assert [record["uri"] for record in listed.json()["records"]] == [created.json()["uri"]]
    assert (missing.status_code, missing.json()["error"]) == (400, "RecordNotFound")


def facet(start: int, end: int, **feature: str) -> dict[str, Any]:
    kind = {"$type": "app.bsky.richtext.facet#tag", "tag": "a", **feature}
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [kind]}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (write("🇩🇪" * 300), 200),
        (write("🇩🇪" * 301), 400),
        (write("👩‍👩‍👧‍👦" * 120), 200),
        (write("👩‍👩‍👧‍👦" * 121), 400),
        (write(rkey="not-a-tid"), 400),
        (write(rkey="zkabcdefghij2"), 400),
        (write(createdAt="yesterday"), 400),
        (write(createdAt="2026-11-20T12:00:00"), 400),
        (write(langs=["en", "de", "fr"]), 200),
        (write(langs=["en", "de", "fr", "it"]), 400),
        (write("ä#a", facets=[facet(2, 4)]), 200),
        (write("ä#a", facets=[facet(1, 4)]), 400),
        (write("ä#a", facets=[facet(2, 5)]), 400),
        (write("ä#a", facets=[facet(2, 2)]), 400),
        (write("ä#a", facets=[facet(2, 4, tag="")]), 400),
        (write("ä#a", facets=[{}]), 400),
        (write("a", **{"$type": "other"}), 400),
        ({**write(), "repo": "demo-b.bsky.test"}, 401),
        ({**write(), "collection": "app.bsky.feed.like"}, 400),
    ],
)
async def test_record_is_judged(caller: PlatformCaller, body: dict[str, Any], status: int) -> None:
    assert (await caller.post(CREATE, body=body)).status_code == status


async def test_ledger_names_the_account_and_hides_the_password(trader: HttpTrader) -> None:
    session = await sign_in(trader)
    await PlatformCaller(trader.client, "bluesky", session["accessJwt"]).post(CREATE, body=write())

    ledger = await trader.client.get("/_control/ledger?venue=bluesky")

    assert [entry["api_key"] for entry in ledger.json()["items"]] == [None, "demo-a.bsky.test"]
    assert "demo-bluesky-password-a" not in ledger.text
