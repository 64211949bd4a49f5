"""A request to an imitated platform, taken apart: its route, its token, its form or JSON body."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl, unquote

from sandbox.venue import VenueAnswer, VenueRequest


@dataclass
class SocialError(Exception):
    """A refusal, rendered by each platform in its own words."""

    status: int
    code: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Call:
    request: VenueRequest
    params: Mapping[str, str]

    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.request.query, keep_blank_values=True))

    def form(self) -> dict[str, str]:
        """Raises: SocialError 400 for a body that is neither a form nor JSON."""
        if "json" in self.request.headers.get("content-type", ""):
            return {name: str(value) for name, value in self.json().items() if value is not None}
        try:
            return dict(parse_qsl(self.request.body.decode(), keep_blank_values=True, strict_parsing=True))
        except ValueError as error:
            raise SocialError(400, "bad_request", "expected a form") from error

    def json(self) -> dict[str, Any]:
        """Raises: SocialError 400 for a body that is no JSON object."""
        try:
            body: object = json.loads(self.request.body)
        except ValueError as error:
            raise SocialError(400, "bad_request", "expected JSON") from error
        if not isinstance(body, dict):
            raise SocialError(400, "bad_request", "expected a JSON object")
        return cast("dict[str, Any]", body)


Handler = Callable[[Call], VenueAnswer]


@dataclass(frozen=True, slots=True)
class Route:
    """`path` may hold `{name}` parts, each one segment."""

    method: str
    path: str
    handler: Handler

    def match(self, path: str) -> Mapping[str, str] | None:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        found = re.fullmatch(pattern, path)
        return None if found is None else {name: unquote(part) for name, part in found.groupdict().items()}


def dispatch(request: VenueRequest, routes: Sequence[Route]) -> VenueAnswer:
    """Raises: SocialError 404 for an unknown path, 405 for a known one with another method."""
    is_known = False
    for route in routes:
        params = route.match(request.path)
        if params is not None and route.method == request.method:
            return route.handler(Call(request, params))
        is_known = is_known or params is not None
    if is_known:
        raise SocialError(405, "method_not_allowed", "this path takes another method")
    raise SocialError(404, "not_found", "there is nothing at this path")


def bearer(request: VenueRequest) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" and token else None


def json_answer(content: object, *, status: int = 200, post_id: str | None = None) -> VenueAnswer:
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    return VenueAnswer(status, body, order_id=post_id)
