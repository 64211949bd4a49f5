"""Whether a platform takes a text: its length as the platform counts it, and what no post may hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import regex

from shared.posts.graphemes import count_graphemes
from shared.posts.links import LINK_LENGTH, find_mastodon_links
from shared.posts.mentions import find_mentions
from shared.posts.model import Platform, PostParams
from shared.posts.visible import refused_parts
from shared.posts.x_weight import weigh

MAX_HASHTAGS = 30
MAX_INSTAGRAM_MENTIONS = 20
_LONGEST_COUNTED = 100_000
_HASHTAG = regex.compile(r"(?<![\w&])[#\uFF03][\w·]*[\p{L}_][\w·]*")
_MENTION = regex.compile(r"(?<![\w.@])@[\w.]*\w")


@dataclass(frozen=True, slots=True)
class PostProblem:
    """`code` is for programs, `detail` for people."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One limit of a platform, and how much of it a text uses. Units: `unit`."""

    count: int
    limit: int
    unit: str


@dataclass(frozen=True, slots=True)
class PostCheck:
    """Shape: `measures` in the platform's order; `count`, `limit` and `unit` are of the fullest of them."""

    platform: Platform
    measures: tuple[Measure, ...]
    problems: tuple[PostProblem, ...]

    @property
    def _fullest(self) -> Measure:
        return max(self.measures, key=lambda measure: measure.count / measure.limit)

    @property
    def count(self) -> int:
        return self._fullest.count

    @property
    def limit(self) -> int:
        return self._fullest.limit

    @property
    def unit(self) -> str:
        return self._fullest.unit

    @property
    def is_publishable(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Limit:
    limit: int
    unit: str
    count: Callable[[str], int]


def count_mastodon(text: str) -> int:
    """Graphemes, each link as 23, a mention of somebody elsewhere by its local part.

    Source: Mastodon's validator of status lengths and its entity extraction, 20 Nov 2026.
    """
    links = [(link.start, link.end, "x" * LINK_LENGTH) for link in find_mastodon_links(text)]
    parts: list[str] = []
    position = 0
    for start, end, counted in sorted(links + find_mentions(text)):
        if start >= position:
            parts += (text[position:start], counted)
            position = end
    return count_graphemes("".join(parts) + text[position:])


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _utf8_bytes(text: str) -> int:
    return len(text.encode())


def _hashtags(text: str) -> int:
    return len(_HASHTAG.findall(text))


def _mentions(text: str) -> int:
    return len(_MENTION.findall(text))


LIMITS: Mapping[Platform, tuple[Limit, ...]] = MappingProxyType(
    {
        Platform.MASTODON: (Limit(500, "characters", count_mastodon),),
        Platform.BLUESKY: (
            Limit(300, "graphemes", count_graphemes),
            Limit(3_000, "bytes", _utf8_bytes),
        ),
        Platform.X: (Limit(280, "weighted characters", weigh),),
        Platform.LINKEDIN: (Limit(3_000, "characters", _utf16_units),),
        Platform.FACEBOOK: (Limit(63_206, "characters", _utf16_units),),
        Platform.INSTAGRAM: (
            Limit(2_200, "characters", _utf16_units),
            Limit(MAX_HASHTAGS, "hashtags", _hashtags),
            Limit(MAX_INSTAGRAM_MENTIONS, "mentions", _mentions),
        ),
    }
)


def check_post(platform: Platform, text: str) -> PostCheck:
    """Count and judge a text. A text far beyond every limit is counted by its code points."""
    is_absurd = len(text) > _LONGEST_COUNTED
    measures = tuple(
        Measure(len(text) if is_absurd else limit.count(text), limit.limit, limit.unit)
        for limit in LIMITS[platform]
    )
    too_long = [_too_long(measure) for measure in measures if measure.count > measure.limit]
    return PostCheck(platform, measures, (*too_long, *([] if is_absurd else _problems(text))))


def check_params(params: PostParams) -> PostCheck:
    return check_post(params.platform, params.text)


def _problems(text: str) -> list[PostProblem]:
    problems = [
        PostProblem(f"refused_{part.finding}", f"the text holds {part.shown}, which no post may hold")
        for part in refused_parts(text)
    ]
    if not text.strip():
        problems.append(PostProblem("empty", "the text is empty"))
    elif text != text.strip():
        detail = "platforms cut spaces and line breaks at the ends; what is published would not be what was approved"
        problems.append(PostProblem("space_at_end", detail))
    return problems


def _too_long(measure: Measure) -> PostProblem:
    detail = f"{measure.count} of at most {measure.limit} {measure.unit}"
    return PostProblem(f"too_many_{measure.unit.replace(' ', '_')}", detail)
