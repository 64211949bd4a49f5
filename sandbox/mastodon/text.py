"""How long Mastodon takes a status to be, and the HTML that it shows of it."""

import html
import re

from sandbox.social.graphemes import count_graphemes
from sandbox.social.links import LINK_LENGTH, find_links

MAX_CHARACTERS = 500
_ELSEWHERE = re.compile(r"(?<![\w=/])@([a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)@\w+(?:[.-]+\w+)*", re.IGNORECASE)


def count_characters(text: str) -> int:
    """A link weighs 23, somebody elsewhere the part before the second @, the rest its graphemes."""
    total, rest, position = 0, "", 0
    for start, end in find_links(text, with_bare=False):
        rest += text[position:start] + "\n"
        total += LINK_LENGTH - 1
        position = end
    shortened = _ELSEWHERE.sub(lambda found: f"@{found[1]}", rest + text[position:])
    return total + count_graphemes(shortened)


def to_html(text: str) -> str:
    paragraphs = html.escape(text, quote=True).split("\n\n")
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs)
