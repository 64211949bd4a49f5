"""X's weights, held against an implementation that is not ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twitter_text import parse_tweet  # pyright: ignore[reportUnknownVariableType]  partly untyped

from shared.posts.x_weight import weigh

PARTS = [
    "a", "Z", "9", " ", "\n", ".", ",", "-", "/", "é", "e\u0301", "ß", "語", "あ", "ㄱ", "ש", "م", "\u200d", "“", "…",
    "€", "🍎", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣", "❤️", "☺", "©", "https://example.com/a?b=c", "example.com", "t.co",
    "http://foobar.みんな/", "example.invalidtld", "@ann", "#tag", "(https://example.com)", "https://t.co/abc",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("a" * 10, 10),
        ("語", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("🙋🏽", 2),
        ("e\u0301", 1),
        ("https://example.com/" + "a" * 200, 23),
        ("see example.com.", 28),
        ("a.b", 3),
        ("@example.com", 12),
        ("\u2018x\u2019", 3),
        ("…", 2),
    ],
)
def test_weight(text: str, weight: int) -> None:
    assert weigh(text) == weight


@given(st.lists(st.sampled_from(PARTS), max_size=12))
def test_weight_equals_that_of_another_implementation(parts: list[str]) -> None:
    text = " ".join(parts)

    assert weigh(text) == parse_tweet(text).weightedLength
