"""Refs only: a request that embeds a secret is refused. Looks at names, at known shapes, and at entropy."""

import math
import re
from collections import Counter
from collections.abc import Iterator

from pydantic import JsonValue

from plant.enforcement.model import ALLOW, Deny, GateInputs, Verdict
from shared.denials import DenialReason

_SECRET_NAME = re.compile(
    r"(api|access|private|secret|signing)[_-]?key|secret|passw(or)?d|passphrase|bearer|credential$"
    r"|(access|refresh|auth|api)[_-]?token|^token$",
    re.IGNORECASE,
)
_SECRET_SHAPE = re.compile(
    r"eyJ[\w-]{10,}\.[\w-]{10,}\."
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\b(sk|pk|rk)[-_](live|test|proj|ant)[-_]\w{8,}"
    r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{10,}|(?i:bearer)\s+[\w.~+/-]{16,}"
)
_HARMLESS = re.compile(r"(sha256:)?[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TOKEN = re.compile(r"[\w+/=.~-]{24,}")
_HIGH_ENTROPY_BITS = 4.0


def refs_only(inputs: GateInputs) -> Verdict:
    for path, reason in _suspects(inputs.submitted, ""):
        return Deny(DenialReason.RAW_SECRET_REJECTED, f"Field {path!r} {reason}.")
    return ALLOW


def _suspects(value: JsonValue, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, item in value.items():
                here = f"{path}.{name}" if path else name
                if _SECRET_NAME.search(name) and item not in (None, ""):
                    yield here[:100], "is named like a secret"
                yield from _suspects(item, here)
        case list():
            for index, item in enumerate(value):
                yield from _suspects(item, f"{path}[{index}]")
        case str():
            if _looks_secret(value):
                yield path[:100], "holds what looks like a secret"
        case _:
            return


def _looks_secret(text: str) -> bool:
    if _SECRET_SHAPE.search(text):
        return True
    words = (word for word in _TOKEN.findall(text) if not _HARMLESS.fullmatch(word))
    return any(_entropy_bits(word) >= _HIGH_ENTROPY_BITS and any(c.isdigit() for c in word) for word in words)


def _entropy_bits(word: str) -> float:
    """Units: bits per character."""
    counts = Counter(word).values()
    return -sum(count / len(word) * math.log2(count / len(word)) for count in counts)
