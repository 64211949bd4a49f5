"""What a text really holds, for whoever reviews it: the unseen and the misleading marked, nothing dropped.

The texts of all segments, one after the other, are the text itself, to the byte.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from shared.posts.characters import (
    JOINERS,
    LATIN_LOOKALIKES,
    REFUSED,
    Finding,
    finding_of,
    name_of,
)
from shared.posts.graphemes import CLUSTER

_MOST_MARKS = 4
_FLAGS = frozenset({"gbeng", "gbsct", "gbwls"})
_ISOLATES, _POP_ISOLATE = "\u2066\u2067\u2068", "\u2069"


_WORD = regex.compile(r"[\p{L}\p{M}\p{N}\u200C\u200D]+")
_EMOJI_JOINED = regex.compile(r"\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}\U000E0020-\U000E007F]*$")
_PICTOGRAPH = regex.compile(r"\p{Extended_Pictographic}")
_TAKES_PRESENTATION = regex.compile(r"\p{Emoji}")
_FLAG_TAGS = regex.compile(r"\U0001F3F4([\U000E0061-\U000E007A]+)\U000E007F")
_JOINING_SCRIPT = regex.compile(
    r"[\p{Arabic}\p{Syriac}\p{Mongolian}\p{Nko}\p{Adlam}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}"
    r"\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Khmer}\p{Myanmar}\p{Tibetan}]"
)
_SCRIPTS = {
    name: regex.compile(rf"\p{{Script={name}}}")
    for name in (
        "Latin",
        "Cyrillic",
        "Greek",
        "Armenian",
        "Georgian",
        "Cherokee",
        "Coptic",
        "Lisu",
        "Hebrew",
        "Arabic",
        "Thai",
        "Devanagari",
    )
}
_LETTER = regex.compile(r"\p{L}")


@dataclass(frozen=True, slots=True)
class Segment:
    """`shown` replaces or follows the text on a page; both are None for text that needs no mark."""

    text: str
    finding: Finding | None = None
    shown: str | None = None

    @property
    def is_refused(self) -> bool:
        return self.finding in REFUSED


def visible_text(text: str) -> tuple[Segment, ...]:
    if text.isascii() and text.replace("\n", "").isprintable():
        return (Segment(text),) if text else ()
    return tuple(_merged(_pieces(text)))


def refused_parts(text: str) -> tuple[Segment, ...]:
    return tuple(segment for segment in visible_text(text) if segment.is_refused)


def _pieces(text: str) -> Iterator[Segment]:
    """Words are judged whole, everything else by cluster, so that a joiner is seen with its neighbours."""
    open_isolates = _unbalanced_isolates(text)
    mostly_latin = _is_mostly_latin(text)
    position = 0
    for word in _WORD.finditer(text):
        yield from _clusters(text, position, word.start(), open_isolates)
        finding = _finding_of_word(word[0], mostly_latin=mostly_latin)
        if finding is None or any(_is_marked(text, at, open_isolates) for at in range(*word.span())):
            yield from _clusters(text, word.start(), word.end(), open_isolates)
        else:
            yield Segment(word[0], finding, _spelled(word[0]))
        position = word.end()
    yield from _clusters(text, position, len(text), open_isolates)


def _clusters(text: str, start: int, end: int, unbalanced: frozenset[int]) -> Iterator[Segment]:
    for cluster in CLUSTER.finditer(text, start, end):
        if any(_is_marked(text, at, unbalanced) for at in range(*cluster.span())):
            yield from (_character(text, at, unbalanced) for at in range(*cluster.span()))
        else:
            yield _whole_cluster(cluster[0])


def _character(text: str, at: int, unbalanced: frozenset[int]) -> Segment:
    finding = _finding_at(text, at, unbalanced)
    return Segment(text[at], finding, None if finding is None else f"[{name_of(text[at])}]")


def _whole_cluster(cluster: str) -> Segment:
    if sum(1 for character in cluster if unicodedata.combining(character)) > _MOST_MARKS:
        return Segment(cluster, Finding.STACKED_MARKS, _spelled(cluster))
    if not unicodedata.is_normalized("NFC", cluster):
        return Segment(cluster, Finding.NOT_COMPOSED, _spelled(cluster))
    return Segment(cluster)


def _is_marked(text: str, at: int, unbalanced: frozenset[int]) -> bool:
    return _finding_at(text, at, unbalanced) is not None


def _finding_at(text: str, at: int, unbalanced: frozenset[int]) -> Finding | None:
    character = text[at]
    if at in unbalanced:
        return Finding.BIDI_UNBALANCED
    if character in JOINERS:
        return None if _joins(text, at) else Finding.STRAY_JOINER
    finding = finding_of(character)
    if finding is Finding.VARIATION and _chooses_presentation(text, at):
        return None
    if finding is Finding.TAG and _is_in_flag(text, at):
        return None
    return finding


def _joins(text: str, at: int) -> bool:
    """Between emoji, or after a letter of a script whose letters join, as its spelling needs it."""
    before, after = text[max(0, at - 12) : at], text[at + 1 : at + 2]
    if text[at] == "\u200d" and _EMOJI_JOINED.search(before) and _PICTOGRAPH.match(after):
        return True
    return bool(before) and _JOINING_SCRIPT.match(before[-1]) is not None


def _chooses_presentation(text: str, at: int) -> bool:
    """Text or emoji presentation, directly after a character that has both."""
    return text[at] in "\ufe0e\ufe0f" and at > 0 and _TAKES_PRESENTATION.match(text[at - 1]) is not None


def _is_in_flag(text: str, at: int) -> bool:
    """Within a flag of England, Scotland or Wales: the only emoji that are spelled with tags."""
    around = _FLAG_TAGS.finditer(text, max(0, at - 7), at + 7)
    return any(flag.start() <= at < flag.end() and _untagged(flag[1]) in _FLAGS for flag in around)


def _untagged(tags: str) -> str:
    return "".join(chr(ord(tag) - 0xE0000) for tag in tags)


def _unbalanced_isolates(text: str) -> frozenset[int]:
    """Isolates that do not end on their line, and ends without a beginning."""
    unbalanced: set[int] = set()
    waiting: list[int] = []
    for at, character in enumerate(text):
        if character == "\n":
            unbalanced.update(waiting)
            waiting = []
        elif character in _ISOLATES:
            waiting.append(at)
        elif character == _POP_ISOLATE:
            if waiting:
                waiting.pop()
            else:
                unbalanced.add(at)
    return frozenset(unbalanced.union(waiting))


def _finding_of_word(word: str, *, mostly_latin: bool) -> Finding | None:
    if word.isascii():
        return None
    if unicodedata.normalize("NFKC", word) != unicodedata.normalize("NFC", word) and _is_styled(word):
        return Finding.STYLED_LETTERS
    letters = [character for character in word if _LETTER.match(character)]
    scripts = {name for name, script in _SCRIPTS.items() if any(script.match(letter) for letter in letters)}
    if len(scripts) > 1:
        return Finding.MIXED_SCRIPTS
    if mostly_latin and letters and "Latin" not in scripts and LATIN_LOOKALIKES.issuperset(letters):
        return Finding.LOOKALIKE_WORD
    return None


def _is_styled(word: str) -> bool:
    """Letters drawn as another typeface (bold, circled, full width), which are other characters."""
    return any(
        unicodedata.decomposition(character).startswith(("<font>", "<wide>", "<circle>", "<square>"))
        for character in word
    )


def _is_mostly_latin(text: str) -> bool:
    letters = [character for character in text if _LETTER.match(character)]
    latin = sum(1 for letter in letters if _SCRIPTS["Latin"].match(letter))
    return latin * 2 > len(letters)


def _spelled(text: str) -> str:
    foreign = [name_of(character) for character in text if not character.isascii()]
    return f"{text} [{', '.join(foreign[:8])}{', …' if len(foreign) > 8 else ''}]"


def _merged(pieces: Iterator[Segment]) -> Iterator[Segment]:
    plain: list[str] = []
    for piece in pieces:
        if piece.finding is None:
            plain.append(piece.text)
            continue
        if plain:
            yield Segment("".join(plain))
            plain = []
        yield piece
    if plain:
        yield Segment("".join(plain))
