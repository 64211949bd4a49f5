"""All state of the imitated exchange in one value, and the look-ups on it."""

import heapq
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import count

from sandbox.delta.errors import DeltaError, not_found
from sandbox.delta.heartbeats import Heartbeat
from sandbox.delta.limits import RateLimits
from sandbox.delta.model import (
    ZERO,
    Account,
    Fill,
    Holding,
    Order,
    OrderId,
    Product,
    ProductId,
    Transaction,
    UserId,
)
from sandbox.delta.prices import PricePath
from sandbox.delta.products import PRODUCTS, SETTLING_ASSET

FIRST_ORDER_ID = 1_000_001
FIRST_FILL_ID = 5_000_001
FIRST_USER_ID = 30_001
PUBLIC_TRADES = 500


class EventKind(StrEnum):
    REJECT = "reject"
    RELEASE = "release"


@dataclass(frozen=True, order=True, slots=True)
class Event:
    """Something that a planted fault put off; `number` keeps equal times in order."""

    due_s: float
    number: int
    kind: EventKind = field(compare=False)
    order_id: OrderId = field(compare=False)
    reason: str = field(compare=False, default="")


@dataclass(slots=True)
class DeltaState:
    limits: RateLimits
    prices: PricePath
    now_s: float
    products: Mapping[ProductId, Product]
    symbols: Mapping[str, Product]
    live_orders: dict[ProductId, dict[OrderId, Order]]
    accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    orders: dict[OrderId, Order] = field(default_factory=dict[OrderId, Order])
    events: list[Event] = field(default_factory=list[Event])
    heartbeats: dict[tuple[str, str], Heartbeat] = field(default_factory=dict[tuple[str, str], Heartbeat])
    trades: deque[Fill] = field(default_factory=lambda: deque[Fill](maxlen=PUBLIC_TRADES))
    order_ids: Iterator[int] = field(default_factory=lambda: count(FIRST_ORDER_ID))
    fill_ids: Iterator[int] = field(default_factory=lambda: count(FIRST_FILL_ID))
    user_ids: Iterator[int] = field(default_factory=lambda: count(FIRST_USER_ID))
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def mark(self, product: Product) -> Decimal:
        return self.prices.marks[product.symbol]

    def defer(self, kind: EventKind, *, order: Order, delay_s: float, reason: str = "") -> None:
        event = Event(self.now_s + delay_s, next(self.numbers), kind, order.order_id, reason)
        heapq.heappush(self.events, event)


def create_state(*, limits: RateLimits, prices: PricePath, now_s: float) -> DeltaState:
    prices.marks.update({product.symbol: product.start_price for product in PRODUCTS})
    return DeltaState(
        limits=limits,
        prices=prices,
        now_s=now_s,
        products={product.product_id: product for product in PRODUCTS},
        symbols={product.symbol: product for product in PRODUCTS},
        live_orders={product.product_id: {} for product in PRODUCTS},
    )


def open_account(
    state: DeltaState, *, api_key: str, api_secret: str, balances: Mapping[str, Decimal]
) -> Account:
    account = Account(
        user_id=UserId(next(state.user_ids)),
        api_key=api_key,
        api_secret=api_secret,
        balances={SETTLING_ASSET: ZERO},
        holdings={
            product.product_id: Holding(product, product.default_leverage)
            for product in state.products.values()
        },
    )
    state.accounts[api_key] = account
    for asset, amount in balances.items():
        credit(state, account, amount=amount, asset=asset, kind="deposit")
    return account


def credit(
    state: DeltaState,
    account: Account,
    *,
    amount: Decimal,
    kind: str,
    asset: str = SETTLING_ASSET,
    product: Product | None = None,
) -> None:
    """Change a balance and keep the transaction that says why; nothing happens for zero."""
    if amount == 0:
        return
    balance = account.balances.get(asset, ZERO) + amount
    account.balances[asset] = balance
    account.transactions.append(
        Transaction(
            next(state.numbers),
            asset,
            kind,
            amount,
            balance,
            product.product_id if product else None,
            state.now_s,
        )
    )


def get_order(state: DeltaState, account: Account, *, order_id: int) -> Order:
    """Raises: DeltaError 404 when the account has no such order."""
    order = state.orders.get(OrderId(order_id))
    if order is None or order.user_id != account.user_id:
        raise not_found("order_not_found")
    return order


def get_product(state: DeltaState, *, product_id: int | None, symbol: str | None) -> Product:
    """Raises: DeltaError 400 invalid_contract when neither names a product."""
    product = state.products.get(ProductId(product_id)) if product_id is not None else None
    if product is None and symbol is not None:
        product = state.symbols.get(symbol)
    if product is None:
        raise DeltaError(400, "invalid_contract", {"product_id": product_id, "product_symbol": symbol})
    return product
