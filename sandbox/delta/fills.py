"""What a fill does: to the order, the position, the balance and the list of fills."""

from decimal import Decimal

from sandbox.delta.model import (
    ZERO,
    Account,
    Fill,
    FillId,
    FillType,
    Order,
    Position,
    Product,
    Role,
)
from sandbox.delta.orders import cancel, take_from_order
from sandbox.delta.state import DeltaState, credit

POSITION_CLOSED = "position_closed"


def fill(
    state: DeltaState,
    order: Order,
    *,
    size: int,
    price: Decimal,
    role: Role,
    fill_type: FillType = FillType.NORMAL,
) -> None:
    """Trade contracts of an order: position, profit, commission, fill record, and the order's own figures."""
    account = state.accounts[order.api_key]
    holding = account.holdings[order.product.product_id]
    record = Fill(
        fill_id=FillId(next(state.fill_ids)),
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        product=order.product,
        side=order.side,
        size=size,
        price=price,
        role=role,
        fill_type=fill_type,
        commission=_commission(order.product, size=size, price=price, role=role),
        created_at_s=state.now_s,
        is_reported_twice=order.reports_fills_twice,
    )
    profit = move_position(
        holding.position, signed_size=order.side.sign * size, price=price, product=order.product
    )
    holding.position.commission += record.commission
    order.paid_commission += record.commission
    take_from_order(state, order, size=size, price=price)
    _book(state, account, record=record, profit=profit)
    if holding.position.size == 0:
        _cancel_bracket_legs(state, holding_orders=list(holding.live_orders.values()))


def move_position(position: Position, *, signed_size: int, price: Decimal, product: Product) -> Decimal:
    """Net a trade into a position and return the profit that its closing part realises, in USD.

    Source: linear contracts, (exit - entry) x contracts x contract value.
    """
    profit = ZERO
    entry_price = position.entry_price
    if entry_price is not None and position.size * signed_size < 0:
        closed = min(abs(position.size), abs(signed_size)) * (1 if signed_size > 0 else -1)
        profit = (entry_price - price) * closed * product.contract_value
        _shrink(position, by=closed, entry_price=entry_price)
        signed_size -= closed
        position.realized_pnl += profit
    if signed_size:
        _grow(position, by=signed_size, price=price)
    return profit


def _shrink(position: Position, *, by: int, entry_price: Decimal) -> None:
    position.size += by
    position.cost += entry_price * by
    if position.size == 0:
        position.cost = position.added_margin = ZERO


def _grow(position: Position, *, by: int, price: Decimal) -> None:
    if position.size == 0:
        position.realized_pnl = position.commission = ZERO
    position.size += by
    position.cost += price * by


def _commission(product: Product, *, size: int, price: Decimal, role: Role) -> Decimal:
    rate = product.taker_rate if role is Role.TAKER else product.maker_rate
    return size * product.contract_value * price * rate


def _book(state: DeltaState, account: Account, *, record: Fill, profit: Decimal) -> None:
    account.fills.append(record)
    state.trades.append(record)
    credit(state, account, amount=profit, kind="pnl", product=record.product)
    credit(state, account, amount=-record.commission, kind="commission", product=record.product)


def _cancel_bracket_legs(state: DeltaState, *, holding_orders: list[Order]) -> None:
    for order in holding_orders:
        if order.is_bracket_leg:
            cancel(state, order, reason=POSITION_CLOSED)
