"""Values and state of the imitated exchange: orders, fills, positions, accounts."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NewType

OrderId = NewType("OrderId", int)
FillId = NewType("FillId", int)
ProductId = NewType("ProductId", int)
AssetId = NewType("AssetId", int)
UserId = NewType("UserId", int)

ZERO = Decimal(0)


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"

    @property
    def sign(self) -> int:
        return 1 if self is Side.BUY else -1

    @property
    def opposite(self) -> "Side":
        return Side.SELL if self is Side.BUY else Side.BUY


class OrderType(StrEnum):
    LIMIT = "limit_order"
    MARKET = "market_order"


class StopOrderType(StrEnum):
    STOP_LOSS = "stop_loss_order"
    TAKE_PROFIT = "take_profit_order"


class TimeInForce(StrEnum):
    GTC = "gtc"
    IOC = "ioc"


class OrderState(StrEnum):
    OPEN = "open"
    PENDING = "pending"
    CLOSED = "closed"
    CANCELLED = "cancelled"


LIVE_STATES = frozenset({OrderState.OPEN, OrderState.PENDING})


class Role(StrEnum):
    TAKER = "taker"
    MAKER = "maker"


class FillType(StrEnum):
    NORMAL = "normal"
    LIQUIDATION = "liquidation"


@dataclass(frozen=True, slots=True)
class Product:
    """Units: `contract_value` in the underlying, per contract; prices and margins in USD or as fractions."""

    product_id: ProductId
    symbol: str
    description: str
    underlying: str
    underlying_asset_id: AssetId
    contract_value: Decimal
    tick_size: Decimal
    start_price: Decimal
    default_leverage: Decimal
    max_leverage: Decimal
    position_size_limit: int
    taker_rate: Decimal = Decimal("0.0005")
    maker_rate: Decimal = Decimal("0.0002")

    @property
    def initial_margin(self) -> Decimal:
        return 1 / self.max_leverage

    @property
    def maintenance_margin(self) -> Decimal:
        return self.initial_margin / 2


@dataclass(frozen=True, slots=True)
class Bracket:
    """Protective legs of an entry or a position; each leg is a market order unless it has a limit price."""

    stop_loss_price: Decimal | None = None
    stop_loss_limit_price: Decimal | None = None
    take_profit_price: Decimal | None = None
    take_profit_limit_price: Decimal | None = None
    trail_amount: Decimal | None = None
    stop_trigger_method: str = "mark_price"

    @property
    def has_legs(self) -> bool:
        prices = (self.stop_loss_price, self.take_profit_price, self.trail_amount)
        return any(price is not None for price in prices)


@dataclass(slots=True)
class Order:
    """`is_held` keeps an order from matching while a planted fault decides its fate.

    `resting_price` is set while the order counts in its holding's `resting` sums.
    """

    order_id: OrderId
    user_id: UserId
    api_key: str
    product: Product
    side: Side
    order_type: OrderType
    size: int
    unfilled_size: int
    limit_price: Decimal | None
    time_in_force: TimeInForce
    post_only: bool
    reduce_only: bool
    client_order_id: str | None
    state: OrderState
    created_at_s: float
    updated_at_s: float
    stop_order_type: StopOrderType | None = None
    stop_price: Decimal | None = None
    trail_amount: Decimal | None = None
    stop_trigger_method: str | None = None
    bracket: Bracket | None = None
    bracket_parent: OrderId | None = None
    is_bracket_leg: bool = False
    mmp: str = "disabled"
    filled_cost: Decimal = ZERO
    paid_commission: Decimal = ZERO
    cancellation_reason: str | None = None
    origin: str | None = None
    is_held: bool = False
    next_fill_cap: int | None = None
    resting_price: Decimal | None = None
    reports_fills_twice: bool = False

    @property
    def filled_size(self) -> int:
        return self.size - self.unfilled_size

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def average_fill_price(self) -> Decimal | None:
        return self.filled_cost / self.filled_size if self.filled_size else None


@dataclass(frozen=True, slots=True)
class Fill:
    fill_id: FillId
    order_id: OrderId
    client_order_id: str | None
    product: Product
    side: Side
    size: int
    price: Decimal
    role: Role
    fill_type: FillType
    commission: Decimal
    created_at_s: float
    is_reported_twice: bool = False


@dataclass(frozen=True, slots=True)
class Transaction:
    transaction_id: int
    asset: str
    kind: str
    amount: Decimal
    balance: Decimal
    product_id: ProductId | None
    created_at_s: float


@dataclass(slots=True)
class Position:
    """Signed `size` in contracts; `cost` is signed size times price, so the entry price is cost over size."""

    size: int = 0
    cost: Decimal = ZERO
    added_margin: Decimal = ZERO
    realized_pnl: Decimal = ZERO
    commission: Decimal = ZERO
    auto_topup: bool = False

    @property
    def entry_price(self) -> Decimal | None:
        return self.cost / self.size if self.size else None


@dataclass(slots=True)
class RestingSide:
    """Sums over the open orders of one side that could open a position. `cost` is size times price."""

    size: int = 0
    cost: Decimal = ZERO


@dataclass(slots=True)
class Holding:
    """One account in one product: its position, leverage, live orders, and their sums."""

    product: Product
    leverage: Decimal
    position: Position = field(default_factory=Position)
    live_orders: dict[OrderId, Order] = field(default_factory=dict[OrderId, Order])
    resting: dict[Side, RestingSide] = field(
        default_factory=lambda: {Side.BUY: RestingSide(), Side.SELL: RestingSide()}
    )


@dataclass(slots=True)
class Account:
    """`orders` and `fills` grow by id, oldest first."""

    user_id: UserId
    api_key: str
    api_secret: str
    balances: dict[str, Decimal]
    holdings: dict[ProductId, Holding]
    orders: list[Order] = field(default_factory=list[Order])
    orders_by_client_id: dict[str, Order] = field(default_factory=dict[str, Order])
    fills: list[Fill] = field(default_factory=list[Fill])
    transactions: list[Transaction] = field(default_factory=list[Transaction])
    margin_mode: str = "isolated"
