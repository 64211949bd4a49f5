"""How long X takes a text to be: most alphabets weigh 1, the rest and each emoji 2, each link 23.

Source: version 3 of the twitter-text configuration, 20 Nov 2026.
"""

import unicodedata

import regex

from shared.posts.links import LINK_LENGTH, find_x_links

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_EMOJI_PART = (
    r"(?![0-9#*])\p{Emoji}(?!\uFE0E)(?:\p{Emoji_Modifier}|\uFE0F)?(?:[\U000E0020-\U000E007E]+\U000E007F)?"
)
_EMOJI = regex.compile(
    rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\uFE0F?\u20E3|{_EMOJI_PART}(?:\u200D{_EMOJI_PART})*",
)


def weigh(text: str) -> int:
    """X counts the composed form (NFC); what is sent stays as it is."""
    composed = unicodedata.normalize("NFC", text)
    weight, position = 0, 0
    for link in find_x_links(composed):
        weight += _weigh_plain(composed[position : link.start]) + LINK_LENGTH
        position = link.end
    return weight + _weigh_plain(composed[position:])


def _weigh_plain(text: str) -> int:
    emoji = [match[0] for match in _EMOJI.finditer(text)]
    whole = sum(_weight_of(character) for character in text)
    return whole + sum(2 - sum(_weight_of(character) for character in one) for one in emoji)


def _weight_of(character: str) -> int:
    return 1 if any(first <= ord(character) <= last for first, last in _LIGHT) else 2
