"""What a record of the collection of posts must look like: text, time, languages, facets by bytes, its key."""

import re
from datetime import datetime
from typing import Any, cast

from sandbox.social.call import SocialError
from sandbox.social.graphemes import count_graphemes

POSTS = "app.bsky.feed.post"
MAX_GRAPHEMES = 300
MAX_BYTES = 3_000
MAX_LANGUAGES = 3
MAX_TAGS = 8

_TID = re.compile(r"[234567a-j][234567a-z]{12}")
_FEATURES = {
    "app.bsky.richtext.facet#link": "uri",
    "app.bsky.richtext.facet#tag": "tag",
    "app.bsky.richtext.facet#mention": "did",
}


def check_key(rkey: str) -> str:
    """Raises: SocialError; posts take time-ordered keys only."""
    if _TID.fullmatch(rkey) is None:
        raise _invalid(f"Invalid record key for {POSTS}: {rkey[:40]!r}")
    return rkey


def check_post(record: object) -> dict[str, Any]:
    """Raises: SocialError in the words of the record's schema."""
    if not isinstance(record, dict) or cast("dict[str, Any]", record).get("$type") != POSTS:
        raise _invalid(f"Invalid $type: expected {POSTS}")
    post = cast("dict[str, Any]", record)
    text = post.get("text")
    if not isinstance(text, str):
        raise _invalid('Record must have the property "text"')
    if len(text.encode()) > MAX_BYTES:
        raise _invalid(f"Record/text must not be longer than {MAX_BYTES} characters")
    if count_graphemes(text) > MAX_GRAPHEMES:
        raise _invalid(f"Record/text must not be longer than {MAX_GRAPHEMES} graphemes")
    _check_time(post.get("createdAt"))
    _check_list(post, "langs", limit=MAX_LANGUAGES)
    _check_list(post, "tags", limit=MAX_TAGS)
    for facet in _list_of(post, "facets"):
        _check_facet(facet, text.encode())
    return post


def _check_time(value: object) -> None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _invalid("Record/createdAt must be an valid atproto datetime (both RFC-3339 and ISO-8601)")


def _check_list(post: dict[str, Any], name: str, *, limit: int) -> None:
    values = _list_of(post, name)
    if len(values) > limit or not all(isinstance(value, str) and value for value in values):
        raise _invalid(f"Record/{name} must not have more than {limit} elements")


def _list_of(post: dict[str, Any], name: str) -> list[Any]:
    values: object = post.get(name) or []
    if not isinstance(values, list):
        raise _invalid(f"Record/{name} must be an array")
    return cast("list[Any]", values)


def _check_facet(facet: Any, encoded: bytes) -> None:
    """The bytes must lie within the text, cut no character in two, and carry known features."""
    try:
        start, end = int(facet["index"]["byteStart"]), int(facet["index"]["byteEnd"])
        features = [(feature["$type"], feature) for feature in facet["features"]]
    except (KeyError, TypeError, ValueError):
        raise _invalid("Record/facets/0/index must be an object") from None
    if not 0 <= start < end <= len(encoded):
        raise _invalid("Record/facets/0/index is out of the text's bytes")
    try:
        encoded[start:end].decode()
        encoded[:start].decode()
    except UnicodeDecodeError:
        raise _invalid("Record/facets/0/index cuts a character") from None
    if not all(kind in _FEATURES and feature.get(_FEATURES[kind]) for kind, feature in features):
        raise _invalid("Record/facets/0/features is not a known feature")


def _invalid(detail: str) -> SocialError:
    return SocialError(400, "InvalidRequest", f"Invalid {POSTS} record: {detail}")
