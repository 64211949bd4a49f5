# ruff: noqa: RUF001 -- letters that look alike are what it is about
"""What cannot be seen or misleads is marked, and not a byte is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.posts.characters import Finding
from shared.posts.visible import refused_parts, visible_text

HIDDEN = "\u200b\u200c\u200d\u202e\u2066\u2069\ufe0f\ufeff\U000e0067\U000e007f\u00ad\u0301\n\ue000\u3164"
SEEN = "aZ é語שمक🍎👩👧🏽🏴оα1#@"


@pytest.mark.parametrize(
    "text",
    [
        "Good morning!\nTwo lines.",
        "Straße, naïve, œuvre",
        "Русский текст и English",
        "Ελληνικά και English",
        "日本語とカタカナとEnglish",
        "한국어 English",
        "می‌خواهم",
        "क्‍ष और क्‌ष",
        "👨‍👩‍👧‍👦 👩🏽‍🚀 ❤️‍🔥 🏳️‍🌈",
        "1️⃣ #️⃣ ☎︎ ❤️",
        "🇩🇪🇫🇷",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
        "שלום עולם",
        "https://example.com/a?b=c @ann #tag",
        "ﬁne ½ x² ™",
    ],
)
def test_honest_text_needs_no_mark(text: str) -> None:
    assert [(part.text, part.finding) for part in visible_text(text)] == [(text, None)]


@pytest.mark.parametrize(
    ("text", "finding", "shown"),
    [
        ("a\u202eb", Finding.BIDI_OVERRIDE, "[U+202E right-to-left override]"),
        ("a\u202ab\u202c", Finding.BIDI_OVERRIDE, "[U+202A left-to-right embedding]"),
        ("\u2067open", Finding.BIDI_UNBALANCED, "[U+2067 right-to-left isolate]"),
        ("end\u2069", Finding.BIDI_UNBALANCED, "[U+2069 pop directional isolate]"),
        ("\u2067two\nlines\u2069", Finding.BIDI_UNBALANCED, "[U+2067 right-to-left isolate]"),
        ("a\U000e0041", Finding.TAG, "[U+E0041 tag latin capital letter a]"),
        ("🏴\U000e0067\U000e0062\U000e007f", Finding.TAG, "[U+E0067 tag latin small letter g]"),
        ("a\u200db", Finding.STRAY_JOINER, "[U+200D zero width joiner]"),
        ("pay\u200cpal", Finding.STRAY_JOINER, "[U+200C zero width non-joiner]"),
        ("👩\u200d b", Finding.STRAY_JOINER, "[U+200D zero width joiner]"),
        ("a\ufe0f", Finding.VARIATION, "[U+FE0F variation selector-16]"),
        ("😀\U000e0101", Finding.TAG, "[U+E0101 variation selector-18]"),
        ("a\ufeff", Finding.FILLER, "[U+FEFF zero width no-break space]"),
        ("\u3164", Finding.FILLER, "[U+3164 hangul filler]"),
        ("\ue000", Finding.PRIVATE_USE, "[U+E000]"),
        ("\U0001fffe", Finding.NONCHARACTER, "[U+1FFFE]"),
        ("a\u2028b", Finding.LINE_SEPARATOR, "[U+2028 line separator]"),
        ("a\tb", Finding.CONTROL, "[U+0009]"),
        ("a\x1b[0m", Finding.CONTROL, "[U+001B]"),
    ],
)
def test_refused_character_is_named(text: str, finding: Finding, shown: str) -> None:
    refused = refused_parts(text)

    assert (refused[0].finding, refused[0].shown) == (finding, shown)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("a\u200bb", Finding.ZERO_WIDTH),
        ("soft\u00adhyphen", Finding.ZERO_WIDTH),
        ("10\u202f000", Finding.UNUSUAL_SPACE),
        ("\u2067שלום\u2069", Finding.BIDI_MARK),
        ("Hello wоrld", Finding.MIXED_SCRIPTS),
        ("the word сор here", Finding.LOOKALIKE_WORD),
        ("𝗯𝗼𝗹𝗱 claim", Finding.STYLED_LETTERS),
        ("e\u0301", Finding.NOT_COMPOSED),
        ("z\u0334\u0321\u0322\u031b\u0349", Finding.STACKED_MARKS),
        ("\U0001fbff\U000e0fff"[0] + "\u0378", Finding.UNASSIGNED),
    ],
)
def test_what_misleads_is_marked_but_not_refused(text: str, finding: Finding) -> None:
    found = [part.finding for part in visible_text(text) if part.finding]

    assert finding in found
    assert refused_parts(text) == ()


def test_honest_word_of_lookalikes_is_not_marked_in_its_own_language() -> None:
    assert visible_text("сор и роса в саду")[0].finding is None


@given(st.text(alphabet=HIDDEN + SEEN, max_size=40))
def test_segments_are_the_text(text: str) -> None:
    segments = visible_text(text)

    assert "".join(segment.text for segment in segments) == text
    assert all((segment.finding is None) == (segment.shown is None) for segment in segments)


@given(st.text(max_size=60))
def test_segments_of_any_text_are_the_text(text: str) -> None:
    assert "".join(segment.text for segment in visible_text(text)) == text


@given(st.text(alphabet="ab", max_size=6), st.sampled_from("\u202e\u200d\ufeff\U000e0041\ue000"))
def test_refused_character_is_found_anywhere(text: str, hidden: str) -> None:
    for at in range(len(text) + 1):
        assert refused_parts(text[:at] + hidden + text[at:])
