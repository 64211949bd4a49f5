"""How much a text weighs at X, and the text as X gives it back: links shortened, three characters escaped."""

import hashlib
import unicodedata

import regex

from sandbox.social.links import LINK_LENGTH, find_links

MAX_WEIGHT = 280
_CLUSTER = regex.compile(r"\X")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3")


def weigh(text: str) -> int:
    composed = unicodedata.normalize("NFC", text)
    total, position = 0, 0
    for start, end in find_links(composed, with_bare=True):
        total += _weigh_plain(composed[position:start]) + LINK_LENGTH
        position = end
    return total + _weigh_plain(composed[position:])


def _weigh_plain(text: str) -> int:
    return sum(
        2 if _EMOJI.match(cluster) else sum(_weight_of(ord(character)) for character in cluster)
        for cluster in _CLUSTER.findall(text)
    )


def _weight_of(point: int) -> int:
    is_light = point <= 0x10FF or 0x2000 <= point <= 0x200D or 0x2010 <= point <= 0x201F
    return 1 if is_light or 0x2032 <= point <= 0x2037 else 2


def shorten(text: str) -> tuple[str, list[dict[str, object]]]:
    """Shape: the text with links as X's own short ones, and for each where it points."""
    shown, position = "", 0
    entities: list[dict[str, object]] = []
    for start, end in find_links(text, with_bare=True):
        link = text[start:end]
        short = "https://t.co/" + hashlib.sha256(link.encode()).hexdigest()[:10]
        shown += _escape(text[position:start])
        expanded = link if "://" in link else f"http://{link}"
        entities.append(
            {"start": len(shown), "end": len(shown) + len(short), "url": short, "expanded_url": expanded}
        )
        shown += short
        position = end
    return shown + _escape(text[position:]), entities


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
