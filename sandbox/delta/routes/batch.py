"""Up to fifty orders of one product in one call. What fails is left out of the answer, without a word."""

from sandbox.delta.call import Call, Result, Route, Weight
from sandbox.delta.drafting import apply_edit, check_client_order_id, draft_from
from sandbox.delta.engine import place
from sandbox.delta.errors import DeltaError, bad_param
from sandbox.delta.model import Order, Product, TimeInForce
from sandbox.delta.orders import OrderDraft, cancel
from sandbox.delta.render import order_json
from sandbox.delta.routes.orders import CANCELLED_BY_USER, get_live_order
from sandbox.delta.schema import (
    BatchCancelBody,
    BatchEditBody,
    BatchPlaceBody,
    CancelFields,
    OrderFields,
    ProductBody,
    check_one_product,
    parse_body,
)
from sandbox.delta.state import get_product


def place_batch(call: Call) -> Result:
    """A malformed order refuses the whole batch; one that the account cannot carry is left out."""
    body = parse_body(BatchPlaceBody, call.request.body)
    product = _product(call, body, operations=len(body.orders))
    drafts = [_draft(call, fields, product) for fields in body.orders]
    placed: list[Order] = []
    for draft in drafts:
        try:
            check_client_order_id(
                call.owner, draft.client_order_id, code=call.settings.delta_duplicate_client_order_id_code
            )
            placed.append(place(call.state, call.owner, draft=draft, take_fault=call.take_order_fault))
        except DeltaError:
            continue
    return _result(placed)


def edit_batch(call: Call) -> Result:
    body = parse_body(BatchEditBody, call.request.body)
    product = _product(call, body, operations=len(body.orders))
    edited: list[Order] = []
    for fields in body.orders:
        try:
            order = get_live_order(call.owner, product, fields=CancelFields(id=fields.id))
            apply_edit(call.state, call.owner, order=order, fields=fields)
        except DeltaError:
            continue
        edited.append(order)
    return _result(edited)


def cancel_batch(call: Call) -> Result:
    body = parse_body(BatchCancelBody, call.request.body)
    product = _product(call, body, operations=len(body.orders))
    cancelled: list[Order] = []
    for fields in body.orders:
        try:
            order = get_live_order(call.owner, product, fields=fields)
        except DeltaError:
            continue
        cancel(call.state, order, reason=CANCELLED_BY_USER)
        cancelled.append(order)
    return _result(cancelled)


def _product(call: Call, body: ProductBody, *, operations: int) -> Product:
    check_one_product(body)
    product = get_product(call.state, product_id=body.product_id, symbol=body.product_symbol)
    call.charge_matching(product, operations=operations)
    return product


def _draft(call: Call, fields: OrderFields, product: Product) -> OrderDraft:
    if fields.time_in_force is TimeInForce.IOC or fields.stop_order_type is not None:
        raise bad_param("orders", "expected neither ioc nor stop orders in a batch")
    return draft_from(fields, product, mark=call.state.mark(product))


def _result(orders: list[Order]) -> Result:
    return Result([order_json(order) for order in orders])


ROUTES = (
    Route("POST", "/v2/orders/batch", place_batch, Weight.BATCH),
    Route("PUT", "/v2/orders/batch", edit_batch, Weight.BATCH),
    Route("DELETE", "/v2/orders/batch", cancel_batch, Weight.BATCH),
)
