"""Posts, permits, credentials and what the sandbox holds of them, for tests of publishers."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from pydantic import SecretStr

from plant.permits import Permit
from plant.publishers import base as publishers
from plant.publishers.base import PlatformCredentials, PreparedPost, Publisher, Session
from shared.ids import ActionHash, ExecutionId
from shared.posts.model import Platform, PostParams, Visibility

ACTION_HASH = ActionHash("sha256:" + "a" * 64)
PERMIT = Permit(ACTION_HASH, ExecutionId(UUID(int=3)))
IMAGE_URL = f"https://media.example.test/{'0' * 64}.jpg"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

IDENTITIES = {
    Platform.MASTODON: ("demo_a", "demo-mastodon-token-a"),
    Platform.BLUESKY: ("demo-a.bsky.test", "demo-bluesky-password-a"),
    Platform.X: ("demo_a", "demo-x-token-a"),
    Platform.LINKEDIN: ("urn:li:organization:5000001", "demo-linkedin-token-a"),
    Platform.FACEBOOK: ("100000000000001", "demo-facebook-token-a"),
    Platform.INSTAGRAM: ("17841400000000001", "demo-instagram-token-a"),
}
VENUES = {platform: platform.value for platform in Platform} | {
    Platform.FACEBOOK: "meta",
    Platform.INSTAGRAM: "meta",
}


def create_post(platform: Platform, text: str = "Good morning", **changes: Any) -> PostParams:
    image_url = IMAGE_URL if platform is Platform.INSTAGRAM else None
    visibility = changes.pop("visibility", Visibility.PUBLIC)
    return PostParams(
        platform=platform, text=text, language="en", visibility=visibility, image_url=image_url, **changes
    )


def create_credentials(platform: Platform, *, read_only: bool = False, **changes: Any) -> PlatformCredentials:
    identity, token = IDENTITIES[platform]
    values: dict[str, Any] = {"posting_identity": identity, "access_token": SecretStr(token), **changes}
    return PlatformCredentials(platform=platform, read_only=read_only, **values)


def prepare(publisher: Publisher, post: PostParams, *, session: Session, key: str = "cs1") -> PreparedPost:
    return publishers.prepare(
        publisher, post, action_hash=ACTION_HASH, permit=PERMIT, client_order_id=key, session=session
    )


def stored_posts(sandbox_url: str, platform: Platform, *, api_key: str | None = None) -> list[dict[str, Any]]:
    query = {"venue": VENUES[platform], **({"api_key": api_key} if api_key else {})}
    answer = httpx.get(f"{sandbox_url}/_control/posts", params=query)
    return answer.raise_for_status().json()["items"]
