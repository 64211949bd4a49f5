"""Delta Exchange India's request signature: HMAC-SHA256 over the exact bytes that are sent.

Source: the exchange's API documentation (authentication), as of June 2026.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta

from pydantic import SecretStr

SIGNATURE_WINDOW = timedelta(seconds=5)
USER_AGENT = "countersign"


def signed_headers(
    method: str,
    path_and_query: str,
    *,
    body: bytes,
    api_key: SecretStr,
    api_secret: SecretStr,
    timestamp: int,
) -> dict[str, str]:
    """Units: `timestamp` in seconds. `path_and_query` begins with /v2 and is as sent, percent-encoded."""
    prehash = f"{method}{timestamp}{path_and_query}".encode() + body
    signature = hmac.new(api_secret.get_secret_value().encode(), prehash, hashlib.sha256).hexdigest()
    return {
        "api-key": api_key.get_secret_value(),
        "timestamp": str(timestamp),
        "signature": signature,
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
    }


def credentials_in(headers: Mapping[str, str]) -> tuple[str, ...]:
    """What a request's headers tell the exchange that nobody else may see."""
    return tuple(headers[name] for name in ("api-key", "signature") if name in headers)
