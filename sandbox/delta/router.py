"""The route table of the exchange, and the look-up in it."""

from collections.abc import Mapping
from urllib.parse import unquote

from sandbox.delta.call import Route
from sandbox.delta.errors import DeltaError, not_found
from sandbox.delta.routes import account, batch, brackets, market, order_queries, orders, positions

ROUTES: tuple[Route, ...] = (
    *orders.ROUTES,
    *batch.ROUTES,
    *brackets.ROUTES,
    *order_queries.ROUTES,
    *positions.ROUTES,
    *market.ROUTES,
    *account.ROUTES,
)

_FIXED = {(route.method, route.path): route for route in ROUTES if "{" not in route.path}
_PATTERNS = tuple((route, route.path.split("/")) for route in ROUTES if "{" in route.path)
_FIXED_PATHS = frozenset(path for _, path in _FIXED)


def find_route(method: str, path: str) -> tuple[Route, Mapping[str, str]]:
    """The route and the named parts of the path; a fixed path wins over a pattern.

    Raises: DeltaError 404 for an unknown path, 405 for a known one with another method.
    """
    fixed = _FIXED.get((method, path))
    if fixed is not None:
        return fixed, {}
    segments = path.split("/")
    is_known = path in _FIXED_PATHS
    if not is_known:
        for route, pattern in _PATTERNS:
            params = _match(pattern, segments)
            if params is not None and route.method == method:
                return route, params
            is_known = is_known or params is not None
    raise DeltaError(405, "method_not_allowed") if is_known else not_found("not_found")


def _match(pattern: list[str], segments: list[str]) -> Mapping[str, str] | None:
    if len(pattern) != len(segments):
        return None
    params: dict[str, str] = {}
    for wanted, found in zip(pattern, segments, strict=True):
        if wanted.startswith("{") and found:
            params[wanted[1:-1]] = unquote(found)
        elif wanted != found:
            return None
    return params
