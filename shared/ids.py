"""Identifiers: their types, and UUIDv7 so that keys sort by creation time."""

import os
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


def uuid7() -> UUID:
    """Make a UUIDv7 (RFC 9562 5.7): 48 bits of milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
