"""What every broker adapter offers, and how each call can end.

A write ends as Accepted, Refused, NotSent or Unknown. NotSent may be repeated; Unknown is never
resent, it is looked up by client order id (see plant/execution/resolve.py).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from plant.brokers.model import AccountSnapshot, Fill, Instrument, OrderReport, Quote
from plant.permits import Permit
from shared.approvals.action import Action
from shared.bundle_format import BundleContents
from shared.ids import ActionHash


class BrokerError(Exception):
    """A read failed. `detail` is safe to show."""

    def __init__(self, detail: str, *, code: str = "BROKER_ERROR") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code


class BrokerUnreachableError(BrokerError):
    """No answer, a broken answer, maintenance or out of rate: the read may be repeated later."""


class BrokerRefusedError(BrokerError):
    """The venue answered and said no: the key, the signature, the request."""


class ReadOnlyCredentialError(Exception):
    """A bundle that was released for reading was about to sign a write."""


@dataclass(frozen=True, slots=True)
class Accepted:
    report: OrderReport


@dataclass(frozen=True, slots=True)
class Refused:
    """The venue definitely did not take the order."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """The order definitely did not reach the venue's books; after `retry_after_s` it may be sent."""

    detail: str
    retry_after_s: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """The order may or may not exist. Never resent."""

    detail: str


SendOutcome = Accepted | Refused | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class PreparedOrder:
    """A signed request, ready to send once. After `valid_until` the venue refuses its signature,
    so a process that froze before sending cannot place a late order.
    """

    permit: Permit
    action_hash: ActionHash
    request_hash: str
    valid_until: datetime
    method: str
    path: str
    body: bytes
    headers: dict[str, str] = field(repr=False)


class BrokerAdapter(Protocol):
    """Credentials are passed in per call and never kept."""

    @property
    def provider(self) -> str: ...

    def symbol_for(self, coin: str) -> str: ...

    async def instrument(self, symbol: str) -> Instrument | None:
        """Raises: BrokerError."""
        ...

    async def quote(self, symbol: str) -> Quote | None:
        """Raises: BrokerError."""
        ...

    async def account_snapshot(self, credentials: BundleContents) -> AccountSnapshot:
        """Raises: BrokerError."""
        ...

    def prepare(
        self, action: Action, *, permit: Permit, client_order_id: str, credentials: BundleContents
    ) -> PreparedOrder:
        """Raises: PermitMismatchError, ReadOnlyCredentialError."""
        ...

    async def send(self, prepared: PreparedOrder) -> SendOutcome: ...

    async def find_order(self, client_order_id: str, *, credentials: BundleContents) -> OrderReport | None:
        """Return None only when the venue is healthy and says that there is no such order.

        Raises: BrokerError.
        """
        ...

    async def fills(self, order_id: str, *, symbol: str, credentials: BundleContents) -> tuple[Fill, ...]:
        """Raises: BrokerError."""
        ...
