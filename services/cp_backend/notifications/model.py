"""A channel outside and a delivery to it: how long is waited between attempts, and when it is given up."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from shared.ids import CustomerId
from shared.vault.envelope import Envelope, record_context

MOST_CHANNELS: Final = 10
MAX_ATTEMPTS: Final = 8
LEASE_S: Final = 60
_FIRST_WAIT_S: Final = 5.0
_LONGEST_WAIT_S: Final = 900.0


def wait_s(attempts: int) -> float:
    """Units: seconds until the next attempt, after this many."""
    return min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (attempts - 1))


@dataclass(frozen=True, slots=True)
class SealedChannel:
    channel_id: UUID
    customer_id: CustomerId
    version: int
    scheme: str
    last4: str
    envelope: Envelope = field(repr=False)

    @property
    def context(self) -> bytes:
        return channel_context(self.channel_id, customer_id=self.customer_id, version=self.version)


@dataclass(frozen=True, slots=True)
class HeldDelivery:
    """A delivery that this process has a lease of; `attempts` counts the one that begins."""

    delivery_id: UUID
    attempts: int
    summary: str
    link: str
    channel: SealedChannel

    @property
    def is_last_attempt(self) -> bool:
        return self.attempts >= MAX_ATTEMPTS


@dataclass(frozen=True, slots=True)
class FollowedSince:
    customer_id: CustomerId
    since: datetime


def channel_context(channel_id: UUID, *, customer_id: CustomerId, version: int) -> bytes:
    """What the envelope of an address is bound to."""
    return record_context(credential_ref=channel_id, customer_id=customer_id, version=version)
