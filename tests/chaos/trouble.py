"""What can befall one order of a chaos run: twelve named points to be killed at, and the scenarios it applies.

The numbers F01 to F33 are those of the list of failure scenarios; `NOT_PLAYED` says what is left out and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Point(StrEnum):
    """Where a process is killed with SIGKILL; the first five are Plant's, the others a worker's."""

    RELEASE_BEGIN = "release.begin"
    RELEASE_GATED = "release.gated"
    RELEASE_USED = "release.used"
    RELEASE_WRITTEN = "release.written"
    RELEASE_ANSWERED = "release.answered"
    ATTEMPT_BEGIN = "attempt.begin"
    SEND_LEAVING = "send.leaving"
    SEND_ARRIVED = "send.arrived"
    RECORD_BEGIN = "record.begin"
    SETTLE_READING = "settle.reading"
    SETTLE_WRITING = "settle.writing"
    SETTLE_CLOSING = "settle.closing"


class Play(StrEnum):
    """Scenarios in which somebody acts, beside or instead of a fault of the exchange."""

    CLIENT_REPEATS = "F07 one key, eight requests at once"
    OTHER_BODY = "F08 one approval, another order"
    JOB_TWICE = "F09 one job, six times"
    OWNER_CANCELS_PART = "F10 partly filled, then cancelled"
    CANCEL_RACES_FILL = "F11 cancel races the fill"
    DATABASE_DIES = "F30 database killed between answer and record"
    KILL_SWITCH = "F31 kill switch between release and send"
    LAST_HEADROOM = "F32 six orders, headroom for five"
    SAME_TRADE_AGAIN = "F33 the same trade again, reworded"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the exchange that meets the account's order, or another request when `method` says so."""

    title: str
    name: str
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    method: str = "POST"
    times: int = 1


FAULTS = (
    Fault("F01 accepted, answer lost", "accept_then_drop"),
    Fault("F02 lost before the exchange", "drop_before_accept"),
    Fault("F06 duplicate id answered", "error_after", {"status": 400, "code": "duplicate_client_order_id"}),
    Fault("F13 out of rate", "rate_limit", {"reset_ms": 800}),
    *(Fault(f"F15 {status} before", "error_before", {"status": status}) for status in (500, 502, 503, 504)),
    *(Fault(f"F15 {status} after", "error_after", {"status": status}) for status in (500, 502, 503, 504)),
    Fault("F16 answer cut short", "malformed"),
    Fault("F18 key refused", "error_before", {"status": 401, "code": "invalid_api_key"}),
    Fault("F19 rejected late", "late_reject", {"delay_s": 0.6, "reason": "insufficient_margin"}),
    Fault("F20 filled long before the answer", "slow", {"seconds": 2.0}),
    Fault("F21 fills reported twice", "duplicate_fill"),
    Fault("F22 reads lost", "drop_before_accept", method="GET", times=6),
)

NOT_PLAYED = MappingProxyType(
    {
        "F03": "the points release.answered and attempt.begin",
        "F04": "the points send.leaving (the order arrives late, or never) and send.arrived",
        "F05": "the point record.begin",
        "F12": "does not apply: the platform cancels nothing, so no cancel of its own can time out",
        "F22 (stream)": "does not apply: there is no stream; lost reads stand in for its gap",
        "F18 (session)": "does not apply: keys do not run out during a day; a key refused in between stands in",
    }
)

Trouble = Point | Play | Fault | None


def title(trouble: Trouble) -> str:
    match trouble:
        case None:
            return "no trouble of its own"
        case Fault():
            return trouble.title
        case Point() | Play():
            return trouble.value
