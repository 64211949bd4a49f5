"""JSON values as steps pass them on: their one text form, their digest and how large they may be."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final, cast

from pydantic import JsonValue

MAX_VALUE_BYTES: Final = 1_048_576
MAX_DEPTH: Final = 20

Scope = Mapping[str, JsonValue]
"""What references look into: `inputs` and `steps`, the values of steps by their id."""

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
_decode = json.JSONDecoder().decode


def encode(value: JsonValue) -> bytes:
    """Sorted keys, no spaces, ASCII. Not RFC 8785: numbers that are not whole are allowed, as Python writes them.

    Raises: TypeError, ValueError or RecursionError for what is not JSON.
    """
    return _encode(value).encode()


def decode(encoded: bytes) -> JsonValue:
    return cast("JsonValue", _decode(encoded.decode()))  # the decoder is untyped


def digest(encoded: bytes) -> str:
    return "sha256:" + hashlib.sha256(encoded).hexdigest()


def find_value(scope: Scope, path: tuple[str, ...]) -> tuple[bool, JsonValue]:
    """Whether there is a value at the path, and the value. Only keys and positions: no attributes, no calls."""
    value: JsonValue = cast("JsonValue", scope)  # read only here; a JSON object otherwise
    for segment in path:
        if isinstance(value, dict):
            if segment not in value:
                return False, None
            value = value[segment]
        elif isinstance(value, list) and segment.isdecimal() and int(segment) < len(value):
            value = value[int(segment)]
        else:
            return False, None
    return True, value
