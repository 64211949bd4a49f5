"""Messages from a portal to Plant: what they carry, and how an answer settles them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.ids import CorrelationId, CustomerId

MAX_BACK_OFF_S = 30
LEASE_S = 15
MAX_ATTEMPTS = 3_000  # a day of trying
DEFINITIVE_REFUSALS = frozenset({400, 403, 409, 410, 413, 422})


class MessageKind(StrEnum):
    APPROVAL = "approval"
    REVOCATION = "revocation"
    EXCHANGE_ACCOUNT = "exchange_account"
    DENIAL = "denial"
    SUBSCRIPTION = "subscription"
    PLATFORM_ACCOUNT = "platform_account"


@dataclass(frozen=True, slots=True)
class Message:
    """`subject` is what the message is about (an approval, an account); its messages go out in order."""

    message_id: UUID
    kind: MessageKind
    subject: UUID
    customer_id: CustomerId
    correlation_id: CorrelationId
    method: str
    path: str
    body: Mapping[str, Any] = field(repr=False)
    attempts: int


@dataclass(frozen=True, slots=True)
class Settled:
    """Plant's final word on a message: taken (2xx), or refused for good."""

    message: Message
    is_delivered: bool
    status: int
    answer: Mapping[str, Any] = field(repr=False)


def back_off_s(attempts: int) -> float:
    """Units: seconds to wait after the n-th failed attempt: 0.5, 1, 2, ... up to 30."""
    return min(float(MAX_BACK_OFF_S), 0.5 * 2 ** min(attempts - 1, 10))
