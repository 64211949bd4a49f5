"""Public market data: products, tickers, the order book, candles, trades, assets."""

from sandbox.clock import iso_time, microseconds
from sandbox.delta.book import levels
from sandbox.delta.call import Call, Result, Route, Weight, whole_number
from sandbox.delta.candles import RESOLUTIONS_S, candles_between
from sandbox.delta.errors import bad_param, not_found
from sandbox.delta.model import Product, Side
from sandbox.delta.paging import csv_values
from sandbox.delta.products import ASSETS
from sandbox.delta.render import asset_json, decimal_text, product_json, ticker_json

PERPETUAL = "perpetual_futures"


def products(call: Call) -> Result:
    query = call.query()
    types, states = csv_values(query, "contract_types"), csv_values(query, "states")
    is_wanted = (not types or PERPETUAL in types) and (not states or "live" in states)
    listed = [product_json(product) for product in call.state.products.values()] if is_wanted else []
    return Result(listed, {"after": None, "before": None})


def product(call: Call) -> Result:
    return Result(product_json(_product(call)))


def tickers(call: Call) -> Result:
    query = call.query()
    types = csv_values(query, "contract_types")
    underlyings = csv_values(query, "underlying_asset_symbols")
    return Result(
        [
            ticker_json(product, mark=call.state.mark(product), now_s=call.state.now_s)
            for product in call.state.products.values()
            if (not types or PERPETUAL in types) and (not underlyings or product.underlying in underlyings)
        ]
    )


def ticker(call: Call) -> Result:
    product = _product(call)
    return Result(ticker_json(product, mark=call.state.mark(product), now_s=call.state.now_s))


def order_book(call: Call) -> Result:
    product = _product(call)
    depth = whole_number("depth", call.query().get("depth", "20"))
    return Result(
        {
            "symbol": product.symbol,
            "buy": _levels_json(call, product, Side.BUY, depth),
            "sell": _levels_json(call, product, Side.SELL, depth),
            "last_updated_at": microseconds(call.state.now_s),
        }
    )


def candles(call: Call) -> Result:
    query = call.query()
    resolution = query.get("resolution", "")
    if resolution not in RESOLUTIONS_S:
        raise bad_param("resolution", f"expected one of {list(RESOLUTIONS_S)}")
    kind, _, symbol = query.get("symbol", "").rpartition(":")
    product = call.state.symbols.get(symbol)
    if product is None or kind not in {"", "MARK", "FUNDING", "OI"}:
        raise bad_param("symbol", "expected a product symbol, also behind MARK:, FUNDING: or OI:")
    start = whole_number("start", query.get("start", ""))
    end = whole_number("end", query.get("end", ""))
    return Result(
        candles_between(
            product,
            kind=kind,
            seed=call.state.prices.seed,
            mark=call.state.mark(product),
            resolution_s=RESOLUTIONS_S[resolution],
            start_s=start,
            end_s=min(end, int(call.state.now_s)),
        )
    )


def trades(call: Call) -> Result:
    product = _product(call)
    return Result(
        {
            "symbol": product.symbol,
            "trades": [
                {
                    "price": decimal_text(trade.price),
                    "size": trade.size,
                    "side": trade.side,
                    "timestamp": iso_time(trade.created_at_s),
                }
                for trade in reversed(call.state.trades)
                if trade.product is product
            ],
        }
    )


def assets(call: Call) -> Result:
    del call
    return Result([asset_json(symbol) for symbol in ASSETS])


def indices(call: Call) -> Result:
    return Result(
        [
            {
                "id": product.product_id,
                "symbol": f".DE{product.underlying}USD",
                "index_type": "spot_pair",
                "price": decimal_text(call.state.mark(product)),
                "underlying_asset_id": product.underlying_asset_id,
            }
            for product in call.state.products.values()
        ]
    )


def _product(call: Call) -> Product:
    """A product by its symbol or its id. Raises: DeltaError 404."""
    identifier = call.params["symbol"]
    product = call.state.symbols.get(identifier)
    if product is None and identifier.isascii() and identifier.isdigit():
        wanted = identifier.lstrip("0")
        product = next(
            (item for item in call.state.products.values() if str(item.product_id) == wanted), None
        )
    if product is None:
        raise not_found("product_not_found")
    return product


def _levels_json(call: Call, product: Product, side: Side, depth: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    total = 0
    for level in levels(product, mark=call.state.mark(product), side=side):
        if len(rows) == depth:
            break
        total += level.size
        rows.append({"price": decimal_text(level.price), "size": level.size, "depth": str(total)})
    return rows


ROUTES = (
    Route("GET", "/v2/products", products, Weight.READ, is_public=True),
    Route("GET", "/v2/products/{symbol}", product, Weight.READ, is_public=True),
    Route("GET", "/v2/tickers", tickers, Weight.READ, is_public=True),
    Route("GET", "/v2/tickers/{symbol}", ticker, Weight.READ, is_public=True),
    Route("GET", "/v2/l2orderbook/{symbol}", order_book, Weight.READ, is_public=True),
    Route("GET", "/v2/history/candles", candles, Weight.READ, is_public=True),
    Route("GET", "/v2/trades/{symbol}", trades, is_public=True),
    Route("GET", "/v2/assets", assets, is_public=True),
    Route("GET", "/v2/indices", indices, is_public=True),
)
