"""Orders one at a time: place, edit, cancel, and cancel all."""

from sandbox.delta.call import Call, Result, Route, Weight
from sandbox.delta.drafting import apply_edit, check_client_order_id, draft_from
from sandbox.delta.engine import place
from sandbox.delta.errors import bad_param, not_found
from sandbox.delta.model import Account, Order, OrderId, OrderState, Product
from sandbox.delta.orders import cancel
from sandbox.delta.render import order_json
from sandbox.delta.schema import (
    CancelAllBody,
    CancelBody,
    CancelFields,
    EditBody,
    PlaceBody,
    check_one_product,
    parse_body,
)
from sandbox.delta.state import get_product

CANCELLED_BY_USER = "cancelled_by_user"


def place_order(call: Call) -> Result:
    body = parse_body(PlaceBody, call.request.body)
    check_one_product(body)
    product = get_product(call.state, product_id=body.product_id, symbol=body.product_symbol)
    draft = draft_from(body, product, mark=call.state.mark(product))
    call.charge_matching(product)
    check_client_order_id(
        call.owner, body.client_order_id, code=call.settings.delta_duplicate_client_order_id_code
    )
    order = place(call.state, call.owner, draft=draft, take_fault=call.take_order_fault)
    return Result(order_json(order), order_id=order.order_id)


def edit_order(call: Call) -> Result:
    body = parse_body(EditBody, call.request.body)
    check_one_product(body)
    product = get_product(call.state, product_id=body.product_id, symbol=body.product_symbol)
    order = get_live_order(call.owner, product, fields=CancelFields(id=body.id))
    call.charge_matching(product)
    apply_edit(call.state, call.owner, order=order, fields=body)
    return Result(order_json(order), order_id=order.order_id)


def cancel_order(call: Call) -> Result:
    body = parse_body(CancelBody, call.request.body)
    if body.id is None and body.client_order_id is None:
        raise bad_param("id", "expected id or client_order_id")
    product = get_product(call.state, product_id=body.product_id, symbol=None)
    order = get_live_order(call.owner, product, fields=body)
    call.charge_matching(product)
    cancel(call.state, order, reason=CANCELLED_BY_USER)
    return Result(order_json(order), order_id=order.order_id)


def cancel_all(call: Call) -> Result:
    """Without one of the three flags nothing is cancelled, as on the exchange."""
    body = parse_body(CancelAllBody, call.request.body)
    for holding in call.owner.holdings.values():
        if body.product_id is not None and body.product_id != holding.product.product_id:
            continue
        for order in [order for order in holding.live_orders.values() if _is_meant(body, order)]:
            cancel(call.state, order, reason=CANCELLED_BY_USER)
    return Result()


def get_live_order(account: Account, product: Product, *, fields: CancelFields) -> Order:
    """Raises: DeltaError 404 when the account has no such live order in the product."""
    order = None
    if fields.id is not None:
        order = account.holdings[product.product_id].live_orders.get(OrderId(fields.id))
    elif fields.client_order_id is not None:
        order = account.orders_by_client_id.get(fields.client_order_id)
    if order is None or not order.is_live or order.product is not product:
        raise not_found("open_order_not_found")
    return order


def _is_meant(body: CancelAllBody, order: Order) -> bool:
    if body.contract_types is not None and "perpetual_futures" not in body.contract_types.split(","):
        return False
    if order.reduce_only:
        return body.cancel_reduce_only_orders
    is_stop = order.state is OrderState.PENDING
    return body.cancel_stop_orders if is_stop else body.cancel_limit_orders


ROUTES = (
    Route("POST", "/v2/orders", place_order, Weight.ORDER),
    Route("PUT", "/v2/orders", edit_order, Weight.ORDER),
    Route("DELETE", "/v2/orders", cancel_order, Weight.ORDER),
    Route("DELETE", "/v2/orders/all", cancel_all, Weight.ORDER),
)
