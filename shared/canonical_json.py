"""Canonical JSON and the hash of a content: the bytes of RFC 8785, made by the standard encoder for its speed.

A value of only strings, booleans, integers, nulls, lists and mappings needs no more than sorted keys and no
spaces; the standard encoder is about five times as fast as a general one, and a hash is taken of every action.
"""

import hashlib
import json

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical_json(value: object) -> bytes:
    """Requires: keys in ASCII, integers below 2**53 and no floats."""
    return _encode(value).encode()


def content_hash(value: object) -> str:
    return "sha256:" + hashlib.sha256(canonical_json(value)).hexdigest()
