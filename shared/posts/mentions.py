"""Mentions of people on Mastodon: of a person elsewhere only the name before the second @ is counted."""

import regex

_NAME = r"[a-z0-9_]+(?:[.\-]+[a-z0-9_]+)*"
_MENTION = regex.compile(
    rf"(?<![=/\w])@(?P<local>{_NAME})(?P<elsewhere>@\w+(?:[.\-]+\w+)*)?", regex.IGNORECASE
)


def find_mentions(text: str) -> list[tuple[int, int, str]]:
    """Shape: start and end in the text, and what is counted for it."""
    return [(found.start(), found.end(), "@" + found["local"]) for found in _MENTION.finditer(text)]
