"""The atproto client runs unchanged against the sandbox, and what it posts is what our publisher posts."""

from typing import Any

import httpx
import pytest
from atproto import Client
from atproto_client.exceptions import BadRequestError, UnauthorizedError

from plant.publishers.base import Published
from plant.publishers.bluesky import BlueskyPublisher, record_key
from shared.http_client import open_http_client
from shared.posts.model import Platform
from tests.posts import LONG_AGO, create_credentials, create_post, prepare, stored_posts

TEXT = "Neu: Äpfel 🍎 https://example.com/a?b=1 👩‍👩‍👧 שלום #obst"


@pytest.fixture
def client(platforms: str) -> Client:
    client = Client(base_url=f"{platforms}/bluesky/xrpc")
    client.login("demo-b.bsky.test", "demo-bluesky-password-b")
    return client


def test_session_is_opened_and_refreshed(client: Client) -> None:
    exported = client.export_session_string()
    session: Any = client.com.atproto.server.get_session()

    refreshed: Any = client.com.atproto.server.refresh_session(
        headers={"Authorization": f"Bearer {exported.split(':::')[3]}"}
    )

    assert session.handle == "demo-b.bsky.test"
    assert refreshed.did == session.did


def test_post_is_sent_and_read_back(client: Client, platforms: str) -> None:
    sent = client.send_post(TEXT, langs=["de"])

    read: Any = client.get_post(sent.uri.rpartition("/")[2])
    assert read.value.text == TEXT
    assert [post["text"] for post in stored_posts(platforms, Platform.BLUESKY)] == [TEXT]


def test_too_long_post_raises_the_clients_error(client: Client) -> None:
    with pytest.raises(BadRequestError, match="300 graphemes"):
        client.send_post("a" * 301)


def test_wrong_password_raises_the_clients_error(platforms: str) -> None:
    with pytest.raises(UnauthorizedError):
        Client(base_url=f"{platforms}/bluesky/xrpc").login("demo-b.bsky.test", "wrong")


def test_expired_session_is_refused(client: Client, platforms: str) -> None:
    httpx.put(f"{platforms}/_control/clock", json={"offset_s": 7_300}).raise_for_status()

    with pytest.raises(BadRequestError, match="ExpiredToken"):
        client.send_post("after two hours")


def test_session_that_the_client_takes_for_old_is_renewed(platforms: str) -> None:
    httpx.put(f"{platforms}/_control/clock", json={"offset_s": -7_300}).raise_for_status()
    client = Client(base_url=f"{platforms}/bluesky/xrpc")
    client.login("demo-b.bsky.test", "demo-bluesky-password-b")

    client.send_post("after two hours")

    assert [post["text"] for post in stored_posts(platforms, Platform.BLUESKY)] == ["after two hours"]
    ledger = httpx.get(f"{platforms}/_control/ledger?venue=bluesky").json()["items"]
    assert "/xrpc/com.atproto.server.refreshSession" in [entry["path"] for entry in ledger]


def test_dropped_answer_reaches_the_client_and_the_post_is_there(client: Client, platforms: str) -> None:
    fault = {
        "venue": "bluesky",
        "fault": "accept_then_drop",
        "match": {"method": "POST", "path": "/xrpc/com.atproto.repo.createRecord"},
    }
    httpx.post(f"{platforms}/_control/faults", json=fault).raise_for_status()

    with pytest.raises(httpx.RemoteProtocolError):
        client.send_post("lost")

    assert [post["text"] for post in stored_posts(platforms, Platform.BLUESKY)] == ["lost"]


async def test_our_publisher_stores_the_same_record(client: Client, platforms: str) -> None:
    post = create_post(Platform.BLUESKY, TEXT)
    async with open_http_client(base_url=f"{platforms}/bluesky") as http:
        publisher = BlueskyPublisher(http)
        session = await publisher.sign_in(create_credentials(Platform.BLUESKY))
        outcome = await publisher.send(prepare(publisher, post, session=session))
        found = await publisher.find_post(post, client_order_id="cs1", since=LONG_AGO, session=session)
    client.send_post(TEXT, langs=["en"], facets=client.detect_facets(TEXT))

    assert isinstance(outcome, Published)
    assert found is not None
    assert found.post_id == outcome.receipt.post_id
    assert found.post_id.endswith(record_key("cs1"))
    ours, theirs = (one["record"] for one in stored_posts(platforms, Platform.BLUESKY))
    assert {**ours, "createdAt": ""} == {**theirs, "createdAt": ""}
