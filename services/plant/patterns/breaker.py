"""The circuit breaker: an agent that fails five times in a row is left alone for a while, then tried once."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    opened_at: float | None = None


@dataclass(slots=True)
class Breaker:
    """Units: seconds of `clock`, any clock that only moves forward."""

    clock: Callable[[], float]
    failures_to_open: int = 5
    rest_s: float = 30.0
    _circuits: dict[str, _Circuit] = field(default_factory=dict[str, _Circuit])

    def lets_through(self, agent: str) -> bool:
        """After the rest one call is let through to try the agent; if it never reports, the next after another rest."""
        circuit = self._circuits.get(agent)
        if circuit is None or circuit.opened_at is None:
            return True
        now = self.clock()
        if now - circuit.opened_at < self.rest_s:
            return False
        circuit.opened_at = now
        return True

    def report_success(self, agent: str) -> None:
        self._circuits.pop(agent, None)

    def report_failure(self, agent: str) -> None:
        circuit = self._circuits.setdefault(agent, _Circuit())
        circuit.failures += 1
        if circuit.failures >= self.failures_to_open:
            circuit.opened_at = self.clock()
