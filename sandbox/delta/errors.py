"""Refusals in the exchange's own words: codes, status and the error envelope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class DeltaError(Exception):
    """A refusal; `context` goes into the envelope as it is."""

    status: int
    code: str
    context: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class SchemaError:
    param: str
    message: str


def bad_schema(*errors: SchemaError) -> DeltaError:
    return DeltaError(400, "bad_schema", {"schema_errors": _schema_errors(errors)})


def bad_param(param: str, message: str) -> DeltaError:
    return bad_schema(SchemaError(param, message))


def not_found(code: str) -> DeltaError:
    return DeltaError(404, code)


def insufficient_margin(*, available: Decimal, required: Decimal) -> DeltaError:
    """Units: USD; `required` is the whole requirement, the context carries what is missing."""
    context = {
        "asset_symbol": "USD",
        "available_balance": format(available, "f"),
        "required_additional_balance": format(required - available, "f"),
    }
    return DeltaError(400, "insufficient_margin", context)


def rate_limited(*, reset_ms: int) -> DeltaError:
    headers = {"X-RATE-LIMIT-RESET": str(reset_ms)}
    return DeltaError(429, "rate_limit_exceeded", {"reset_in_ms": reset_ms}, headers)


def _schema_errors(errors: Sequence[SchemaError]) -> list[Mapping[str, str]]:
    return [{"code": "validation_error", "message": error.message, "param": error.param} for error in errors]
