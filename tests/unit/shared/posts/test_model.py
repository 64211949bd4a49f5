"""A post's own JSON is the canonical one, and no character of its text is changed on the way."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.posts.model import Platform, PostParams, Visibility
from tests.posts import IMAGE_URL, create_post


@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=80))
def test_own_json_is_canonical_and_keeps_every_byte(text: str) -> None:
    post = create_post(Platform.MASTODON, text, scheduled_for="2026-12-01T09:00:00Z")

    sent = post.model_dump_json().encode()

    assert sent == rfc8785.dumps(post.model_dump(mode="json"))
    assert PostParams.model_validate_json(sent).text.encode() == text.encode()


def test_fields_are_in_canonical_order() -> None:
    assert list(PostParams.model_fields) == sorted(PostParams.model_fields)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "a\x00"},
        {"text": "\ud800"},
        {"text": "a" * 63_207},
        {"language": "English"},
        {"posting_identity": "a b"},
        {"posting_identity": ""},
        {"scheduled_for": "2026-12-01T09:00:00+00:00"},
        {"scheduled_for": "2026-13-01T09:00:00Z"},
        {"image_url": IMAGE_URL},
        {"platform": "myspace"},
        {"unknown": 1},
    ],
)
def test_malformed_post_is_refused(changes: dict[str, Any]) -> None:
    values = {"platform": "mastodon", "text": "a", "language": "en", **changes}

    with pytest.raises(ValidationError):
        PostParams.model_validate(values)


@pytest.mark.parametrize(
    ("platform", "visibility", "is_taken"),
    [
        (Platform.MASTODON, Visibility.FOLLOWERS, True),
        (Platform.MASTODON, Visibility.UNLISTED, True),
        (Platform.BLUESKY, Visibility.FOLLOWERS, False),
        (Platform.X, Visibility.UNLISTED, False),
        (Platform.LINKEDIN, Visibility.FOLLOWERS, True),
        (Platform.LINKEDIN, Visibility.UNLISTED, False),
        (Platform.FACEBOOK, Visibility.FOLLOWERS, False),
    ],
)
def test_visibility_that_a_platform_lacks_is_refused(
    platform: Platform, visibility: Visibility, *, is_taken: bool
) -> None:
    values = {"platform": platform, "text": "a", "language": "en", "visibility": visibility}

    if is_taken:
        assert PostParams.model_validate(values).visibility is visibility
    else:
        with pytest.raises(ValidationError, match="visibility"):
            PostParams.model_validate(values)


@pytest.mark.parametrize(
    "image_url", [None, "https://a.example/cat.jpg", "http://a.example/" + "0" * 64 + ".jpg"]
)
def test_instagram_needs_a_picture_that_is_named_by_its_content(image_url: str | None) -> None:
    values = {"platform": "instagram", "text": "a", "language": "en", "image_url": image_url}

    with pytest.raises(ValidationError):
        PostParams.model_validate(values)
    assert json.loads(create_post(Platform.INSTAGRAM).model_dump_json())["image_url"] == IMAGE_URL
