"""The second line against secrets in logs: fields by name, and text that looks like a credential.

The first line is that secrets are never handed to a logger; see `pydantic.SecretStr` and the vault.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, cast

REDACTED = "[redacted]"
_SECRET_NAMES = re.compile(
    r"secret|password|passwd|token|authorization|cookie|api[_-]?key$|private|signature|bundle|jws|csrf",
    re.IGNORECASE,
)
_SECRET_TEXT = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)*"
    r"|(?i:bearer)\s+[\w.~+/-]{8,}=*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END|$)"
    r"|://[^/\s:@]+:[^@\s/]+@"
)


def redact_text(text: str) -> str:
    return _SECRET_TEXT.sub(REDACTED, text)


def redact(value: object) -> object:
    """Return a copy with secrets replaced, through mappings and sequences of any depth."""
    match value:
        case str():
            return redact_text(value)
        case Mapping():
            items = cast("Mapping[object, object]", value).items()
            return {k: REDACTED if _is_secret_name(k) else redact(v) for k, v in items}
        case list() | tuple():
            return [redact(item) for item in cast("list[object]", value)]
        case _:
            return value


def redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor."""
    for name, value in list(event.items()):
        event[name] = REDACTED if _is_secret_name(name) else redact(value)
    return event


def _is_secret_name(name: object) -> bool:
    return isinstance(name, str) and bool(_SECRET_NAMES.search(name))
