"""What every venue is translated into: instruments, quotes, account snapshots, orders, fills.

A part that could not be read is None, never a guess: the risk gate denies on it.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, NonNegativeInt

from shared.contracts.base import Name, ShortText, WireDecimal, WireModel

Side = Literal["buy", "sell"]
OrderType = Literal["limit_order", "market_order"]
TimeInForce = Literal["gtc", "ioc"]
VenueDecimal = Annotated[WireDecimal, Field(max_digits=40, decimal_places=30)]
PositiveDecimal = Annotated[VenueDecimal, Field(gt=0)]
NonNegativeDecimal = Annotated[VenueDecimal, Field(ge=0)]


class Instrument(WireModel):
    """Units: `contract_value` in `contract_unit` (the coin) per contract; sizes in contracts;
    `tick_size` and `min_notional` in `quote_currency`. `max_size` also bounds the position.
    """

    symbol: Name
    contract_value: VenueDecimal
    contract_unit: Name
    tick_size: VenueDecimal
    min_size: VenueDecimal
    size_step: VenueDecimal
    max_size: VenueDecimal
    min_notional: PositiveDecimal | Literal["none"]
    state: ShortText
    quote_currency: Name
    order_types: tuple[OrderType, ...]
    times_in_force: tuple[TimeInForce, ...]


class Quote(WireModel):
    """Units: prices in the instrument's quote currency."""

    symbol: Name
    mark_price: VenueDecimal | None
    best_bid: VenueDecimal | None
    best_ask: VenueDecimal | None
    price_band_lower: VenueDecimal | None
    price_band_upper: VenueDecimal | None
    as_of_ms: NonNegativeInt


class Position(WireModel):
    """Units: `size` in contracts, above zero long, below zero short."""

    symbol: Name
    size: VenueDecimal
    entry_price: VenueDecimal


class OpenOrder(WireModel):
    """An order that rests at the venue, ours or not. Units: contracts."""

    symbol: Name
    side: Side
    unfilled_size: NonNegativeDecimal
    reduce_only: bool
    client_order_id: ShortText | None


class AccountSnapshot(WireModel):
    """What the venue says about the account. A snapshot of which a part failed is no snapshot: pass None.

    Shape: `balances` maps an asset to its available amount.
    """

    as_of_ms: NonNegativeInt
    balances: dict[Name, VenueDecimal]
    positions: tuple[Position, ...]
    open_orders: tuple[OpenOrder, ...]


class VenueOrderState(StrEnum):
    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class OrderReport:
    """An order as the venue reports it. Units: sizes in contracts, prices in quote currency."""

    order_id: str
    client_order_id: str | None
    symbol: str
    side: Side
    size: Decimal
    unfilled_size: Decimal
    limit_price: Decimal | None
    reduce_only: bool
    average_price: Decimal | None
    commission: Decimal | None
    state: VenueOrderState
    reason: str | None

    @property
    def filled_size(self) -> Decimal:
        return self.size - self.unfilled_size


@dataclass(frozen=True, slots=True)
class Fill:
    """Units: size in contracts, price in quote currency, fee in the settling asset (negative: rebate)."""

    fill_id: str
    order_id: str
    size: Decimal
    price: Decimal
    fee: Decimal
    at: datetime
