"""Extended grapheme clusters, found rule by rule as Unicode's Annex 29 states them.

The product counts them with a library's own rule; this is written apart from it, so that both must agree.
"""

from functools import lru_cache

import regex

_PROPERTIES = (
    "CR",
    "LF",
    "Control",
    "Extend",
    "ZWJ",
    "Regional_Indicator",
    "Prepend",
    "SpacingMark",
    "L",
    "V",
    "T",
    "LV",
    "LVT",
)
_BREAK = {name: regex.compile(rf"\p{{Grapheme_Cluster_Break={name}}}") for name in _PROPERTIES}
_PICTOGRAPH = regex.compile(r"\p{Extended_Pictographic}")
_LINKER = regex.compile(r"\p{Indic_Conjunct_Break=Linker}")
_CONSONANT = regex.compile(r"\p{Indic_Conjunct_Break=Consonant}")
_ENDS = frozenset({"CR", "LF", "Control"})
_HANGUL = {
    "L": frozenset({"L", "V", "LV", "LVT"}),
    "LV": frozenset({"V", "T"}),
    "V": frozenset({"V", "T"}),
    "LVT": frozenset({"T"}),
    "T": frozenset({"T"}),
}


@lru_cache(maxsize=4096)
def _property(character: str) -> str:
    return next((name for name, pattern in _BREAK.items() if pattern.match(character)), "Other")


def count_graphemes(text: str) -> int:
    """Count the places at which a cluster begins."""
    return sum(1 for at in range(len(text)) if at == 0 or _begins(text, at))


def _begins(text: str, at: int) -> bool:
    before, after = _property(text[at - 1]), _property(text[at])
    if before == "CR" and after == "LF":
        return False
    if before in _ENDS or after in _ENDS:
        return True
    if after in _HANGUL.get(before, ()) or after in {"Extend", "ZWJ", "SpacingMark"} or before == "Prepend":
        return False
    if before == "ZWJ" and _PICTOGRAPH.match(text[at]):
        return not _is_pictograph_before(text, at - 1)
    if before == after == "Regional_Indicator":
        return _flags_before(text, at) % 2 == 0
    return not (_CONSONANT.match(text[at]) and _is_conjunct(text, at))


def _is_conjunct(text: str, at: int) -> bool:
    """A consonant, then marks of which one links, up to here."""
    has_linker, at = False, at - 1
    while at >= 0 and _property(text[at]) in {"Extend", "ZWJ"}:
        has_linker = has_linker or _LINKER.match(text[at]) is not None
        at -= 1
    return has_linker and at >= 0 and _CONSONANT.match(text[at]) is not None


def _is_pictograph_before(text: str, at: int) -> bool:
    at -= 1
    while at >= 0 and _property(text[at]) == "Extend":
        at -= 1
    return at >= 0 and _PICTOGRAPH.match(text[at]) is not None


def _flags_before(text: str, at: int) -> int:
    first = at
    while first > 0 and _property(text[first - 1]) == "Regional_Indicator":
        first -= 1
    return at - first
