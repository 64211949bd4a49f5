"""LinkedIn's posts: versioned, by an author of one's own, with the id in a header."""

from typing import Any

import pytest

from tests.unit.sandbox.platforms import PlatformCaller
from tests.unit.sandbox.traders import HttpTrader

VERSIONS = {"Linkedin-Version": "202610", "X-Restli-Protocol-Version": "2.0.0"}
AUTHOR = "urn:li:organization:5000001"


@pytest.fixture
def caller(trader: HttpTrader) -> PlatformCaller:
    return PlatformCaller(trader.client, "linkedin", "demo-linkedin-token-a", VERSIONS)


def create_body(commentary: str = "hello", **changes: Any) -> dict[str, Any]:
    return {
        "author": AUTHOR,
        "commentary": commentary,
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED"},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
        **changes,
    }


async def test_post_is_created_with_its_id_in_a_header(caller: PlatformCaller) -> None:
    created = await caller.post("/rest/posts", body=create_body("a \\(b\\)"))

    assert (created.status_code, created.content) == (201, b"")
    assert created.headers["x-restli-id"].startswith("urn:li:share:")
    assert [post["text"] for post in await caller.stored()] == ["a (b)"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"commentary": "a" * 3_000}, 201),
        ({"commentary": "a" * 3_001}, 422),
        ({"commentary": "a(b"}, 422),
        ({"commentary": ""}, 422),
        ({"author": "urn:li:organization:1"}, 403),
        ({"lifecycleState": "DRAFT"}, 422),
        ({"visibility": "EVERYBODY"}, 422),
    ],
)
async def test_post_is_judged(caller: PlatformCaller, changes: dict[str, Any], status: int) -> None:
    assert (await caller.post("/rest/posts", body=create_body(**changes))).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Linkedin-Version": "2026", "X-Restli-Protocol-Version": "2.0.0"}, 426),
        ({"Linkedin-Version": "202610"}, 400),
    ],
)
async def test_versions_are_needed(caller: PlatformCaller, headers: dict[str, str], status: int) -> None:
    bare = PlatformCaller(caller.client, "linkedin", caller.token, headers)

    assert (await bare.post("/rest/posts", body=create_body())).status_code == status


async def test_duplicate_is_refused(caller: PlatformCaller) -> None:
    first = await caller.post("/rest/posts", body=create_body())

    again = await caller.post("/rest/posts", body=create_body())

    assert again.status_code == 422
    assert first.headers["x-restli-id"] in again.json()["message"]


async def test_only_an_organizations_posts_are_shown(caller: PlatformCaller) -> None:
    person = PlatformCaller(caller.client, "linkedin", "demo-linkedin-token-b", VERSIONS)
    await caller.post("/rest/posts", body=create_body())

    shown = await caller.get("/rest/posts", q="author", author=AUTHOR)
    hidden = await person.get("/rest/posts", q="author", author="urn:li:person:demoB")

    assert [post["commentary"] for post in shown.json()["elements"]] == ["hello"]
    assert hidden.status_code == 403
