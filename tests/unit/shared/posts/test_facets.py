"""Bluesky's facets lie on the bytes that they name."""

from typing import Any, cast

import pytest
from atproto_client.utils.facet_detection import detect_facets
from hypothesis import given
from hypothesis import strategies as st

from shared.posts.facets import find_facets


def spans(text: str) -> list[tuple[str, str]]:
    """What each facet covers, and what it says."""
    found: list[tuple[str, str]] = []
    for facet in cast("list[Any]", find_facets(text)):
        covered = text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        feature = facet["features"][0]
        found.append((covered, feature.get("uri") or feature["tag"]))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", []),
        ("🍎 https://example.com/ä.", [("https://example.com/ä", "https://example.com/ä")]),
        ("שלום #obst, #2026 #a1", [("#obst", "obst"), ("#a1", "a1")]),
        ("example.com", []),
        ("(https://example.com)", [("https://example.com", "https://example.com")]),
        ("ipfs://example.com", []),
        ("#" + "a" * 65, []),
    ],
)
def test_links_and_tags_are_found_by_their_bytes(text: str, expected: list[tuple[str, str]]) -> None:
    assert spans(text) == expected


@given(
    st.lists(st.sampled_from(["a", "🍎", "ש", "#tag", "#zwei,", "https://example.com/x", "語"]), max_size=8)
)
def test_same_places_as_the_official_client_finds(parts: list[str]) -> None:
    text = " ".join(parts)
    theirs = [(one.index.byte_start, one.index.byte_end) for one in detect_facets(text)]

    ours = [
        (one["index"]["byteStart"], one["index"]["byteEnd"]) for one in cast("list[Any]", find_facets(text))
    ]

    assert sorted(ours) == sorted(theirs)
