"""Identifiers: their types, and UUIDv7 so that keys sort by creation time."""

import os
import threading
import time
from typing import NewType
from uuid import UUID

ActionHash = NewType("ActionHash", str)
ApprovalId = NewType("ApprovalId", UUID)
CorrelationId = NewType("CorrelationId", UUID)
CredentialRef = NewType("CredentialRef", UUID)
CustomerId = NewType("CustomerId", UUID)
DecisionId = NewType("DecisionId", UUID)
DeliverableId = NewType("DeliverableId", UUID)
ExecutionId = NewType("ExecutionId", UUID)
OperatorId = NewType("OperatorId", UUID)
ProposalId = NewType("ProposalId", UUID)


_MOMENTS_PER_MILLISECOND = 1 << 12


class _RisingClock:
    """Tells the time in 4,096ths of a millisecond, and never the same or an earlier one again."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        with self._lock:
            now = time.time_ns() * _MOMENTS_PER_MILLISECOND // 1_000_000
            self._last = max(now, self._last + 1)
            return self._last


_clock = _RisingClock()


def uuid7() -> UUID:
    """Make a UUIDv7 (RFC 9562 5.7) that sorts after all that this process made before it (6.2, method 3).

    48 bits of milliseconds, 12 bits of their 4,096ths, and 62 random bits.
    """
    milliseconds, fraction = divmod(_clock.next(), _MOMENTS_PER_MILLISECOND)
    random_bits = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | random_bits)
