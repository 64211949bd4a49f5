"""The action: one external side effect, fully specified, and the hash that an approval binds to.

The hash is SHA-256 over RFC 8785 canonical JSON, so any change of any field gives another hash.
"""

import re
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag, model_validator

from shared.contracts.base import Name, WireModel
from shared.ids import ActionHash
from shared.money import canonical_decimal
from shared.posts.model import PostParams

_PLAIN_DECIMAL = re.compile(r"-?\d{1,24}(\.\d{1,12})?")


class ActionKind(StrEnum):
    PLACE_ORDER = "place_order"
    CLOSE_POSITION = "close_position"
    PUBLISH_POST = "publish_post"


def _check_canonical_decimal(text: str) -> str:
    """Plain notation only: an exponent could stand for a number of a million digits."""
    if _PLAIN_DECIMAL.fullmatch(text) is None:
        raise ValueError("must be a plain decimal number in a string")
    canonical = canonical_decimal(Decimal(text))
    if canonical != text:
        raise ValueError(f"must be written in canonical form: {canonical!r}")
    return text


DecimalText = Annotated[str, StringConstraints(max_length=40), AfterValidator(_check_canonical_decimal)]


class OrderParams(WireModel):
    """Units: `size` in whole contracts, `limit_price` in the product's quote currency."""

    limit_price: DecimalText | None
    order_type: Literal["limit_order", "market_order"]
    product_symbol: Name
    reduce_only: bool
    side: Literal["buy", "sell"]
    size: DecimalText
    time_in_force: Literal["gtc", "ioc"]


def _kind_of_params(params: object) -> str:
    if isinstance(params, dict):
        return "post" if "text" in params else "order"
    return "post" if isinstance(params, PostParams) else "order"


Params = Annotated[
    Annotated[OrderParams, Tag("order")] | Annotated[PostParams, Tag("post")], Discriminator(_kind_of_params)
]


class Action(WireModel):
    """Fields are in the order of RFC 8785, so that the model's own JSON is the canonical one."""

    credential_ref: UUID
    customer_id: UUID
    hired_instance_id: UUID | None = None
    kind: ActionKind
    params: Params = Field(description="What is sent, in the venue's own words.")
    provider: Name
    v: Literal[1] = 1

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        """The kind, what is sent and where it is sent must agree."""
        if self.is_order != isinstance(self.params, OrderParams):
            raise ValueError(f"params are not those of a {self.kind.value}")
        if not self.is_order and self.post.platform != self.provider:
            raise ValueError(f"the provider of a post is its platform, {self.post.platform.value}")
        return self

    @property
    def is_order(self) -> bool:
        return self.kind is not ActionKind.PUBLISH_POST

    @property
    def order(self) -> OrderParams:
        """Requires: the action is an order."""
        assert isinstance(self.params, OrderParams)
        return self.params

    @property
    def post(self) -> PostParams:
        """Requires: the action is a post."""
        assert isinstance(self.params, PostParams)
        return self.params

    def canonical_json(self) -> bytes:
        return self.model_dump_json().encode()

    def action_hash(self) -> ActionHash:
        return ActionHash("sha256:" + sha256(self.canonical_json()).hexdigest())
