"""A served sandbox for all tests of publishers, and each publisher at its place in it."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from plant.publishers.base import Publisher
from plant.publishers.bluesky import BlueskyPublisher
from plant.publishers.linkedin import LinkedInPublisher
from plant.publishers.mastodon import MastodonPublisher
from plant.publishers.meta import FacebookPublisher, InstagramPublisher
from plant.publishers.x import XPublisher
from shared.http_client import Http
from shared.posts.model import Platform
from tests.http_double import HttpDouble
from tests.unit.sandbox.serve import served_sandbox

MAKERS: dict[Platform, Callable[[Http], Publisher]] = {
    Platform.MASTODON: MastodonPublisher,
    Platform.BLUESKY: BlueskyPublisher,
    Platform.X: lambda http: XPublisher(http, client_id="demo-x-client"),
    Platform.LINKEDIN: lambda http: LinkedInPublisher(http, http, client_id="demo-linkedin-client"),
    Platform.FACEBOOK: FacebookPublisher,
    Platform.INSTAGRAM: InstagramPublisher,
}


@pytest.fixture(scope="session")
async def served() -> AsyncIterator[httpx.AsyncClient]:
    async with served_sandbox() as client:
        yield client


@pytest.fixture
async def control(served: httpx.AsyncClient) -> httpx.AsyncClient:
    (await served.post("/_control/reset")).raise_for_status()
    return served


@pytest.fixture
async def publishers(control: httpx.AsyncClient) -> AsyncIterator[Callable[[Platform], Publisher]]:
    clients: list[httpx.AsyncClient] = []

    def create(platform: Platform) -> Publisher:
        venue = "meta" if platform in (Platform.FACEBOOK, Platform.INSTAGRAM) else platform.value
        client = httpx.AsyncClient(base_url=f"{control.base_url}/{venue}")
        clients.append(client)
        return MAKERS[platform](HttpDouble(client))

    yield create
    for client in clients:
        await client.aclose()
