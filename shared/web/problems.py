"""Errors rendered once: every exception that leaves a route becomes a problem document here."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.contracts.problem import MEDIA_TYPE, title_of
from shared.correlation import current_correlation_id
from shared.errors import FieldError, PlatformError, invalid_fields

_PLAIN_WORD = re.compile(r"[A-Za-z_]{1,40}")
_REASONS = {
    400: "malformed_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "body_too_slow",
    413: "too_large",
}


def problem_response(error: PlatformError) -> Response:
    body: dict[str, Any] = {
        "type": f"urn:countersign:problem:{error.reason}",
        "title": title_of(error.status),
        "status": error.status,
        "detail": error.detail,
        "reason": error.reason,
        "correlation_id": str(current_correlation_id()),
    }
    if error.decision_id is not None:
        body["decision_id"] = str(error.decision_id)
    if error.risk_codes:
        body["risk_codes"] = list(error.risk_codes)
    if error.errors:
        body["errors"] = [{"field": item.field, "message": item.message} for item in error.errors]
    content = json.dumps(body).encode()
    return Response(content, status_code=error.status, headers=dict(error.headers), media_type=MEDIA_TYPE)


def install_problem_handlers(app: FastAPI) -> None:
    app.add_exception_handler(PlatformError, _render_platform_error)
    app.add_exception_handler(RequestValidationError, _render_validation_error)
    app.add_exception_handler(HTTPException, _render_http_exception)


def field_errors(details: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Turn pydantic's error list into ours; the refused input itself is never repeated."""
    return [FieldError(_field_path(_told(detail)), str(detail["msg"])) for detail in details]


async def _render_platform_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, PlatformError)
    return problem_response(error)


async def _render_validation_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return problem_response(invalid_fields(*field_errors(error.errors())))


async def _render_http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    reason = _REASONS.get(error.status_code, "request_refused")
    headers = dict(error.headers or {})
    return problem_response(PlatformError(error.status_code, reason, str(error.detail), headers=headers))


def _told(detail: Mapping[str, Any]) -> Sequence[int | str]:
    """Where the error is. The name of an unknown field is input too: only a plain word is repeated."""
    location = detail["loc"]
    if detail["type"] != "extra_forbidden" or _PLAIN_WORD.fullmatch(str(location[-1])):
        return location
    return (*location[:-1], "(unknown field)")


def _field_path(location: Sequence[int | str]) -> str:
    parts = [str(part) for part in location]
    if len(parts) > 1 and parts[0] in ("body", "query", "path", "header"):
        parts = parts[1:]
    return ".".join(parts)
