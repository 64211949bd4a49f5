"""The trace of a run: what each step was given and gave, why it was skipped, and one hash over all of it.

The run hash is a Merkle root over the steps in the pattern's order. Times, retries and whether the cache answered
are in the trace but not in the hash, so the same request on the same content gives the same hash.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from pydantic import JsonValue

from plant.patterns.errors import RunErrorCode
from plant.patterns.values import encode


class StepStatus(StrEnum):
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    NOT_RUN = "not_run"


class SkipReason(StrEnum):
    CONDITION_FALSE = "CONDITION_FALSE"
    UPSTREAM_SKIPPED = "UPSTREAM_SKIPPED"


@dataclass(frozen=True, slots=True)
class ResultMeta:
    """Where a result comes from and how good it is. Units: `ttl_s` seconds after `asof`; `confidence` 0 to 1."""

    agent: str
    source: str
    asof: datetime | None
    ttl_s: int | None
    confidence: Decimal

    def is_stale(self, at: datetime | None) -> bool | None:
        """None when that cannot be known."""
        if self.ttl_s is None or self.asof is None or at is None:
            return None
        return at > self.asof + timedelta(seconds=self.ttl_s)


@dataclass(frozen=True, slots=True)
class StepTrace:
    """Units: `started_s` and `ended_s` are seconds of the run's clock since the run began."""

    step_id: str
    capability: str
    agent: str
    status: StepStatus
    skip_reason: SkipReason | None = None
    condition: str | None = None
    condition_value: bool | None = None
    inputs_from: tuple[str, ...] = ()
    args_hash: str | None = None
    output_hash: str | None = None
    meta: ResultMeta | None = None
    stale: bool | None = None
    error: RunErrorCode | None = None
    error_class: str | None = None
    cache_hit: bool = False
    retries: int = 0
    started_s: float | None = None
    ended_s: float | None = None


@dataclass(frozen=True, slots=True)
class CompensationTrace:
    step_id: str
    capability: str
    error: RunErrorCode | None


@dataclass(frozen=True, slots=True)
class RunTrace:
    pattern_id: str
    pattern_version: int
    pattern_hash: str
    inputs_hash: str | None
    outputs_hash: str | None
    content_key: str
    content: Mapping[str, str]
    asof: datetime | None
    steps: tuple[StepTrace, ...]
    compensations: tuple[CompensationTrace, ...]
    duration_s: float
    run_hash: str

    def record(self) -> dict[str, JsonValue]:
        """Shape: the trace as a JSON object, for storing."""
        return {
            "pattern_id": self.pattern_id,
            "pattern_version": self.pattern_version,
            "pattern_hash": self.pattern_hash,
            "inputs_hash": self.inputs_hash,
            "outputs_hash": self.outputs_hash,
            "content_key": self.content_key,
            "asof": _moment(self.asof),
            **self.content,
            "agents": _sorted({step.agent for step in self.steps}),
            "capabilities": _sorted({step.capability for step in self.steps}),
            "sources": _sorted({step.meta.source for step in self.steps if step.meta}),
            "steps": [_step_record(step) for step in self.steps],
            "compensations": [
                {"step_id": one.step_id, "capability": one.capability, "error": one.error}
                for one in self.compensations
            ],
            "duration_ms": _milliseconds(self.duration_s),
            "run_hash": self.run_hash,
        }


def run_hash(head: Sequence[str | None], steps: Sequence[StepTrace]) -> str:
    """The Merkle root over the head (pattern, inputs, content, outputs) and the steps; leaf and node hashes differ."""
    leaves = [_leaf(list(head)), *(_leaf(_hashed_part(step)) for step in steps)]
    while len(leaves) > 1:
        pairs = zip(leaves[::2], leaves[1::2], strict=False)
        odd = leaves[-1:] if len(leaves) % 2 else []
        leaves = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return "sha256:" + leaves[0].hex()


def _leaf(values: JsonValue) -> bytes:
    return hashlib.sha256(b"\x00" + encode(values)).digest()


def _hashed_part(step: StepTrace) -> JsonValue:
    return [
        step.step_id,
        step.capability,
        step.status,
        step.skip_reason,
        step.condition,
        step.condition_value,
        step.args_hash,
        step.output_hash,
        _meta_record(step.meta),
        step.error,
    ]


def _step_record(step: StepTrace) -> JsonValue:
    return {
        "step_id": step.step_id,
        "capability": step.capability,
        "agent": step.agent,
        "status": step.status,
        "skip_reason": step.skip_reason,
        "condition": step.condition,
        "condition_value": step.condition_value,
        "inputs_from": list(step.inputs_from),
        "args_hash": step.args_hash,
        "output_hash": step.output_hash,
        "meta": _meta_record(step.meta),
        "stale": step.stale,
        "error": step.error,
        "error_class": step.error_class,
        "cache_hit": step.cache_hit,
        "retries": step.retries,
        "started_ms": _milliseconds(step.started_s),
        "ended_ms": _milliseconds(step.ended_s),
    }


def _meta_record(meta: ResultMeta | None) -> JsonValue:
    if meta is None:
        return None
    return {
        "agent": meta.agent,
        "source": meta.source,
        "asof": _moment(meta.asof),
        "ttl_s": meta.ttl_s,
        "confidence": str(meta.confidence),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _milliseconds(seconds: float | None) -> str | None:
    return None if seconds is None else f"{seconds * 1000:.3f}"


def _sorted(texts: set[str]) -> list[JsonValue]:
    return [*sorted(texts)]
