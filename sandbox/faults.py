"""Faults that tests plant: what each is called, which request it meets, and how often."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count


class FaultName(StrEnum):
    ACCEPT_THEN_DROP = "accept_then_drop"
    DROP_BEFORE_ACCEPT = "drop_before_accept"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    SLOW = "slow"
    MALFORMED = "malformed"
    RATE_LIMIT = "rate_limit"
    MAINTENANCE = "maintenance"
    LATE_REJECT = "late_reject"
    LATE_FILL = "late_fill"
    PARTIAL_FILL = "partial_fill"
    DUPLICATE_FILL = "duplicate_fill"
    LIQUIDATE = "liquidate"
    EXTERNAL_ORDER = "external_order"
    POSITION_CHANGE = "position_change"


ANSWER_FAULTS = frozenset(
    {
        FaultName.ACCEPT_THEN_DROP,
        FaultName.DROP_BEFORE_ACCEPT,
        FaultName.ERROR_BEFORE,
        FaultName.ERROR_AFTER,
        FaultName.SLOW,
        FaultName.MALFORMED,
        FaultName.RATE_LIMIT,
        FaultName.MAINTENANCE,
    }
)
"""Change how a request is answered; any venue has them."""

UNPROCESSED_FAULTS = frozenset(
    {FaultName.DROP_BEFORE_ACCEPT, FaultName.ERROR_BEFORE, FaultName.RATE_LIMIT, FaultName.MAINTENANCE}
)
"""Those of them under which the venue does nothing with the request."""

ORDER_FAULTS = frozenset({FaultName.LATE_REJECT, FaultName.LATE_FILL, FaultName.PARTIAL_FILL})
"""Change what becomes of an order that a venue accepted."""

FILL_FAULTS = frozenset({FaultName.DUPLICATE_FILL})
"""Change how fills are reported."""

IMMEDIATE_FAULTS = frozenset({FaultName.LIQUIDATE, FaultName.EXTERNAL_ORDER, FaultName.POSITION_CHANGE})
"""Act on an account at once and wait for no request."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests a fault meets; None matches all, `path` is a prefix of the path as the venue sees it."""

    method: str | None = None
    path: str | None = None
    api_key: str | None = None

    def meets(self, *, method: str, path: str, api_key: str | None) -> bool:
        return (
            (self.method is None or self.method.upper() == method)
            and (self.path is None or path.startswith(self.path))
            and (self.api_key is None or self.api_key == api_key)
        )


@dataclass(frozen=True, slots=True)
class FaultParams:
    """Values that a fault takes, each only where its name says so in the control API.

    Units: `seconds`, `delay_s` seconds; `reset_ms` milliseconds; `size` whole contracts.
    """

    status: int = 500
    code: str | None = None
    seconds: float = 1.0
    reset_ms: int = 1_000
    size: int = 1
    delay_s: float = 0.2
    reason: str = "risk_limits_breached"


@dataclass(slots=True)
class Fault:
    fault_id: int
    venue: str
    name: FaultName
    match: Match
    params: FaultParams
    times_left: int


@dataclass(slots=True)
class FaultBook:
    """The planted faults in the order of planting; the first that meets a request is used up by it."""

    faults: list[Fault] = field(default_factory=list[Fault])
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def plant(self, venue: str, *, name: FaultName, match: Match, params: FaultParams, times: int) -> Fault:
        fault = Fault(next(self._ids), venue, name, match, params, times)
        self.faults.append(fault)
        return fault

    def take(
        self,
        venue: str,
        *,
        names: frozenset[FaultName],
        method: str,
        path: str,
        api_key: str | None,
        must_name_method: bool = False,
    ) -> Fault | None:
        """Find the first fault of these names for this request and count it down; maintenance never ends."""
        for fault in self.faults:
            if fault.venue != venue or fault.name not in names:
                continue
            if must_name_method and fault.match.method is None:
                continue
            if fault.match.meets(method=method, path=path, api_key=api_key):
                self._count_down(fault)
                return fault
        return None

    def clear(self) -> None:
        self.faults.clear()

    def _count_down(self, fault: Fault) -> None:
        if fault.name is FaultName.MAINTENANCE:
            return
        fault.times_left -= 1
        if fault.times_left <= 0:
            self.faults.remove(fault)


def describe(fault: Fault) -> Mapping[str, object]:
    """Shape: id, venue, fault, match and times_left, as the control API lists it."""
    match = {"method": fault.match.method, "path": fault.match.path, "api_key": fault.match.api_key}
    return {
        "id": fault.fault_id,
        "venue": fault.venue,
        "fault": fault.name.value,
        "match": {key: value for key, value in match.items() if value is not None},
        "times_left": fault.times_left,
    }
