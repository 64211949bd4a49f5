"""Expected trouble, named: every error a caller may see is a PlatformError, rendered once as problem+json."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.denials import CATALOGUE, DenialReason


@dataclass(frozen=True, slots=True)
class FieldError:
    field: str
    message: str


@dataclass
class PlatformError(Exception):
    """`detail` is safe to show: what was expected, what was found, what to do."""

    status: int
    reason: str
    detail: str
    errors: Sequence[FieldError] = ()
    risk_codes: Sequence[str] = ()
    decision_id: UUID | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def __str__(self) -> str:
        return f"{self.status} {self.reason}: {self.detail}"


def denied(
    reason: DenialReason,
    *,
    detail: str | None = None,
    risk_codes: Sequence[str] = (),
    decision_id: UUID | None = None,
) -> PlatformError:
    entry = CATALOGUE[reason]
    return PlatformError(
        status=entry.status,
        reason=reason,
        detail=f"{detail or entry.meaning} {entry.remedy}",
        risk_codes=risk_codes,
        decision_id=decision_id,
    )


def unauthenticated(detail: str = "Sign in, or send a valid bearer token.") -> PlatformError:
    return PlatformError(401, "unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def not_allowed(detail: str) -> PlatformError:
    return PlatformError(403, "not_allowed", detail)


def not_found(what: str) -> PlatformError:
    return PlatformError(404, "not_found", f"There is no such {what}, or it is not yours.")


def wrong_state(detail: str, *, reason: str = "wrong_state") -> PlatformError:
    return PlatformError(409, reason, detail)


def invalid_fields(*errors: FieldError) -> PlatformError:
    return PlatformError(422, "validation_failed", "Some fields are not valid; see errors.", errors=errors)


def too_many_requests(detail: str, *, retry_after_s: int) -> PlatformError:
    return PlatformError(429, "rate_limited", detail, headers={"Retry-After": str(max(1, retry_after_s))})


def unavailable(detail: str, *, reason: str = "not_ready", retry_after_s: int = 2) -> PlatformError:
    return PlatformError(503, reason, detail, headers={"Retry-After": str(retry_after_s)})
