"""The sandbox counts by code of its own; where that and the product's agree, neither is a slip of the pen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.linkedin.little_text import plain_text
from sandbox.mastodon.text import count_characters
from sandbox.social.call import SocialError
from sandbox.social.graphemes import count_graphemes
from sandbox.x.text import shorten, weigh
from shared.posts import graphemes, x_weight
from shared.posts.check import count_mastodon

CLUSTERS = (
    "a\u0301\u200d\ufe0f👩👧🏽🇩🇪क\u094dष\u093cி각\u1100\u1161\u11a8\r\n\u0600🏴\U000e0067\U000e007f1\u20e3☺"
)
PARTS = [
    "a", "É", "e\u0301", "語", "ש", "🍎", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣", "https://example.com/a?b=c", "example.com",
    "@ann", "@ann@b.example", "#tag", "(https://example.com/a)", "http://a.invalidtld", ".", "!", "https://example.org.",
]  # fmt: skip


@given(st.text(alphabet=CLUSTERS, max_size=12))
def test_graphemes_are_counted_alike(text: str) -> None:
    assert count_graphemes(text) == graphemes.count_graphemes(text)


@given(st.lists(st.sampled_from(PARTS), max_size=10))
def test_lengths_are_counted_alike(parts: list[str]) -> None:
    text = " ".join(parts)

    assert count_characters(text) == count_mastodon(text)
    assert weigh(text) == x_weight.weigh(text)


def test_x_gives_back_short_links_and_escaped_signs() -> None:
    shown, links = shorten("a & https://example.com/x <b>")

    assert shown.startswith("a &amp; https://t.co/")
    assert shown.endswith(" &lt;b&gt;")
    assert shown[5 + 3 : links[0]["end"]] == links[0]["url"]  # pyright: ignore[reportArgumentType] -- a number


@pytest.mark.parametrize("commentary", ["a(b", "a\\b", "a\\"])
def test_unescaped_character_is_refused_by_linkedin(commentary: str) -> None:
    assert plain_text("a\\(b\\\\") == "a(b\\"

    with pytest.raises(SocialError):
        plain_text(commentary)
