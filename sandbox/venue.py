"""What every imitated venue offers: answers to requests for the wire, and levers for the control API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, runtime_checkable

from sandbox.clock import SandboxClock
from sandbox.faults import FaultBook, FaultName
from sandbox.ledger import CallLedger


@dataclass
class ControlError(Exception):
    """A control request that cannot be met; rendered as problem+json."""

    status: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class VenueRequest:
    """`path` and `query` are raw, as sent, without the venue's prefix and `?`; header names in lower case."""

    method: str
    path: str
    query: str
    body: bytes
    headers: Mapping[str, str]
    client_host: str


@dataclass(frozen=True, slots=True)
class VenueAnswer:
    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    order_id: int | str | None = None


@dataclass(frozen=True, slots=True)
class ImmediateFault:
    """What an immediate fault does to which account; a `limit_price` lets an external order rest."""

    name: FaultName
    api_key: str
    symbol: str
    side: str | None
    size: int | None
    limit_price: Decimal | None


class Venue(Protocol):
    @property
    def name(self) -> str: ...

    def find_api_key(self, request: VenueRequest) -> str | None: ...

    def answer(self, request: VenueRequest) -> VenueAnswer: ...

    def fail(self, status: int, *, code: str | None = None) -> VenueAnswer:
        """Build the venue's own answer for a planted error."""
        ...

    def refuse_for_rate(self, *, reset_ms: int) -> VenueAnswer: ...

    def create_account(
        self, *, api_key: str, api_secret: str, balances: Mapping[str, Decimal]
    ) -> Mapping[str, object]: ...

    def list_orders(
        self, *, api_key: str | None, client_order_id: str | None
    ) -> Sequence[Mapping[str, object]]: ...

    def set_price(self, symbol: str, *, price: Decimal) -> None: ...

    def set_rate_limit(
        self, *, api_key: str | None, units: int, matching_operations_per_s: int | None
    ) -> None: ...

    def act(self, fault: ImmediateFault) -> Mapping[str, object]: ...

    def secrets(self) -> Sequence[str]:
        """List what must never be shown."""
        ...

    def reset(self) -> None: ...


@runtime_checkable
class Platform(Protocol):
    """What a venue for posts offers the control API besides."""

    def list_posts(self, *, api_key: str | None) -> Sequence[Mapping[str, object]]: ...


@dataclass(frozen=True, slots=True)
class World:
    """All state of a running sandbox."""

    clock: SandboxClock
    ledger: CallLedger
    faults: FaultBook
    venues: Mapping[str, Venue]

    def get_venue(self, name: str) -> Venue:
        """Raises: ControlError 404 when no venue has this name."""
        venue = self.venues.get(name)
        if venue is None:
            raise ControlError(404, "not_found", f"expected a venue of {sorted(self.venues)}, found {name!r}")
        return venue

    def get_platform(self, name: str) -> Platform:
        """Raises: ControlError 404 for an unknown venue, 422 for an exchange."""
        venue = self.get_venue(name)
        if not isinstance(venue, Platform):
            raise ControlError(422, "no_platform", f"{name} is an exchange: it has no posts")
        return venue

    def reset(self) -> None:
        self.clock.offset_s = 0.0
        self.ledger.clear()
        self.faults.clear()
        for venue in self.venues.values():
            venue.reset()
