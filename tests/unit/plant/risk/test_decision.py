"""A decision is written with the bytes of RFC 8785."""

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from plant.risk.check import Check, CheckStatus, RiskCode, skipped
from plant.risk.decision import RiskDecision, Verdict, decision_json, decision_record
from plant.risk.gate import decide
from tests.unit.plant.risk.create import create_inputs

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts=st.lists(st.none() | _TEXT, min_size=4, max_size=4), detail=_TEXT)
def test_any_decision_is_written_as_rfc_8785_does(texts: list[str | None], detail: str) -> None:
    observed, limit, unit, snapshot_hash = texts
    code = RiskCode.PRICE_COLLAR
    check = Check(20, "price_collar", code, "the price", unit, find=lambda _: skipped("never run"))
    finding = (CheckStatus.FAIL, observed, limit, detail)
    decision = RiskDecision(
        verdict=Verdict.DENY,
        primary_code=code,
        risk_codes=(code, RiskCode.POSITION_LIMIT),
        findings=((check, finding), (check, finding)),
        policy_hash="sha256:p",
        snapshot_hash=snapshot_hash,
        intent_hash="sha256:i",
        engine_version=detail,
    )

    written = decision_json(decision)

    assert written == rfc8785.dumps(decision_record(decision))  # pyright: ignore[reportArgumentType] JSON by its shape


def test_passing_decision_is_written_as_rfc_8785_does() -> None:
    decision = decide(create_inputs())

    written = decision_json(decision)

    assert written == rfc8785.dumps(decision_record(decision))  # pyright: ignore[reportArgumentType] JSON by its shape
