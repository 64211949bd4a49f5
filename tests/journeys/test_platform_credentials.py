"""Connecting a platform for posts on the real stack: stored, tested with one read, forgotten."""

from typing import Any

from shared.posts.model import Platform
from tests.denied import Scene
from tests.posts import IDENTITIES

PATH = "/api/cp/platform-credentials"


async def connect(scene: Scene, platform: Platform, **changes: Any) -> str:
    identity, token = IDENTITIES[platform]
    body = {"platform": platform, "posting_identity": identity, "access_token": token}
    stored = await scene.http.put(PATH, json=body | changes)
    assert stored.status_code == 200, stored.text
    return stored.json()["credential_ref"]


async def test_each_platform_knows_whose_the_stored_token_is(scene: Scene) -> None:
    found: dict[str, str] = {}
    for platform in Platform:
        ref = await connect(scene, platform)
        answer = await scene.http.post(f"{PATH}/{ref}/test")
        found[platform] = answer.json()["detail"] if answer.json()["ok"] else answer.text

    assert {platform for platform, detail in found.items() if "knows the token" not in detail} == set()


async def test_token_that_the_platform_refuses_is_reported(scene: Scene) -> None:
    ref = await connect(scene, Platform.MASTODON, access_token="not-a-token-of-theirs")

    answer = await scene.http.post(f"{PATH}/{ref}/test")

    assert (answer.status_code, answer.json()["ok"]) == (200, False)
    assert "not-a-token" not in answer.text


async def test_forgotten_account_cannot_be_tested(scene: Scene) -> None:
    ref = await connect(scene, Platform.BLUESKY)

    deleted = await scene.http.delete(f"{PATH}/{ref}")

    assert deleted.status_code == 204
    assert (await scene.http.post(f"{PATH}/{ref}/test")).status_code == 404
