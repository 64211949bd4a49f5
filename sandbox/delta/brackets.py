"""Protective legs: the stop loss and take profit that guard an entry or a position."""

from decimal import Decimal

from sandbox.delta.errors import DeltaError, not_found
from sandbox.delta.model import (
    Bracket,
    Holding,
    Order,
    OrderId,
    OrderState,
    OrderType,
    Product,
    Side,
    StopOrderType,
)
from sandbox.delta.orders import OrderDraft, cancel, register
from sandbox.delta.state import DeltaState

REPLACED = "bracket_replaced"


def guard_entry(state: DeltaState, entry: Order) -> None:
    """Attach or enlarge the legs of an entry after a fill; does nothing for an order without a bracket."""
    if entry.bracket is None or not entry.bracket.has_legs or entry.filled_size == 0:
        return
    account = state.accounts[entry.api_key]
    legs = _legs(account.holdings[entry.product.product_id], parent=entry.order_id)
    if not legs:
        _attach(state, entry, size=entry.filled_size, bracket=entry.bracket)
    for leg in legs:
        leg.unfilled_size += entry.filled_size - leg.size
        leg.size = entry.filled_size


def guard_position(state: DeltaState, holding: Holding, *, api_key: str, bracket: Bracket) -> None:
    """Attach legs to a position as it stands. Raises: DeltaError when it is flat or guarded already."""
    position = holding.position
    if position.size == 0:
        raise DeltaError(400, "no_open_position")
    if _legs(holding, parent=None):
        raise DeltaError(400, "bracket_order_exists")
    side = Side.BUY if position.size < 0 else Side.SELL
    for draft in _drafts(
        holding.product, side=side, size=abs(position.size), bracket=bracket, mark=state.mark(holding.product)
    ):
        register(state, state.accounts[api_key], draft=draft)


def edit_entry_bracket(state: DeltaState, entry: Order, *, bracket: Bracket) -> None:
    """Give an entry other legs, before or after it filled. Raises: DeltaError 404 without a bracket."""
    if entry.bracket is None:
        raise not_found("bracket_order_not_found")
    holding = state.accounts[entry.api_key].holdings[entry.product.product_id]
    legs = _legs(holding, parent=entry.order_id)
    if not legs and not entry.is_live:
        raise not_found("bracket_order_not_found")
    entry.bracket = bracket
    for leg in legs:
        cancel(state, leg, reason=REPLACED)
    guard_entry(state, entry)


def _attach(state: DeltaState, entry: Order, *, size: int, bracket: Bracket) -> None:
    account = state.accounts[entry.api_key]
    for draft in _drafts(
        entry.product,
        side=entry.side.opposite,
        size=size,
        bracket=bracket,
        mark=state.mark(entry.product),
        parent=entry.order_id,
    ):
        register(state, account, draft=draft)


def _drafts(
    product: Product,
    *,
    side: Side,
    size: int,
    bracket: Bracket,
    mark: Decimal,
    parent: OrderId | None = None,
) -> list[OrderDraft]:
    stop_price, trail = bracket.stop_loss_price, None
    if bracket.trail_amount is not None:
        trail = abs(bracket.trail_amount) * side.sign
        stop_price = mark + trail
    legs = (
        (StopOrderType.STOP_LOSS, stop_price, bracket.stop_loss_limit_price, trail),
        (StopOrderType.TAKE_PROFIT, bracket.take_profit_price, bracket.take_profit_limit_price, None),
    )
    return [
        OrderDraft(
            product=product,
            side=side,
            order_type=OrderType.MARKET if limit is None else OrderType.LIMIT,
            size=size,
            limit_price=limit,
            reduce_only=True,
            stop_order_type=kind,
            stop_price=stop,
            trail_amount=trail_amount,
            stop_trigger_method=bracket.stop_trigger_method,
            bracket_parent=parent,
            is_bracket_leg=True,
        )
        for kind, stop, limit, trail_amount in legs
        if stop is not None
    ]


def _legs(holding: Holding, *, parent: OrderId | None) -> list[Order]:
    """The untriggered legs of one entry, or with None those attached to the position."""
    return [
        order
        for order in holding.live_orders.values()
        if order.is_bracket_leg and order.bracket_parent == parent and order.state is OrderState.PENDING
    ]
