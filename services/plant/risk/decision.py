"""What the risk gate answers, and how it is written down."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from json.encoder import encode_basestring as _string
from typing import NamedTuple

from plant.risk.check import Check, CheckStatus, Finding, RiskCode


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
    """`findings` are those of all checks, in their order; a check that could not decide stands there with
    the code for that. `risk_codes` are the codes of those that failed or missed an input, each once;
    `primary_code` is the first. `snapshot_hash` covers every input except action and policy, and is None
    when they could not be written down.
    """

    verdict: Verdict
    primary_code: RiskCode | None
    risk_codes: tuple[RiskCode, ...]
    findings: tuple[tuple[Check, Finding], ...]
    policy_hash: str
    snapshot_hash: str | None
    intent_hash: str
    engine_version: str

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        return tuple(
            CheckResult(check.number, check.name, check.code, status, observed, limit, check.unit, detail)
            for check, (status, observed, limit, detail) in self.findings
        )


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
    checks = ",".join([_check_json(check, finding) for check, finding in decision.findings])
    codes = ",".join([_string(code) for code in decision.risk_codes])
    return (
        f'{{"checks":[{checks}],"engine_version":{_string(decision.engine_version)}'
        f',"intent_hash":{_string(decision.intent_hash)},"policy_hash":{_string(decision.policy_hash)}'
        f',"primary_code":{_text_or_null(decision.primary_code)},"risk_codes":[{codes}]'
        f',"snapshot_hash":{_text_or_null(decision.snapshot_hash)},"verdict":{_string(decision.verdict)}}}'
    ).encode()


def _check_json(check: Check, finding: Finding) -> str:
    status, observed, limit, detail = finding
    head, number, unit = _constant_json(check)
    return (
        f'{head}{_string(detail)},"limit":{"null" if limit is None else _string(limit)}'
        f'{number},"observed":{"null" if observed is None else _string(observed)}'
        f',"status":{_string(status)}{unit}'
    )


@lru_cache(maxsize=256)
def _constant_json(check: Check) -> tuple[str, str, str]:
    """What every finding of a check has in common: before its detail, after its limit, after its status."""
    return (
        f'{{"check":{_string(check.name)},"code":{_string(check.code)},"detail":',
        f',"number":{check.number}',
        f',"unit":{_text_or_null(check.unit)}}}',
    )


def _text_or_null(text: str | None) -> str:
    return "null" if text is None else _string(text)
