"""tweepy runs against the sandbox, its fixed host replaced, and what it posts is what our publisher posts."""

from typing import Any

import pytest
import requests
import tweepy
from requests.adapters import HTTPAdapter

from plant.publishers.base import Published
from plant.publishers.x import XPublisher
from shared.http_client import open_http_client
from shared.posts.model import Platform
from tests.posts import LONG_AGO, create_credentials, create_post, prepare, stored_posts

TEXT = "Neu: Äpfel 🍎 & <Birnen> https://example.com/a?b=1 👩‍👩‍👧 שלום #obst"

# The client comes without types.
XClient = Any


class Redirected(HTTPAdapter):
    """The client has no option for its host."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **named: Any) -> requests.Response:
        assert request.url is not None
        request.url = request.url.replace("https://api.twitter.com", self._url)
        request.url = request.url.replace("https://api.x.com", self._url)
        return super().send(request, *args, **named)


@pytest.fixture
def client(platforms: str) -> XClient:
    client: XClient = tweepy.Client(bearer_token="demo-x-token-b")
    client.session.mount("https://", Redirected(f"{platforms}/x"))
    return client


def test_post_is_created_and_listed(client: XClient, platforms: str) -> None:
    me = client.get_me(user_auth=False).data

    created = client.create_tweet(text=TEXT, user_auth=False).data

    listed = client.get_users_tweets(me.id).data
    assert me.username == "demo_b"
    assert [str(tweet.id) for tweet in listed] == [created["id"]]
    assert [post["text"] for post in stored_posts(platforms, Platform.X)] == [TEXT]


def test_duplicate_raises_the_clients_error(client: XClient) -> None:
    client.create_tweet(text="same", user_auth=False)

    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        client.create_tweet(text="same", user_auth=False)


def test_wrong_token_raises_the_clients_error(client: XClient, platforms: str) -> None:
    stranger: XClient = tweepy.Client(bearer_token="wrong")
    stranger.session.mount("https://", Redirected(f"{platforms}/x"))

    with pytest.raises(tweepy.Unauthorized):
        stranger.create_tweet(text="no", user_auth=False)


async def test_our_publisher_stores_the_same_post(client: XClient, platforms: str) -> None:
    post = create_post(Platform.X, TEXT)
    async with open_http_client(base_url=f"{platforms}/x") as http:
        publisher = XPublisher(http)
        session = await publisher.sign_in(create_credentials(Platform.X))
        outcome = await publisher.send(prepare(publisher, post, session=session))
        found = await publisher.find_post(post, client_order_id="cs1", since=LONG_AGO, session=session)
    client.create_tweet(text=TEXT, user_auth=False)

    assert isinstance(outcome, Published)
    assert found is not None
    assert found.post_id == outcome.receipt.post_id
    ours, theirs = stored_posts(platforms, Platform.X)
    assert (ours["text"], ours["visibility"]) == (theirs["text"], theirs["visibility"]) == (TEXT, "public")
