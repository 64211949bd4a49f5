"""What the risk gate answers, and how it is written down."""

from dataclasses import dataclass
from enum import StrEnum
from json.encoder import encode_basestring as _string
from typing import NamedTuple

from plant.risk.check import CheckStatus, RiskCode


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 a verdict, not a password
    DENY = "deny"


class CheckResult(NamedTuple):
    """`code` is the deny code that the check stands for, also when it passed; `check` is its name."""

    number: int
    check: str
    code: RiskCode
    status: CheckStatus
    observed: str | None
    limit: str | None
    unit: str | None
    detail: str


@dataclass(frozen=True, slots=True)
class RiskDecision:
    """`risk_codes` are the codes of all checks that failed or missed an input, in order, each once;
    `primary_code` is the first. `snapshot_hash` covers every input except action and policy, and is None
    when they could not be written down.
    """

    verdict: Verdict
    primary_code: RiskCode | None
    risk_codes: tuple[RiskCode, ...]
    checks: tuple[CheckResult, ...]
    policy_hash: str
    snapshot_hash: str | None
    intent_hash: str
    engine_version: str


def decision_record(decision: RiskDecision) -> dict[str, object]:
    """Shape: the fields of the decision by name; `checks` a list of mappings, fields of CheckResult."""
    return {
        "verdict": decision.verdict,
        "primary_code": decision.primary_code,
        "risk_codes": list(decision.risk_codes),
        "checks": [result._asdict() for result in decision.checks],
        "policy_hash": decision.policy_hash,
        "snapshot_hash": decision.snapshot_hash,
        "intent_hash": decision.intent_hash,
        "engine_version": decision.engine_version,
    }


def decision_json(decision: RiskDecision) -> bytes:
    """Write the decision as canonical JSON, the bytes that a replay must reproduce.

    The keys are written in RFC 8785 order by hand: half of a recorded decision's time would go into
    a general encoder.
    """
    checks = ",".join([_check_json(result) for result in decision.checks])
    codes = ",".join([_string(code) for code in decision.risk_codes])
    return (
        f'{{"checks":[{checks}],"engine_version":{_string(decision.engine_version)}'
        f',"intent_hash":{_string(decision.intent_hash)},"policy_hash":{_string(decision.policy_hash)}'
        f',"primary_code":{_text_or_null(decision.primary_code)},"risk_codes":[{codes}]'
        f',"snapshot_hash":{_text_or_null(decision.snapshot_hash)},"verdict":{_string(decision.verdict)}}}'
    ).encode()


def _check_json(result: CheckResult) -> str:
    number, check, code, status, observed, limit, unit, detail = result
    return (
        f'{{"check":{_string(check)},"code":{_string(code)},"detail":{_string(detail)}'
        f',"limit":{_text_or_null(limit)},"number":{number},"observed":{_text_or_null(observed)}'
        f',"status":{_string(status)},"unit":{_text_or_null(unit)}}}'
    )


def _text_or_null(text: str | None) -> str:
    return "null" if text is None else _string(text)
