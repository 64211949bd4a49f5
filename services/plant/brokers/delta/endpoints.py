"""The only endpoints of the exchange that this platform can call; everything else is refused here."""

import re

_ALLOWED = tuple(
    (method, re.compile(pattern))
    for method, pattern in (
        ("GET", r"/v2/products/[A-Z0-9_-]+"),
        ("GET", r"/v2/tickers/[A-Z0-9_-]+"),
        ("GET", r"/v2/wallet/balances"),
        ("GET", r"/v2/positions/margined"),
        ("GET", r"/v2/orders"),
        ("GET", r"/v2/orders/history"),
        ("GET", r"/v2/orders/client_order_id/[A-Za-z0-9_-]{1,32}"),
        ("GET", r"/v2/fills"),
        ("POST", r"/v2/orders"),
    )
)


class EndpointNotAllowedError(Exception):
    pass


def check_allowed(method: str, path: str) -> None:
    """Raises: EndpointNotAllowedError."""
    if not any(method == allowed and pattern.fullmatch(path) for allowed, pattern in _ALLOWED):
        raise EndpointNotAllowedError(f"{method} {path} is not on the exchange's allow-list")
