"""The sandbox's clock: the machine's time plus an offset that the control API sets."""

import time
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SandboxClock:
    def __init__(self, *, offset_s: float = 0.0) -> None:
        self.offset_s = offset_s

    def now_s(self) -> float:
        """Seconds since the epoch, moved by the offset."""
        return time.time() + self.offset_s


def microseconds(at_s: float) -> int:
    """Units: whole microseconds since the epoch, rounded as `iso_time` rounds."""
    return round(at_s * 1_000_000)


def iso_time(at_s: float) -> str:
    """Render as ISO 8601 UTC with microseconds and `Z`."""
    return (EPOCH + timedelta(microseconds=microseconds(at_s))).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
