"""Writes the decisions that `test_replay` reproduces; run by hand after ENGINE_VERSION was raised."""

import json
from pathlib import Path

from plant.risk.decision import decision_record
from plant.risk.gate import decide
from plant.risk.replay import inputs_record
from tests.unit.plant.risk.create import (
    create_account,
    create_action,
    create_counters,
    create_exit_inputs,
    create_in_flight,
    create_inputs,
    create_market_action,
    create_open_order,
    create_position,
    create_quote,
)

_CASES = {
    "limit-order-passes": create_inputs(),
    "market-order-at-proposal": create_inputs(
        action=create_market_action(side="sell"), stage="proposal", preconditions=None
    ),
    "exit-passes": create_exit_inputs(),
    "exit-beside-another-denied": create_exit_inputs(
        account=create_account(
            positions=(create_position("15"), create_position("-3", symbol="ETHUSD")),
            open_orders=(create_open_order("2"),),
        ),
        counters=create_counters(in_flight=(create_in_flight("6", side="sell", reduce_only=True),)),
    ),
    "many-failures": create_inputs(
        action=create_action(size="51.5", limit_price="70000.3"),
        quote=create_quote(mark_price="65700.123456789"),
        counters=create_counters(orders_last_minute=30, notional_today="4999999"),
    ),
    "inputs-missing": create_inputs(
        instrument=None, quote=None, account=None, counters=None, kill_switch_engaged=None, engine_ready=None
    ),
}


def record_corpus(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, inputs in _CASES.items():
        record = {"inputs": inputs_record(inputs), "decision": decision_record(decide(inputs))}
        (folder / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record_corpus(Path(__file__).parent / "corpus")
