"""Whatever input is missing, the order does not pass: every field of the inputs is tried."""

from collections.abc import Iterator
from types import NoneType
from typing import Any, cast, get_args

import pytest
from pydantic import BaseModel, ValidationError

from plant.risk.check import CheckStatus
from plant.risk.decision import Verdict
from plant.risk.replay import decide_again, inputs_record
from tests.unit.plant.risk.create import (
    create_account,
    create_counters,
    create_exit,
    create_exit_inputs,
    create_in_flight,
    create_inputs,
    create_market_action,
    create_open_order,
    create_position,
)

Path = tuple[str | int, ...]

_BUSY_ACCOUNT = create_account(
    positions=(create_position("20"), create_position("5", symbol="ETHUSD")),
    open_orders=(create_open_order("1"), create_open_order("2", side="sell", reduce_only=True)),
)
_BUSY_COUNTERS = create_counters(in_flight=(create_in_flight("3"), create_in_flight("4", side="sell")))
_BASES = {
    "limit": create_inputs(account=_BUSY_ACCOUNT, counters=_BUSY_COUNTERS),
    "market": create_inputs(action=create_market_action(), account=_BUSY_ACCOUNT, counters=_BUSY_COUNTERS),
    "exit": create_exit_inputs(account=_BUSY_ACCOUNT, counters=_BUSY_COUNTERS),
    "market exit": create_exit_inputs(
        action=create_exit(order_type="market_order", limit_price=None),
        account=_BUSY_ACCOUNT,
        counters=_BUSY_COUNTERS,
    ),
}
_NOT_READ_BY_ANY_CHECK = {"client_order_id"}


def _fields(value: object, path: Path = ()) -> Iterator[tuple[Path, bool]]:
    """Every field as its path and whether it may be None; the action is fixed by its approval."""
    if isinstance(value, tuple):
        for index, item in enumerate(cast(tuple[object, ...], value)):  # erased by isinstance
            yield from _fields(item, (*path, index))
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if name == "action":
                continue
            yield (*path, name), NoneType in get_args(field.annotation)
            yield from _fields(getattr(value, name), (*path, name))


_OPTIONAL = [
    (base, path)
    for base, inputs in _BASES.items()
    for path, is_optional in _fields(inputs)
    if is_optional and path[-1] not in _NOT_READ_BY_ANY_CHECK
]
_REQUIRED = [(base, path) for base, inputs in _BASES.items() for path, _ in _fields(inputs)]


def _parent(record: dict[str, object], path: Path) -> dict[str, object]:
    node: Any = record
    for step in path[:-1]:
        node = node[step]
    return node


@pytest.mark.parametrize(("base", "path"), _OPTIONAL, ids=str)
def test_any_optional_input_without_value_denies(base: str, path: Path) -> None:
    record = inputs_record(_BASES[base])
    assert decide_again(record).verdict is Verdict.PASS

    _parent(record, path)[str(path[-1])] = None
    decision = decide_again(record)

    assert decision.verdict is Verdict.DENY
    assert CheckStatus.MISSING_INPUT in {result.status for result in decision.checks}


@pytest.mark.parametrize(("base", "path"), _REQUIRED, ids=str)
def test_any_field_left_out_does_not_parse(base: str, path: Path) -> None:
    record = inputs_record(_BASES[base])

    del _parent(record, path)[str(path[-1])]

    with pytest.raises(ValidationError):
        decide_again(record)
