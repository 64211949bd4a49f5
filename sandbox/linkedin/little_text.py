"""LinkedIn's "little text": reserved characters stand for themselves only behind a backslash."""

from sandbox.social.call import SocialError

RESERVED = frozenset("|{}@[]()<>#\\*_~")


def plain_text(commentary: str) -> str:
    """Read the commentary as a reader sees it.

    Raises: SocialError; the real platform cuts such a text off or drops a part of it, which is worse to find.
    """
    shown: list[str] = []
    characters = iter(commentary)
    for character in characters:
        if character == "\\":
            escaped = next(characters, "")
            if escaped not in RESERVED or not escaped:
                raise SocialError(422, "malformed_text", "a backslash stands before no reserved character")
            shown.append(escaped)
        elif character in RESERVED:
            raise SocialError(422, "malformed_text", f"reserved character {character!r} is not escaped")
        else:
            shown.append(character)
    return "".join(shown)
