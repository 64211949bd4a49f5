"""Weighted rate limits of the exchange: units per window, matching operations per second and product."""

from dataclasses import dataclass, field
from typing import TypeVar

from sandbox.delta.errors import rate_limited
from sandbox.delta.model import ProductId

WINDOW_S = 300
OPERATIONS_WINDOW_S = 1

_Key = TypeVar("_Key")


@dataclass(slots=True)
class Window:
    """How much of one fixed window is used; `number` counts windows since the epoch."""

    number: int
    used: int = 0


@dataclass(slots=True)
class RateLimits:
    """`subject` is an API key, or `ip:` and the address for a public call."""

    units: int
    operations_per_s: int
    units_by_subject: dict[str, int] = field(default_factory=dict[str, int])
    _units_used: dict[str, Window] = field(default_factory=dict[str, Window])
    _operations_used: dict[tuple[str, ProductId], Window] = field(
        default_factory=dict[tuple[str, ProductId], Window]
    )

    def charge(self, subject: str, *, weight: int, now_s: float) -> None:
        """Use units of the current window.

        Raises: DeltaError 429 with the time to the next window; a refused call uses nothing.
        """
        window = _current(self._units_used, subject, int(now_s // WINDOW_S))
        if window.used + weight > self._limit(subject):
            raise rate_limited(reset_ms=_ms_left(now_s, WINDOW_S))
        window.used += weight

    def charge_operations(
        self, subject: str, *, product_id: ProductId, operations: int, now_s: float
    ) -> None:
        """Use matching operations of the current second. Raises: DeltaError 429."""
        window = _current(self._operations_used, (subject, product_id), int(now_s // OPERATIONS_WINDOW_S))
        if window.used + operations > self.operations_per_s:
            raise rate_limited(reset_ms=_ms_left(now_s, OPERATIONS_WINDOW_S))
        window.used += operations

    def quota(self, subject: str, *, now_s: float) -> tuple[int, int]:
        """The units left in this window, and the milliseconds until the next."""
        window = _current(self._units_used, subject, int(now_s // WINDOW_S))
        return max(0, self._limit(subject) - window.used), _ms_left(now_s, WINDOW_S)

    def set_units(self, units: int, *, api_key: str | None) -> None:
        """Set the limit of one key, or of everybody; what was used in this window is forgotten."""
        if api_key is None:
            self.units = units
            self.units_by_subject.clear()
            self._units_used.clear()
        else:
            self.units_by_subject[api_key] = units
            self._units_used.pop(api_key, None)

    def _limit(self, subject: str) -> int:
        return self.units_by_subject.get(subject, self.units)


def _current(windows: dict[_Key, Window], key: _Key, number: int) -> Window:
    window = windows.get(key)
    if window is None or window.number != number:
        window = windows[key] = Window(number)
    return window


def _ms_left(now_s: float, window_s: int) -> int:
    return max(1, int((window_s - now_s % window_s) * 1000))
