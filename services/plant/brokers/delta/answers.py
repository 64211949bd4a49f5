"""Reading the exchange's answers: the envelope, error codes in all their spellings, and what they mean."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from shared.http_client import HttpAnswer
from shared.redaction import REDACTED

DUPLICATE_ID = "duplicateclientorderid"
CLOCK_SKEW_CODES = frozenset({"signatureexpired", "requestexpired", "expiredsignature"})
NOT_FOUND_CODES = frozenset({"ordernotfound", "notfound", "resourcenotfound"})

REFUSAL_CODES = frozenset(
    {
        "insufficientmargin",
        "ordersizeexceedavailable",
        "risklimitsbreached",
        "invalidcontract",
        "immediateliquidation",
        "outofbankruptcy",
        "selfmatchingdisruptedpostonly",
        "immediateexecutionpostonly",
        "badschema",
        "validationerror",
        "nopositionforreduceonly",
        "invalidapikey",
        "unauthorizedapiaccess",
        "signaturemismatch",
        "invalidsignature",
        "ipnotwhitelistedforapikey",
    }
)
"""Codes after which the order certainly does not exist. Any other error leaves the outcome unknown."""


class BrokenAnswerError(Exception):
    """The answer is not what the exchange documents."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Shape: `result` is the parsed `result` of a success; `code` the normalised code of a failure."""

    status: int
    success: bool
    result: Any
    after: str | None
    code: str
    shown_code: str
    context: str


def read_answer(response: HttpAnswer, *, hidden: Iterable[str] = ()) -> Answer:
    """Read the answer; an exchange that repeats a credential of `hidden` in its error is not quoted on that.

    Raises: BrokenAnswerError when the body is not the documented envelope.
    """
    try:
        body: object = json.loads(response.content)
    except ValueError as error:
        raise BrokenAnswerError("the body is not JSON") from error
    if not isinstance(body, dict) or not isinstance(cast("dict[str, Any]", body).get("success"), bool):
        raise BrokenAnswerError("the body is not the exchange's envelope")
    envelope = cast("dict[str, Any]", body)
    if envelope["success"]:
        meta: dict[str, Any] = envelope.get("meta") or {}
        return Answer(response.status, True, envelope.get("result"), meta.get("after"), "", "", "")
    shown, context = _error_of(envelope)
    return Answer(
        response.status,
        False,
        None,
        None,
        normalise(shown),
        _without(shown, hidden),
        _without(context, hidden),
    )


def _without(text: str, hidden: Iterable[str]) -> str:
    for credential in hidden:
        text = text.replace(credential, REDACTED)
    return text


def normalise(code: str) -> str:
    """Fold case and separators: the exchange spells the same code several ways."""
    return re.sub(r"[^a-z0-9]", "", code.lower())


def retry_after_s(response: HttpAnswer) -> float:
    """Source: header X-RATE-LIMIT-RESET, in milliseconds."""
    milliseconds = response.headers.get("X-RATE-LIMIT-RESET", "")
    return int(milliseconds) / 1000 if milliseconds.isdigit() else 1.0


def _error_of(envelope: dict[str, Any]) -> tuple[str, str]:
    error = envelope.get("error")
    if isinstance(error, dict):
        typed = cast("dict[str, Any]", error)
        return str(typed.get("code", "unknown_error")), json.dumps(typed.get("context") or {})[:300]
    return str(error or "unknown_error"), str(envelope.get("message") or "")[:300]
