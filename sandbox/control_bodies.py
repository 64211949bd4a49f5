"""Bodies and queries of the control API; unknown fields are refused."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.faults import FaultName, FaultParams, Match

PositiveDecimal = Annotated[Decimal, Field(gt=0, allow_inf_nan=False, max_digits=30)]
Balance = Annotated[Decimal, Field(ge=0, allow_inf_nan=False, max_digits=30)]
Name = Annotated[str, Field(min_length=1, max_length=200)]

_ON_POSITION = frozenset({"api_key", "symbol", "side", "size"})

REQUIRED_PARAMS: dict[FaultName, frozenset[str]] = {
    FaultName.ACCEPT_THEN_DROP: frozenset(),
    FaultName.DROP_BEFORE_ACCEPT: frozenset(),
    FaultName.ERROR_BEFORE: frozenset({"status"}),
    FaultName.ERROR_AFTER: frozenset({"status"}),
    FaultName.SLOW: frozenset({"seconds"}),
    FaultName.MALFORMED: frozenset(),
    FaultName.RATE_LIMIT: frozenset({"reset_ms"}),
    FaultName.MAINTENANCE: frozenset(),
    FaultName.LATE_REJECT: frozenset(),
    FaultName.LATE_FILL: frozenset(),
    FaultName.PARTIAL_FILL: frozenset({"size"}),
    FaultName.DUPLICATE_FILL: frozenset(),
    FaultName.LIQUIDATE: frozenset({"api_key", "symbol"}),
    FaultName.EXTERNAL_ORDER: _ON_POSITION,
    FaultName.POSITION_CHANGE: _ON_POSITION,
}

OPTIONAL_PARAMS: dict[FaultName, frozenset[str]] = {
    FaultName.ERROR_BEFORE: frozenset({"code"}),
    FaultName.ERROR_AFTER: frozenset({"code"}),
    FaultName.LATE_REJECT: frozenset({"delay_s", "reason"}),
    FaultName.LATE_FILL: frozenset({"delay_s"}),
    FaultName.LIQUIDATE: frozenset({"side", "size"}),
    FaultName.EXTERNAL_ORDER: frozenset({"limit_price"}),
}


class ControlModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountBody(ControlModel):
    venue: Name
    api_key: Name
    api_secret: Name
    balances: dict[str, Balance] = {}


class MatchBody(ControlModel):
    method: (
        Literal["GET", "POST", "PUT", "DELETE", "PATCH", "get", "post", "put", "delete", "patch"] | None
    ) = None
    path: str | None = None
    api_key: str | None = None

    def to_match(self, venue: str) -> Match:
        """A path with the venue's prefix means the same as one without."""
        path = None if self.path is None else self.path.removeprefix(f"/{venue}")
        return Match(self.method, path, self.api_key)


class ParamsBody(ControlModel):
    status: Annotated[int, Field(ge=400, le=599)] | None = None
    code: Name | None = None
    seconds: Annotated[float, Field(ge=0, le=600)] | None = None
    reset_ms: Annotated[int, Field(ge=1)] | None = None
    size: Annotated[int, Field(ge=1)] | None = None
    delay_s: Annotated[float, Field(ge=0, le=3_600)] | None = None
    reason: Name | None = None
    api_key: Name | None = None
    symbol: Name | None = None
    side: Literal["buy", "sell"] | None = None
    limit_price: PositiveDecimal | None = None

    def to_params(self) -> FaultParams:
        names = set(FaultParams.__dataclass_fields__)
        return FaultParams(**self.model_dump(include=names, exclude_none=True))


class FaultBody(ControlModel):
    venue: Name
    fault: FaultName
    match: MatchBody = MatchBody()
    times: Annotated[int, Field(ge=1)] = 1
    params: ParamsBody = ParamsBody()

    @model_validator(mode="after")
    def _check_params(self) -> Self:
        given = set(self.params.model_dump(exclude_none=True))
        required = REQUIRED_PARAMS[self.fault]
        missing = required - given
        foreign = given - required - OPTIONAL_PARAMS.get(self.fault, frozenset())
        if missing or foreign:
            found = f"missing {sorted(missing)}, foreign {sorted(foreign)}"
            raise ValueError(f"expected the params of {self.fault.value}, found {found}")
        return self


class PriceBody(ControlModel):
    venue: Name
    symbol: Name
    price: PositiveDecimal


class ClockBody(ControlModel):
    offset_s: Annotated[float, Field(ge=-1e9, le=1e9)]


class RateLimitBody(ControlModel):
    venue: Name
    api_key: Name | None = None
    units: Annotated[int, Field(ge=0)]
    matching_operations_per_s: Annotated[int, Field(ge=0)] | None = None


class LedgerQuery(ControlModel):
    """`since`: a `seq`, giving the later entries, or a time, giving the entries from then on."""

    venue: str
    api_key: str | None = None
    method: str | None = None
    since: int | datetime | None = None


class OrdersQuery(ControlModel):
    venue: str
    api_key: str | None = None
    client_order_id: str | None = None


class PostsQuery(ControlModel):
    venue: str
    api_key: str | None = None
