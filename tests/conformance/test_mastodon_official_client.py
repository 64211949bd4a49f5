"""Mastodon.py runs unchanged against the sandbox, and what it posts is what our publisher posts."""

from typing import Any

import httpx
import pytest
from mastodon import Mastodon, MastodonAPIError, MastodonNetworkError, MastodonUnauthorizedError

from plant.publishers.base import Published
from plant.publishers.mastodon import MastodonPublisher
from shared.http_client import open_http_client
from shared.posts.model import Platform, Visibility
from tests.posts import LONG_AGO, create_credentials, create_post, prepare, stored_posts

TEXT = "Neu: Äpfel 🍎 & <Birnen>\n\nhttps://example.com/a?b=1 👩‍👩‍👧 שלום #obst"


@pytest.fixture
def client(platforms: str) -> Mastodon:
    return Mastodon(
        access_token="demo-mastodon-token-b", api_base_url=f"{platforms}/mastodon", ratelimit_method="throw"
    )


def test_account_is_verified(client: Mastodon) -> None:
    me: Any = client.account_verify_credentials()

    assert me.acct == "demo_b"


def test_status_is_posted_and_read_back(client: Mastodon, platforms: str) -> None:
    posted: Any = client.status_post(TEXT, visibility="unlisted", language="de")

    assert posted.visibility == "unlisted"
    assert posted.language == "de"
    assert client.status_source(posted.id).text == TEXT
    assert [status.id for status in client.account_statuses(client.me().id)] == [posted.id]
    assert [post["text"] for post in stored_posts(platforms, Platform.MASTODON)] == [TEXT]


def test_same_key_gives_the_first_status(client: Mastodon, platforms: str) -> None:
    first: Any = client.status_post("once", idempotency_key="k1")
    again: Any = client.status_post("once", idempotency_key="k1")

    assert again.id == first.id
    assert len(stored_posts(platforms, Platform.MASTODON)) == 1


def test_too_long_status_raises_the_clients_error(client: Mastodon) -> None:
    with pytest.raises(MastodonAPIError, match="Text character limit of 500 exceeded"):
        client.status_post("a" * 501)


def test_wrong_token_raises_the_clients_error(platforms: str) -> None:
    stranger = Mastodon(access_token="wrong", api_base_url=f"{platforms}/mastodon")

    with pytest.raises(MastodonUnauthorizedError):
        stranger.status_post("no")


def test_dropped_answer_reaches_the_client_and_the_status_is_there(client: Mastodon, platforms: str) -> None:
    fault = {"venue": "mastodon", "fault": "accept_then_drop", "match": {"method": "POST"}}
    httpx.post(f"{platforms}/_control/faults", json=fault).raise_for_status()

    with pytest.raises(MastodonNetworkError):
        client.status_post("lost", idempotency_key="k2")

    assert [post["text"] for post in stored_posts(platforms, Platform.MASTODON)] == ["lost"]


async def test_our_publisher_stores_the_same_status(client: Mastodon, platforms: str) -> None:
    post = create_post(Platform.MASTODON, TEXT, visibility=Visibility.UNLISTED)
    async with open_http_client(base_url=f"{platforms}/mastodon") as http:
        publisher = MastodonPublisher(http)
        session = await publisher.sign_in(create_credentials(Platform.MASTODON))
        outcome = await publisher.send(prepare(publisher, post, session=session))
        found = await publisher.find_post(post, client_order_id="cs1", since=LONG_AGO, session=session)
    client.status_post(TEXT, visibility="unlisted", language="en", idempotency_key="cs1")

    assert isinstance(outcome, Published)
    assert found is not None
    assert found.post_id == outcome.receipt.post_id
    ours, theirs = stored_posts(platforms, Platform.MASTODON)
    own = {"post_id", "api_key", "created_at"}
    assert {name: ours[name] for name in ours.keys() - own} == {
        name: theirs[name] for name in theirs.keys() - own
    }
    assert ours["text"] == TEXT
