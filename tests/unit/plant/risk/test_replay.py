"""A stored decision is decided again, byte for byte."""

import json
from pathlib import Path

import pytest
import rfc8785
from pydantic import ValidationError

from plant.risk.decision import decision_json
from plant.risk.gate import decide
from plant.risk.replay import decide_again, inputs_record
from tests.unit.plant.risk.create import create_account, create_inputs

_CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.json"))


def test_stored_inputs_give_the_same_bytes_again() -> None:
    inputs = create_inputs()
    stored = json.dumps(inputs_record(inputs))

    again = decide_again(json.loads(stored))

    assert decision_json(again) == decision_json(decide(inputs))


def test_balances_in_any_order_give_the_same_bytes() -> None:
    inputs = create_inputs(account=create_account(balances={"USD": "1000", "INR": "5"}))
    stored = json.dumps(inputs_record(inputs), sort_keys=True)
    turned = create_inputs(account=create_account(balances={"INR": "5", "USD": "1000"}))

    again = decide_again(json.loads(stored))

    assert decision_json(again) == decision_json(decide(inputs)) == decision_json(decide(turned))


@pytest.mark.parametrize("path", _CORPUS, ids=lambda path: path.stem)
def test_recorded_decision_is_reproduced(path: Path) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))

    again = decide_again(record["inputs"])

    assert decision_json(again) == rfc8785.dumps(record["decision"]), (
        "a check decides differently: raise ENGINE_VERSION, then run record_corpus"
    )


def test_corpus_is_not_empty() -> None:
    assert len(_CORPUS) >= 4


def test_record_with_an_unknown_field_is_refused() -> None:
    record = {**inputs_record(create_inputs()), "waive_everything": True}

    with pytest.raises(ValidationError, match="waive_everything"):
        decide_again(record)
