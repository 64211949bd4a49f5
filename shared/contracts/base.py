"""The base of every wire model: frozen, unknown fields refused, text that PostgreSQL can hold."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

from shared.money import canonical_decimal


def _check_storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain a NUL character")
    return text


Text = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_check_storable)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_check_storable)]
# With an offset, and within what every database and calendar can take.
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))
]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:\-]{0,99}$")]


class WireModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


WireDecimal = Annotated[Decimal, PlainSerializer(canonical_decimal, return_type=str, when_used="json")]
