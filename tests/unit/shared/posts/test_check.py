"""Each platform's limits, to the character, and what no post may hold."""

import pytest

from shared.posts.check import PostCheck, check_params, check_post, count_mastodon
from shared.posts.model import Platform, PostParams

FAMILY = "👩‍👩‍👧‍👦"
URL = "https://example.com/" + "path/" * 60


@pytest.mark.parametrize(
    ("platform", "at_limit", "over"),
    [
        (Platform.MASTODON, "a" * 500, "a" * 501),
        (Platform.MASTODON, FAMILY * 500, FAMILY * 501),
        (Platform.MASTODON, "e\u0301" * 500, "e\u0301" * 501),
        (Platform.MASTODON, f"{URL} " + "a" * 476, f"{URL} " + "a" * 477),
        (Platform.MASTODON, "example.com " + "a" * 488, "example.com " + "a" * 489),
        (Platform.MASTODON, "@ann@example.org " + "a" * 495, "@ann@example.org " + "a" * 496),
        (Platform.MASTODON, "@ann " + "a" * 495, "@ann " + "a" * 496),
        (Platform.BLUESKY, "a" * 300, "a" * 301),
        (Platform.BLUESKY, "🇩🇪" * 300, "🇩🇪" * 301),
        (Platform.BLUESKY, FAMILY * 120, FAMILY * 121),
        (Platform.BLUESKY, "שלום " * 59 + "שלום", "שלום " * 60 + "a"),
        (Platform.X, "a" * 280, "a" * 281),
        (Platform.X, "語" * 140, "語" * 141),
        (Platform.X, FAMILY * 140, FAMILY * 141),
        (Platform.X, f"{URL} " + "a" * 256, f"{URL} " + "a" * 257),
        (Platform.X, "example.com " + "a" * 256, "example.com " + "a" * 257),
        (Platform.X, "e\u0301" * 280, "e\u0301" * 281),
        (Platform.LINKEDIN, "a" * 3_000, "a" * 3_001),
        (Platform.LINKEDIN, "🍎" * 1_500, "🍎" * 1_501),
        (Platform.FACEBOOK, "a" * 63_206, "a" * 63_207),
        (Platform.INSTAGRAM, "a" * 2_200, "a" * 2_201),
        (Platform.INSTAGRAM, "#a " * 29 + "#a", "#a " * 30 + "#a"),
        (Platform.INSTAGRAM, "@ab " * 19 + "@ab", "@ab " * 20 + "@ab"),
    ],
)
def test_limit_is_met_to_the_character(platform: Platform, at_limit: str, over: str) -> None:
    assert check_post(platform, at_limit).is_publishable, check_post(platform, at_limit)
    too_long = check_post(platform, over)

    assert [problem.code.startswith("too_many_") for problem in too_long.problems] == [True]
    assert too_long.count > too_long.limit


def test_check_tells_the_measure_that_is_fullest() -> None:
    by_graphemes = check_post(Platform.BLUESKY, "a" * 150)
    by_bytes = check_post(Platform.BLUESKY, FAMILY * 60)

    assert (by_graphemes.count, by_graphemes.limit, by_graphemes.unit) == (150, 300, "graphemes")
    assert (by_bytes.count, by_bytes.limit, by_bytes.unit) == (1_500, 3_000, "bytes")


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("a ", "space_at_end"),
        ("\u00a0a", "space_at_end"),
        ("a\u202eb", "refused_bidi_override"),
        ("a\u2066b", "refused_bidi_unbalanced"),
        ("a\U000e0041", "refused_tag"),
        ("a\rb", "refused_control"),
        ("a\ufe01", "refused_variation_selector"),
    ],
)
def test_what_no_post_may_hold_is_a_problem(platform: Platform, text: str, code: str) -> None:
    problems = check_post(platform, text).problems

    assert [problem.code for problem in problems] == [code]


def test_absurd_text_is_counted_at_once() -> None:
    check = check_post(Platform.X, "a.b/" * 100_000)

    assert check.count == 400_000
    assert not check.is_publishable


def test_params_are_checked_for_their_platform() -> None:
    post = PostParams(platform=Platform.X, text="a" * 281, language="en")

    assert check_params(post) == check_post(Platform.X, "a" * 281)
    assert isinstance(check_params(post), PostCheck)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("https://example.com", 23),
        ("(https://example.com/a_(b))", 25),
        ("https://example.com/ä.", 24),
        ("https://example.invalidtld", 26),
        ("xhttps://example.com", 20),
        ("@a@b.example @c", 5),
        ("mail@example.com", 16),
        ("https://example.com/@ann@b.example", 23),
        ("gemini://example.com/x", 23),
    ],
)
def test_links_and_mentions_on_mastodon(text: str, count: int) -> None:
    assert count_mastodon(text) == count
