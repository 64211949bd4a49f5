"""Characters that a reader cannot see or may take for others: what each is called, and which no post may hold.

`refused` characters serve no honest post: they turn the order of what is read, carry a hidden text, or stand
for nothing that is shown. `marked` ones have honest uses and are made visible to whoever reviews the post.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import regex


class Finding(StrEnum):
    """Why a piece of a text needs to be looked at."""

    CONTROL = "control"
    BIDI_OVERRIDE = "bidi_override"
    BIDI_UNBALANCED = "bidi_unbalanced"
    BIDI_MARK = "bidi_mark"
    TAG = "tag"
    VARIATION = "variation_selector"
    FILLER = "filler"
    PRIVATE_USE = "private_use"
    NONCHARACTER = "noncharacter"
    UNASSIGNED = "unassigned"
    LINE_SEPARATOR = "line_separator"
    ZERO_WIDTH = "zero_width"
    STRAY_JOINER = "stray_joiner"
    UNUSUAL_SPACE = "unusual_space"
    MIXED_SCRIPTS = "mixed_scripts"
    LOOKALIKE_WORD = "lookalike_word"
    STYLED_LETTERS = "styled_letters"
    NOT_COMPOSED = "not_composed"
    STACKED_MARKS = "stacked_marks"


REFUSED = frozenset(
    {
        Finding.CONTROL,
        Finding.BIDI_OVERRIDE,
        Finding.BIDI_UNBALANCED,
        Finding.TAG,
        Finding.VARIATION,
        Finding.FILLER,
        Finding.PRIVATE_USE,
        Finding.NONCHARACTER,
        Finding.LINE_SEPARATOR,
        Finding.STRAY_JOINER,
    }
)


@dataclass(frozen=True, slots=True)
class Range:
    first: int
    last: int
    finding: Finding


_RANGES = (
    Range(0x0000, 0x0009, Finding.CONTROL),
    Range(0x000B, 0x001F, Finding.CONTROL),
    Range(0x007F, 0x009F, Finding.CONTROL),
    Range(0x00A0, 0x00A0, Finding.UNUSUAL_SPACE),
    Range(0x00AD, 0x00AD, Finding.ZERO_WIDTH),
    Range(0x034F, 0x034F, Finding.ZERO_WIDTH),
    Range(0x061C, 0x061C, Finding.BIDI_MARK),
    Range(0x115F, 0x1160, Finding.FILLER),
    Range(0x1680, 0x1680, Finding.UNUSUAL_SPACE),
    Range(0x17B4, 0x17B5, Finding.FILLER),
    Range(0x180B, 0x180F, Finding.VARIATION),
    Range(0x2000, 0x200A, Finding.UNUSUAL_SPACE),
    Range(0x200B, 0x200B, Finding.ZERO_WIDTH),
    Range(0x200E, 0x200F, Finding.BIDI_MARK),
    Range(0x2028, 0x2029, Finding.LINE_SEPARATOR),
    Range(0x202A, 0x202E, Finding.BIDI_OVERRIDE),
    Range(0x202F, 0x202F, Finding.UNUSUAL_SPACE),
    Range(0x205F, 0x205F, Finding.UNUSUAL_SPACE),
    Range(0x2060, 0x2060, Finding.ZERO_WIDTH),
    Range(0x2061, 0x2065, Finding.FILLER),
    Range(0x2066, 0x2069, Finding.BIDI_MARK),
    Range(0x206A, 0x206F, Finding.CONTROL),
    Range(0x2800, 0x2800, Finding.UNUSUAL_SPACE),
    Range(0x3000, 0x3000, Finding.UNUSUAL_SPACE),
    Range(0x3164, 0x3164, Finding.FILLER),
    Range(0xFDD0, 0xFDEF, Finding.NONCHARACTER),
    Range(0xFE00, 0xFE0F, Finding.VARIATION),
    Range(0xFEFF, 0xFEFF, Finding.FILLER),
    Range(0xFFA0, 0xFFA0, Finding.FILLER),
    Range(0xFFF0, 0xFFFC, Finding.FILLER),
    Range(0x1BCA0, 0x1BCA3, Finding.CONTROL),
    Range(0x1D173, 0x1D17A, Finding.CONTROL),
    Range(0xE0000, 0xE0FFF, Finding.TAG),
)

_PROPERTIES = (
    (Finding.NONCHARACTER, regex.compile(r"\p{Noncharacter_Code_Point}")),
    (Finding.PRIVATE_USE, regex.compile(r"\p{Co}")),
    (Finding.FILLER, regex.compile(r"\p{Default_Ignorable_Code_Point}")),
    (Finding.UNASSIGNED, regex.compile(r"\p{Cn}")),
)

JOINERS = "\u200c\u200d"

LATIN_LOOKALIKES = frozenset("аеорсухіјѕԁԛԝһӏАВЕКМНОРСТХІЈЅԌԚԜ" + "ονρυικαΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "օոսցհԼ")
"""Letters of Cyrillic, Greek and Armenian that most typefaces draw like a Latin one."""


def finding_of(character: str) -> Finding | None:
    """What a single character is, whatever stands around it; joiners are judged by their neighbours."""
    if character == "\n" or character in JOINERS or " " <= character <= "~":
        return None
    point = ord(character)
    for known in _RANGES:
        if known.first <= point <= known.last:
            return known.finding
    return next((finding for finding, property_ in _PROPERTIES if property_.match(character)), None)


def name_of(character: str) -> str:
    """Shape: `U+200B zero width space`; without a name where Unicode gives none."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '').lower()}".rstrip()
