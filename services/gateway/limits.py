"""How often: a token bucket per caller, in this process; each replica of the gateway has its own share."""

import math
from dataclasses import dataclass, field

from shared.errors import too_many_requests

MAX_BUCKETS = 50_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Units: `per_s` requests per second in the long run, `burst` requests at once."""

    per_s: float
    burst: float


@dataclass(slots=True)
class TokenBuckets:
    """Shape: `_levels` maps a caller to its tokens and the second they were counted at."""

    rate: Rate
    _levels: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])

    def __len__(self) -> int:
        return len(self._levels)

    def take(self, caller: str, *, now_s: float) -> None:
        """Raises: PlatformError 429 when the caller's bucket is empty."""
        tokens, counted_at = self._levels.get(caller, (self.rate.burst, now_s))
        tokens = min(self.rate.burst, tokens + (now_s - counted_at) * self.rate.per_s)
        if tokens < 1:
            wait_s = math.ceil((1 - tokens) / self.rate.per_s)
            raise too_many_requests("Too many requests; slow down.", retry_after_s=wait_s)
        if len(self._levels) >= MAX_BUCKETS and caller not in self._levels:
            self._forget_full(now_s)
        self._levels[caller] = (tokens - 1, now_s)

    def _forget_full(self, now_s: float) -> None:
        """Drop callers whose bucket has filled up again: a fresh one is the same."""
        seconds_to_fill = self.rate.burst / self.rate.per_s
        self._levels = {
            caller: level for caller, level in self._levels.items() if now_s - level[1] < seconds_to_fill
        }
