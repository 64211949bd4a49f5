"""Request bodies of the exchange: their fields, and how a wrong one becomes `bad_schema`."""

from decimal import Decimal
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sandbox.delta.errors import SchemaError, bad_param, bad_schema
from sandbox.delta.model import Bracket, OrderType, Product, Side, StopOrderType, TimeInForce

MAX_CLIENT_ORDER_ID = 32
MAX_BATCH = 50


def _flag(value: object) -> object:
    """The exchange takes "true" and "false" as well as JSON booleans, and nothing else."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value, value)
    return value


Flag = Annotated[bool, Field(strict=True), BeforeValidator(_flag)]
Contracts = Annotated[int, Field(strict=True, ge=1)]
PositiveDecimal = Annotated[Decimal, Field(gt=0, allow_inf_nan=False, max_digits=30)]
SignedDecimal = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=30)]
TriggerMethod = Literal["mark_price", "last_traded_price", "spot_price"]
Mmp = Literal["disabled", "mmp1", "mmp2", "mmp3", "mmp4", "mmp5"]
ClientOrderId = Annotated[str, Field(min_length=1, max_length=MAX_CLIENT_ORDER_ID)]


class DeltaBody(BaseModel):
    """Unknown fields are tolerated, as the exchange does."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ProductBody(DeltaBody):
    product_id: int | None = None
    product_symbol: str | None = None


class BracketFields(DeltaBody):
    bracket_stop_loss_price: PositiveDecimal | None = None
    bracket_stop_loss_limit_price: PositiveDecimal | None = None
    bracket_take_profit_price: PositiveDecimal | None = None
    bracket_take_profit_limit_price: PositiveDecimal | None = None
    bracket_trail_amount: SignedDecimal | None = None
    bracket_stop_trigger_method: TriggerMethod = "mark_price"

    def bracket(self) -> Bracket | None:
        bracket = Bracket(
            stop_loss_price=self.bracket_stop_loss_price,
            stop_loss_limit_price=self.bracket_stop_loss_limit_price,
            take_profit_price=self.bracket_take_profit_price,
            take_profit_limit_price=self.bracket_take_profit_limit_price,
            trail_amount=self.bracket_trail_amount,
            stop_trigger_method=self.bracket_stop_trigger_method,
        )
        return bracket if bracket.has_legs else None


class OrderFields(BracketFields):
    size: Contracts
    side: Side
    order_type: OrderType
    limit_price: PositiveDecimal | None = None
    time_in_force: TimeInForce = TimeInForce.GTC
    post_only: Flag = False
    reduce_only: Flag = False
    client_order_id: ClientOrderId | None = None
    stop_order_type: StopOrderType | None = None
    stop_price: PositiveDecimal | None = None
    trail_amount: SignedDecimal | None = None
    stop_trigger_method: TriggerMethod = "mark_price"
    mmp: Mmp = "disabled"


class PlaceBody(OrderFields, ProductBody):
    pass


class EditFields(DeltaBody):
    id: int
    size: Contracts | None = None
    limit_price: PositiveDecimal | None = None
    stop_price: PositiveDecimal | None = None
    trail_amount: SignedDecimal | None = None
    post_only: Flag | None = None
    mmp: Mmp | None = None


class EditBody(EditFields, ProductBody):
    pass


class CancelFields(DeltaBody):
    id: int | None = None
    client_order_id: str | None = None


class CancelBody(CancelFields):
    product_id: int


class CancelAllBody(DeltaBody):
    product_id: int | None = None
    contract_types: str | None = None
    cancel_limit_orders: Flag = False
    cancel_stop_orders: Flag = False
    cancel_reduce_only_orders: Flag = False


class BatchPlaceBody(ProductBody):
    orders: Annotated[list[OrderFields], Field(min_length=1, max_length=MAX_BATCH)]


class BatchEditBody(ProductBody):
    orders: Annotated[list[EditFields], Field(min_length=1, max_length=MAX_BATCH)]


class BatchCancelBody(ProductBody):
    orders: Annotated[list[CancelFields], Field(min_length=1, max_length=MAX_BATCH)]


class LegBody(DeltaBody):
    order_type: OrderType = OrderType.MARKET
    stop_price: PositiveDecimal | None = None
    limit_price: PositiveDecimal | None = None
    trail_amount: SignedDecimal | None = None


class PositionBracketBody(ProductBody):
    stop_loss_order: LegBody | None = None
    take_profit_order: LegBody | None = None
    bracket_stop_trigger_method: TriggerMethod = "mark_price"


class EntryBracketBody(BracketFields, ProductBody):
    id: int


class LeverageBody(DeltaBody):
    leverage: PositiveDecimal


class CloseAllBody(DeltaBody):
    close_all_portfolio: Flag
    close_all_isolated: Flag
    close_all_cross: Flag = False
    user_id: int | None = None
    product_ids: list[int] | None = None


class ChangeMarginBody(DeltaBody):
    product_id: int
    delta_margin: SignedDecimal


class AutoTopupBody(DeltaBody):
    product_id: int
    auto_topup: Flag


class MarginModeBody(DeltaBody):
    margin_mode: Literal["isolated", "cross", "portfolio"]
    subaccount_user_id: int | None = None


class HeartbeatCreateBody(DeltaBody):
    heartbeat_id: Annotated[str, Field(min_length=1, max_length=64)]
    impact: str = "contracts"
    underlying_assets: list[str] = []
    product_symbols: list[str] = []


class HeartbeatBody(DeltaBody):
    """Units: `ttl` milliseconds; 0 switches the heartbeat off."""

    heartbeat_id: str
    ttl: Annotated[int, Field(ge=0, le=3_600_000)]


BodyT = TypeVar("BodyT", bound=DeltaBody)


def parse_body(model: type[BodyT], body: bytes) -> BodyT:
    """Read a JSON body; an empty one counts as `{}`. Raises: DeltaError 400 bad_schema."""
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as error:
        found = [
            SchemaError(".".join(str(part) for part in item["loc"]) or "body", item["msg"])
            for item in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise bad_schema(*found) from error


def check_one_product(body: ProductBody) -> None:
    """Raises: DeltaError 400 unless exactly one of product_id and product_symbol is given."""
    if (body.product_id is None) == (body.product_symbol is None):
        raise bad_param("product_id", "expected exactly one of product_id and product_symbol")


def check_on_tick(product: Product, **prices: Decimal | None) -> None:
    """Raises: DeltaError 400 that names the first price that is not a multiple of the tick."""
    for param, price in prices.items():
        if price is not None and price % product.tick_size != 0:
            raise bad_param(param, f"expected a multiple of {product.tick_size}, found {price}")
