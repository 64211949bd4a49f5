"""Bluesky's facets: which bytes of a post are a link or a hashtag. Nothing is clickable there without one."""

import regex

from shared.posts.links import find_mastodon_links

_TAG = regex.compile(r"(?<!\S)[#\uFF03](?P<tag>[^\s\u00AD\u2060\u200A-\u200D\u20E2]*[^\d\s\p{P}]+\S*)")
_ENDING = regex.compile(r"\p{P}+$")
_LONGEST_TAG = 64
_SCHEMES = ("https://", "http://")

Facet = dict[str, object]


def find_facets(text: str) -> list[Facet]:
    """Units: offsets in bytes of UTF-8, as the record wants them. Links with a scheme, and hashtags."""
    links = [
        _facet(text, link.start, link.end, {"$type": "app.bsky.richtext.facet#link", "uri": uri})
        for link in find_mastodon_links(text)
        if (uri := text[link.start : link.end]).lower().startswith(_SCHEMES)
    ]
    return links + _tags(text)


def _tags(text: str) -> list[Facet]:
    found: list[Facet] = []
    for match in _TAG.finditer(text):
        tag = _ENDING.sub("", match["tag"])
        if 0 < len(tag) <= _LONGEST_TAG:
            feature = {"$type": "app.bsky.richtext.facet#tag", "tag": tag}
            found.append(_facet(text, match.start(), match.start() + 1 + len(tag), feature))
    return found


def _facet(text: str, start: int, end: int, feature: dict[str, str]) -> Facet:
    first = len(text[:start].encode())
    last = first + len(text[start:end].encode())
    index = {"$type": "app.bsky.richtext.facet#byteSlice", "byteStart": first, "byteEnd": last}
    return {"$type": "app.bsky.richtext.facet", "index": index, "features": [feature]}
