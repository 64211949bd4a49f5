"""The action: one external side effect, fully specified, and the hash that an approval binds to.

The hash is SHA-256 over RFC 8785 canonical JSON, so any change of any field gives another hash.
"""

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from shared.canonical_json import canonical_json, content_hash
from shared.contracts.base import Name, WireModel
from shared.ids import ActionHash
from shared.money import canonical_decimal


class ActionKind(StrEnum):
    PLACE_ORDER = "place_order"
    CLOSE_POSITION = "close_position"


def _check_canonical_decimal(text: str) -> str:
    try:
        canonical = canonical_decimal(Decimal(text))
    except InvalidOperation as error:
        raise ValueError("must be a decimal number in a string") from error
    if canonical != text:
        raise ValueError(f"must be written in canonical form: {canonical!r}")
    return text


DecimalText = Annotated[str, StringConstraints(max_length=40), AfterValidator(_check_canonical_decimal)]


class OrderParams(WireModel):
    """Units: `size` in whole contracts, `limit_price` in the product's quote currency."""

    product_symbol: Name
    side: Literal["buy", "sell"]
    size: DecimalText
    order_type: Literal["limit_order", "market_order"]
    limit_price: DecimalText | None
    reduce_only: bool
    time_in_force: Literal["gtc", "ioc"]


class Action(WireModel):
    v: Literal[1] = 1
    kind: ActionKind
    provider: Name
    credential_ref: UUID
    customer_id: UUID
    hired_instance_id: UUID | None = None
    params: OrderParams = Field(description="What is sent, in the venue's own words.")

    def canonical_json(self) -> bytes:
        return canonical_json(self.model_dump(mode="json"))

    def action_hash(self) -> ActionHash:
        return ActionHash(content_hash(self.model_dump(mode="json")))
