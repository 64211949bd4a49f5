"""What a reader takes for one character: the extended grapheme clusters of Unicode's Annex 29.

Written out as the annex's own regular expression, because the library's `\\X` also joins Indic letters to
what is no letter.
"""

import regex

_HANGUL = r"\p{GCB=L}*(?:\p{GCB=V}+|\p{GCB=LV}\p{GCB=V}*|\p{GCB=LVT})\p{GCB=T}*|\p{GCB=L}+|\p{GCB=T}+"
_EMOJI = r"\p{Extended_Pictographic}(?:\p{GCB=Extend}*\p{GCB=ZWJ}\p{Extended_Pictographic})*"
_LINKED = r"[\p{InCB=Extend}\p{InCB=Linker}]*\p{InCB=Linker}[\p{InCB=Extend}\p{InCB=Linker}]*"
_CONJUNCT = rf"\p{{InCB=Consonant}}(?:{_LINKED}\p{{InCB=Consonant}})*"
_CORE = rf"{_HANGUL}|\p{{GCB=RI}}{{2}}|{_EMOJI}|{_CONJUNCT}|[^\p{{GCB=Control}}\r\n]"

CLUSTER = regex.compile(
    rf"\r\n|[\p{{GCB=Control}}\r\n]"
    rf"|\p{{GCB=Prepend}}*(?:{_CORE})[\p{{GCB=Extend}}\p{{GCB=ZWJ}}\p{{GCB=SpacingMark}}]*"
    r"|\p{GCB=Prepend}+",
    regex.DOTALL,
)


def count_graphemes(text: str) -> int:
    return sum(1 for _ in CLUSTER.finditer(text))
