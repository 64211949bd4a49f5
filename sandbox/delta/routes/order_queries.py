"""Reading orders and fills: live ones, history, one by id or client order id."""

from collections.abc import Callable, Mapping

from sandbox.delta.call import Call, Result, Route, Weight
from sandbox.delta.errors import bad_param, not_found
from sandbox.delta.model import LIVE_STATES, Fill, Order, OrderState, OrderType
from sandbox.delta.paging import csv_values, page_of, product_ids, within_times
from sandbox.delta.render import fill_json, order_json
from sandbox.delta.state import get_order

_LIVE = frozenset(state.value for state in LIVE_STATES)
_ORDER_KINDS = frozenset({"market", "limit", "stop_market", "stop_limit", "all_stop"})


def live_orders(call: Call) -> Result:
    query = call.query()
    states = csv_values(query, "states") or _LIVE
    if not states <= _LIVE:
        raise bad_param("states", f"expected values of {sorted(_LIVE)}")
    live = [order for holding in call.owner.holdings.values() for order in holding.live_orders.values()]
    live.sort(key=_order_key)
    keep = _order_filter(query)
    page = page_of(
        live, query=query, key=_order_key, keep=lambda order: order.state in states and keep(order)
    )
    return Result([order_json(order) for order in page.items], page.meta)


def order_history(call: Call) -> Result:
    query = call.query()
    keep = _order_filter(query)
    page = page_of(
        call.owner.orders,
        query=query,
        key=_order_key,
        keep=lambda order: not order.is_live and keep(order),
    )
    return Result([order_json(order) for order in page.items], page.meta)


def order_by_id(call: Call) -> Result:
    order = get_order(call.state, call.owner, order_id=call.param_int("order_id"))
    return Result(order_json(order), order_id=order.order_id)


def order_by_client_id(call: Call) -> Result:
    order = call.owner.orders_by_client_id.get(call.params["client_order_id"])
    if order is None:
        raise not_found("order_not_found")
    return Result(order_json(order), order_id=order.order_id)


def fills(call: Call) -> Result:
    query = call.query()
    products, is_within = product_ids(query), within_times(query)
    is_wanted_type = _contract_type_filter(query)

    def keep(fill: Fill) -> bool:
        return (
            is_wanted_type
            and (not products or fill.product.product_id in products)
            and is_within(fill.created_at_s)
        )

    page = page_of(call.owner.fills, query=query, key=lambda fill: fill.fill_id, keep=keep)
    shown = _with_duplicates(page.items, duplicates_newest=call.takes_duplicate_fill())
    return Result([fill_json(fill, user_id=call.owner.user_id) for fill in shown], page.meta)


def _with_duplicates(page: list[Fill], *, duplicates_newest: bool) -> list[Fill]:
    """Repeat the fills that a planted fault wants repeated."""
    shown: list[Fill] = []
    for place, fill in enumerate(page):
        is_twice = fill.is_reported_twice or (duplicates_newest and place == 0)
        shown.extend([fill, fill] if is_twice else [fill])
    return shown


def _order_key(order: Order) -> int:
    return order.order_id


def _order_filter(query: Mapping[str, str]) -> Callable[[Order], bool]:
    products, is_within = product_ids(query), within_times(query)
    kinds = csv_values(query, "order_types")
    if not kinds <= _ORDER_KINDS:
        raise bad_param("order_types", f"expected values of {sorted(_ORDER_KINDS)}")
    is_wanted_type = _contract_type_filter(query)

    def keep(order: Order) -> bool:
        return (
            is_wanted_type
            and (not products or order.product.product_id in products)
            and (not kinds or bool(kinds & _kinds_of(order)))
            and is_within(order.created_at_s)
        )

    return keep


def _kinds_of(order: Order) -> frozenset[str]:
    name = "market" if order.order_type is OrderType.MARKET else "limit"
    if order.stop_order_type is not None and order.state is not OrderState.OPEN:
        return frozenset({f"stop_{name}", "all_stop"})
    return frozenset({name})


def _contract_type_filter(query: Mapping[str, str]) -> bool:
    """All products here are perpetuals, so the filter keeps all or nothing."""
    types = csv_values(query, "contract_types")
    return not types or "perpetual_futures" in types


ROUTES = (
    Route("GET", "/v2/orders", live_orders, Weight.READ),
    Route("GET", "/v2/orders/history", order_history, Weight.HISTORY),
    Route("GET", "/v2/orders/{order_id}", order_by_id),
    Route("GET", "/v2/orders/client_order_id/{client_order_id}", order_by_client_id),
    Route("GET", "/v2/fills", fills, Weight.HISTORY),
)
