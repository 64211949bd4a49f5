"""Signature check of the exchange: HMAC-SHA256 over method, timestamp, raw path, raw query and raw body."""

import hashlib
import hmac
from collections.abc import Mapping

from sandbox.delta.errors import DeltaError
from sandbox.delta.model import Account
from sandbox.venue import VenueRequest


def verify(
    request: VenueRequest,
    *,
    accounts: Mapping[str, Account],
    now_s: float,
    window_s: float,
    future_skew_s: float,
) -> Account:
    """Return the account that signed the request.

    Raises: DeltaError 401 for missing headers, an unknown key, a stale or early timestamp, a wrong signature.
    Source: a signature is good for five seconds after its timestamp in whole seconds; checked 20 Nov 2026.
    """
    key, timestamp, signature = (
        request.headers.get(name, "") for name in ("api-key", "timestamp", "signature")
    )
    if not key or not signature or not timestamp.isascii() or not timestamp.isdigit():
        raise DeltaError(401, "UnauthorizedApiAccess")
    account = accounts.get(key)
    if account is None:
        raise DeltaError(401, "InvalidApiKey")
    _check_window(int(timestamp[:12]), now_s=now_s, window_s=window_s, future_skew_s=future_skew_s)
    expected = sign(request, secret=account.api_secret, timestamp=timestamp)
    if not hmac.compare_digest(expected.encode("ascii"), signature.encode("latin-1")):
        raise DeltaError(401, "Signature Mismatch")
    return account


def sign(request: VenueRequest, *, secret: str, timestamp: str) -> str:
    """Lower-case hex signature over the bytes as they were sent, the query with its leading `?`."""
    query = f"?{request.query}" if request.query else ""
    head = f"{request.method}{timestamp}{request.path}{query}".encode("latin-1")
    return hmac.new(secret.encode("utf-8"), head + request.body, hashlib.sha256).hexdigest()


def _check_window(timestamp_s: int, *, now_s: float, window_s: float, future_skew_s: float) -> None:
    age_s = now_s - timestamp_s
    if not -future_skew_s <= age_s <= window_s:
        raise DeltaError(401, "SignatureExpired", {"request_time": timestamp_s, "server_time": int(now_s)})
