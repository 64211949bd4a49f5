"""The problem document (RFC 9457) that every error answer is."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel


class FieldProblem(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    type: str
    title: str
    status: int
    detail: str
    reason: str
    correlation_id: UUID
    decision_id: UUID | None = None
    risk_codes: list[str] | None = None
    errors: list[FieldProblem] | None = None


MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "The request could not be read",
    401: "Not signed in",
    403: "Denied or not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "The request did not arrive in time",
    409: "Wrong state",
    410: "Gone",
    413: "Too large",
    415: "Unsupported media type",
    422: "Invalid fields",
    429: "Too many requests",
    500: "Unexpected trouble",
    502: "Bad answer from upstream",
    503: "Not ready",
}


def title_of(status: int) -> str:
    return _TITLES.get(status, "Error")


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: a problem document for each status."""
    return {
        status: {
            "description": title_of(status),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


COMMON_ERRORS = documented(400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 503)
