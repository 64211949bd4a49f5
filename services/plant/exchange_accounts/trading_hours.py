"""The time of day in which an account may enter positions, where its owner lives."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, StringConstraints

from shared.contracts.base import WireModel

_EPOCH = datetime.fromtimestamp(0, UTC)


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _known_zone(name: str) -> str:
    try:
        _zone(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError("is no IANA time zone") from error
    return name


TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
TimeZone = Annotated[str, AfterValidator(_known_zone)]


class TradingHours(WireModel):
    """From `start` until just before `end`, "HH:MM"; past midnight when `end` is earlier, never when equal."""

    start: TimeOfDay
    end: TimeOfDay
    timezone: TimeZone

    def local_time(self, now_ms: int) -> str:
        """Shape: "HH:MM"."""
        return (_EPOCH + timedelta(milliseconds=now_ms)).astimezone(_zone(self.timezone)).strftime("%H:%M")

    def include(self, now_ms: int) -> bool:
        time_of_day = self.local_time(now_ms)
        if self.start <= self.end:
            return self.start <= time_of_day < self.end
        return time_of_day >= self.start or time_of_day < self.end

    def __str__(self) -> str:
        return f"{self.start} to {self.end} {self.timezone}"


NEVER = TradingHours(start="00:00", end="00:00", timezone="UTC")
