"""From request fields to an order: the exchange's rules about which fields go together."""

from decimal import Decimal

from sandbox.delta.book import Level, take
from sandbox.delta.engine import rematch
from sandbox.delta.errors import DeltaError, bad_param
from sandbox.delta.margin import check_margin, check_position_limit
from sandbox.delta.model import Account, Order, OrderState, OrderType, Product
from sandbox.delta.orders import OrderDraft, start_resting, stop_resting
from sandbox.delta.schema import EditFields, OrderFields, check_on_tick
from sandbox.delta.state import DeltaState


def draft_from(fields: OrderFields, product: Product, *, mark: Decimal) -> OrderDraft:
    """Raises: DeltaError 400 bad_schema when fields are missing, contradict each other or miss the tick."""
    is_limit = fields.order_type is OrderType.LIMIT
    if is_limit and fields.limit_price is None:
        raise bad_param("limit_price", "expected a price, a limit order needs one")
    check_on_tick(
        product,
        limit_price=fields.limit_price,
        stop_price=fields.stop_price,
        bracket_stop_loss_price=fields.bracket_stop_loss_price,
        bracket_stop_loss_limit_price=fields.bracket_stop_loss_limit_price,
        bracket_take_profit_price=fields.bracket_take_profit_price,
        bracket_take_profit_limit_price=fields.bracket_take_profit_limit_price,
    )
    _check_bracket(fields)
    return OrderDraft(
        product=product,
        side=fields.side,
        order_type=fields.order_type,
        size=fields.size,
        limit_price=fields.limit_price if is_limit else None,
        time_in_force=fields.time_in_force,
        post_only=fields.post_only,
        reduce_only=fields.reduce_only,
        client_order_id=fields.client_order_id,
        stop_order_type=fields.stop_order_type,
        stop_price=_stop_price(fields, mark=mark),
        trail_amount=fields.trail_amount,
        stop_trigger_method=fields.stop_trigger_method if fields.stop_order_type else None,
        bracket=fields.bracket(),
        mmp=fields.mmp,
    )


def check_client_order_id(account: Account, client_order_id: str | None, *, code: str) -> None:
    """An id is used once for ever. Raises: DeltaError 400 with the configured code."""
    if client_order_id is not None and client_order_id in account.orders_by_client_id:
        raise DeltaError(400, code, {"client_order_id": client_order_id})


def apply_edit(state: DeltaState, account: Account, *, order: Order, fields: EditFields) -> None:
    """Change a live order and match it again; `size` is the new total.

    Raises: DeltaError 400 when the change is not possible; the order is as before then.
    """
    check_on_tick(order.product, limit_price=fields.limit_price, stop_price=fields.stop_price)
    size = order.size if fields.size is None else fields.size
    if size <= order.filled_size:
        raise bad_param("size", f"expected more than the {order.filled_size} filled contracts, found {size}")
    if order.state is OrderState.PENDING:
        _change(state, order, size=size, fields=fields)
        return
    stop_resting(state, order)
    try:
        _check_change(state, account, order=order, size=size, fields=fields)
    except DeltaError:
        start_resting(state, order)
        raise
    _change(state, order, size=size, fields=fields)
    if order.is_held:
        start_resting(state, order)
    else:
        rematch(state, order)


def _check_change(
    state: DeltaState, account: Account, *, order: Order, size: int, fields: EditFields
) -> None:
    """The checks of a new order, for what the changed order would be."""
    limit_price = fields.limit_price or order.limit_price
    mark, left = state.mark(order.product), size - order.filled_size
    is_post_only = order.post_only if fields.post_only is None else fields.post_only
    if is_post_only and take(order.product, mark=mark, side=order.side, size=left, limit_price=limit_price):
        raise DeltaError(400, "immediate_execution_post_only")
    if order.reduce_only:
        return
    holding = account.holdings[order.product.product_id]
    check_position_limit(holding, side=order.side, size=left)
    check_margin(account, holding, side=order.side, parts=[Level(limit_price or mark, left)])


def _change(state: DeltaState, order: Order, *, size: int, fields: EditFields) -> None:
    order.unfilled_size = size - order.filled_size
    order.size = size
    order.updated_at_s = state.now_s
    if order.order_type is OrderType.LIMIT:
        order.limit_price = fields.limit_price or order.limit_price
    order.stop_price = fields.stop_price or order.stop_price
    order.trail_amount = fields.trail_amount or order.trail_amount
    order.post_only = order.post_only if fields.post_only is None else fields.post_only
    order.mmp = fields.mmp or order.mmp


def _check_bracket(fields: OrderFields) -> None:
    if fields.bracket_trail_amount is not None and fields.bracket_stop_loss_price is not None:
        raise bad_param("bracket_trail_amount", "expected either a trail or a fixed stop, found both")


def _stop_price(fields: OrderFields, *, mark: Decimal) -> Decimal | None:
    """The price a stop waits for; a trailing one starts its distance away from the mark."""
    if fields.stop_order_type is None:
        return None
    if (fields.stop_price is None) == (fields.trail_amount is None):
        raise bad_param("stop_price", "expected exactly one of stop_price and trail_amount")
    if fields.trail_amount is None:
        return fields.stop_price
    return mark + abs(fields.trail_amount) * fields.side.sign
