"""Writing posts: the interface of a writer, and the one that writes from templates. Same brief, same text."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

import regex

from shared.contracts.base import WireModel
from shared.posts.check import PostCheck, check_post
from shared.posts.graphemes import CLUSTER, count_graphemes
from shared.posts.model import Platform

FALLBACK_LANGUAGE: Final = "en"
_TOO_LONG: Final = "too_many_"
_NOT_IN_TAG = regex.compile(r"[^\p{L}\p{M}\p{N}_]+")


@dataclass(frozen=True, slots=True)
class Brief:
    """What a post is to be about. `number` tells the posts of one run apart."""

    language: str
    brand: str
    theme: str
    offering: str | None = None
    location: str | None = None
    call_to_action: str | None = None
    link: str | None = None
    hashtags: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """The canonical text in parts: `sentences` in falling importance, then link and hashtags.

    `language` is the one it is written in, which `note` explains where it is not the wanted one.
    """

    language: str
    sentences: tuple[str, ...]
    link: str | None
    hashtags: tuple[str, ...]
    note: str | None = None

    @property
    def text(self) -> str:
        return _joined(self.sentences, self.link, self.hashtags)


@dataclass(frozen=True, slots=True)
class Constraints:
    """The customer's own, on top of the platform's. Units: `max_length` in what a reader calls characters."""

    max_length: int | None = None
    max_hashtags: int | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """The text for one platform; `problems` are what still keeps it from being published."""

    text: str
    check: PostCheck
    problems: tuple[str, ...]


class Writer(Protocol):
    async def write(self, brief: Brief) -> Draft: ...


class TemplateWriter:
    """Writes from fixed templates, in the languages that there are templates for."""

    async def write(self, brief: Brief) -> Draft:
        language = brief.language.partition("-")[0].lower()
        templates = _templates().get(language)
        note = None
        if templates is None:
            note = f"Written in English: there are no templates in {brief.language!r} yet."
            language, templates = FALLBACK_LANGUAGE, _templates()[FALLBACK_LANGUAGE]
        return Draft(
            language=language,
            sentences=tuple(_sentences(brief, templates)),
            link=brief.link,
            hashtags=tuple(_as_tags(brief.hashtags)),
            note=note,
        )


class Templates(WireModel):
    openers: tuple[str, ...]
    offering: tuple[str, ...]
    place: str
    weekdays: tuple[str, ...]


def weekday_names(language: str) -> tuple[str, ...]:
    return (_templates().get(language) or _templates()[FALLBACK_LANGUAGE]).weekdays


def fit(draft: Draft, platform: Platform, constraints: Constraints) -> Variant:
    """Take the fullest text that the platform and the customer allow: hashtags go first, then sentences, then words.

    What no post may hold is not cut away unseen: such a text stays whole, with its problems.
    """
    whole = _judge(draft.text, platform, constraints)
    if any(not problem.code.startswith(_TOO_LONG) for problem in whole.check.problems):
        return whole
    variant = whole
    for text in _shorter_and_shorter(draft, constraints):
        variant = _judge(text, platform, constraints)
        if not variant.problems:
            return variant
    return variant


def _shorter_and_shorter(draft: Draft, constraints: Constraints) -> Iterator[str]:
    most = len(draft.hashtags) if constraints.max_hashtags is None else constraints.max_hashtags
    tags = draft.hashtags[:most]
    for count in range(len(draft.sentences), 0, -1):
        for kept in range(len(tags), -1, -1):
            yield _joined(draft.sentences[:count], draft.link, tags[:kept])
    words = draft.sentences[0].split(" ")
    for count in range(len(words) - 1, 0, -1):
        yield _joined((" ".join(words[:count]) + "…",), draft.link, ())
    clusters = CLUSTER.findall(words[0])
    for count in range(len(clusters) - 1, 0, -1):
        yield "".join(clusters[:count]) + "…"


def _judge(text: str, platform: Platform, constraints: Constraints) -> Variant:
    check = check_post(platform, text)
    problems = [problem.detail for problem in check.problems]
    length = count_graphemes(text)
    if constraints.max_length is not None and length > constraints.max_length:
        problems.append(f"{length} of at most {constraints.max_length} characters that you allow")
    return Variant(text, check, tuple(problems))


def _sentences(brief: Brief, templates: Templates) -> Iterator[str]:
    opener = templates.openers[brief.number % len(templates.openers)]
    yield _filled(opener, theme=brief.theme, brand=brief.brand)
    if brief.call_to_action:
        yield brief.call_to_action
    if brief.offering:
        sentence = templates.offering[brief.number % len(templates.offering)]
        yield _filled(sentence, offering=brief.offering)
    if brief.location:
        yield _filled(templates.place, location=brief.location)


def _filled(template: str, **values: str) -> str:
    """Each place is filled once; braces in what a customer wrote are left alone."""
    pieces = regex.split(r"\{(\w+)\}", template)
    return "".join(values[piece] if at % 2 else piece for at, piece in enumerate(pieces))


def _joined(sentences: tuple[str, ...], link: str | None, hashtags: tuple[str, ...]) -> str:
    parts = [" ".join(sentences), *([link] if link else []), *([" ".join(hashtags)] if hashtags else [])]
    return "\n\n".join(parts).strip()


def _as_tags(words: tuple[str, ...]) -> Iterator[str]:
    for word in dict.fromkeys(words):
        tag = _NOT_IN_TAG.sub("", word)
        if tag:
            yield f"#{tag}"


@lru_cache(maxsize=1)
def _templates() -> Mapping[str, Templates]:
    raw = json.loads((Path(__file__).parent / "post_texts.json").read_text(encoding="utf-8"))
    return {language: Templates.model_validate(value) for language, value in raw.items()}
