"""A bound on the requests that a process works on at once; whoever comes beyond it is told to come again."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from shared.errors import PlatformError, unavailable


@dataclass(slots=True)
class InFlight:
    limit: int
    reason: str = "busy"
    count: int = 0

    @property
    def is_full(self) -> bool:
        return self.count >= self.limit

    @contextmanager
    def one_more(self) -> Generator[None]:
        """Raises: PlatformError 503 when the limit is reached."""
        if self.is_full:
            raise self.refusal()
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1

    def refusal(self) -> PlatformError:
        detail = "Too many requests are in flight; nothing was done. Try again."
        return unavailable(detail, reason=self.reason, retry_after_s=1)
