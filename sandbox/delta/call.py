"""What a route gets and gives: the call with all it may touch, its result, a row of the route table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from urllib.parse import parse_qsl

from sandbox.delta.errors import bad_param
from sandbox.delta.model import Account, OrderId, Product
from sandbox.delta.state import DeltaState
from sandbox.faults import FILL_FAULTS, ORDER_FAULTS, Fault, FaultBook, FaultName
from sandbox.settings import SandboxSettings
from sandbox.venue import VenueRequest

VENUE_NAME = "delta"


class Weight(IntEnum):
    """Rate-limit units of a call. Source: the exchange's rate-limit page, 20 Nov 2026."""

    OTHER = 1
    READ = 3
    ORDER = 5
    HISTORY = 10
    BATCH = 25


@dataclass(frozen=True, slots=True)
class Result:
    """`meta` belongs to paged lists and wallets.

    Calls without a result answer with an empty object: the schema names `success` alone, the live exchange
    was recorded sending `"result": {}`, and its own Python client needs the key.
    """

    result: object = field(default_factory=dict[str, object])
    meta: Mapping[str, object] | None = None
    order_id: OrderId | None = None


@dataclass(frozen=True, slots=True)
class Call:
    state: DeltaState
    settings: SandboxSettings
    faults: FaultBook
    request: VenueRequest
    account: Account | None
    params: Mapping[str, str]

    @property
    def owner(self) -> Account:
        """The account of a private call."""
        assert self.account is not None, "a private route runs only after the signature check"
        return self.account

    def query(self) -> Mapping[str, str]:
        return dict(parse_qsl(self.request.query, keep_blank_values=True))

    def param_int(self, name: str) -> int:
        """Raises: DeltaError 400 when the part of the path is no whole number."""
        return whole_number(name, self.params[name])

    def charge_matching(self, product: Product, *, operations: int = 1) -> None:
        """Raises: DeltaError 429 when the product's matching operations of this second are used up."""
        self.state.limits.charge_operations(
            self.owner.api_key,
            product_id=product.product_id,
            operations=operations,
            now_s=self.state.now_s,
        )

    def take_order_fault(self) -> Fault | None:
        """Take what is planted for the next accepted order; `duplicate_fill` only with a method named."""
        fault = self._take(ORDER_FAULTS)
        return fault or self._take(FILL_FAULTS, must_name_method=True)

    def takes_duplicate_fill(self) -> bool:
        return self._take(FILL_FAULTS) is not None

    def _take(self, names: frozenset[FaultName], *, must_name_method: bool = False) -> Fault | None:
        return self.faults.take(
            VENUE_NAME,
            names=names,
            method=self.request.method,
            path=self.request.path,
            api_key=self.owner.api_key,
            must_name_method=must_name_method,
        )


@dataclass(frozen=True, slots=True)
class Route:
    """`path` may hold `{name}` parts, each one segment."""

    method: str
    path: str
    handler: Callable[[Call], Result]
    weight: Weight = Weight.OTHER
    is_public: bool = False


def whole_number(param: str, value: str) -> int:
    """Raises: DeltaError 400 for anything but one to eighteen digits."""
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise bad_param(param, f"expected a whole number, found {value[:40]!r}")
    return int(value)
