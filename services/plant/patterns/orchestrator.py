"""Running a loaded pattern: each step as soon as the steps it waits for have ended, independent ones side by side.

Steps have no effects outside the run, so a run that ends early leaves nothing behind; cancelling it cancels what it
had under way and waits for that to end.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn, cast

from pydantic import JsonValue

from plant.patterns.breaker import Breaker
from plant.patterns.cache import ResultCache
from plant.patterns.calls import Caller, CallError
from plant.patterns.capabilities import RunContext
from plant.patterns.errors import RunErrorCode
from plant.patterns.input_schema import check_value
from plant.patterns.loaded import LoadedPattern
from plant.patterns.references import MissingValue
from plant.patterns.run import Run, RunFailure
from plant.patterns.trace import RunTrace, run_hash
from plant.patterns.values import MAX_VALUE_BYTES, decode, digest, encode


@dataclass(frozen=True, slots=True)
class RunResult:
    """Shape: `outputs` has the keys of the pattern's outputs."""

    outputs: dict[str, JsonValue]
    trace: RunTrace


class PatternRunError(Exception):
    """A run that ended without outputs. `detail` is safe to show; `trace` tells what had happened until then.

    `step_id` is None only for what concerns the whole run: its inputs, its resources, its outputs.
    """

    def __init__(self, code: RunErrorCode, *, step_id: str | None, detail: str, trace: RunTrace) -> None:
        at = f" in step {step_id!r}" if step_id else ""
        super().__init__(f"{code} in pattern {trace.pattern_id!r}{at}: {detail}")
        self.code = code
        self.step_id = step_id
        self.detail = detail
        self.trace = trace


class Orchestrator:
    """Shared by all runs of a process; what outlives a run is the breaker and the cache.

    `clock` gives seconds that only move forward; tests give their own.
    """

    def __init__(
        self,
        *,
        cache: ResultCache | None = None,
        breaker: Breaker | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._caller = Caller(clock, breaker or Breaker(clock), cache)

    async def run(
        self, pattern: LoadedPattern, *, inputs: Mapping[str, JsonValue], context: RunContext
    ) -> RunResult:
        """Raises: PatternRunError."""
        encoded = _encode_inputs(inputs)
        fresh = decode(encoded) if isinstance(encoded, bytes) else None
        run = Run(pattern, context, self._caller, fresh, self._clock())
        run.failure = _check_inputs(pattern, encoded, fresh) or _check_resources(pattern, context)
        try:
            await run.work()
        finally:
            await run.stop()
        inputs_hash = digest(encoded) if isinstance(encoded, bytes) else None
        outputs = _outputs(pattern, run)
        if run.failure is not None or outputs is None:
            await run.compensate()
            self._raise(run, inputs_hash)
        trace = self._trace(run, inputs_hash, digest(outputs))
        return RunResult(cast("dict[str, JsonValue]", decode(outputs)), trace)  # outputs are an object

    def _raise(self, run: Run, inputs_hash: str | None) -> NoReturn:
        assert run.failure is not None
        step_id, error = run.failure.step_id, run.failure.error
        trace = self._trace(run, inputs_hash, None)
        raise PatternRunError(error.code, step_id=step_id, detail=error.detail, trace=trace) from error.cause

    def _trace(self, run: Run, inputs_hash: str | None, outputs_hash: str | None) -> RunTrace:
        pattern, context, steps = run.pattern, run.context, run.traces()
        head = (pattern.pattern_hash, inputs_hash, context.content_key, outputs_hash)
        return RunTrace(
            pattern_id=pattern.pattern_id,
            pattern_version=pattern.definition.version,
            pattern_hash=pattern.pattern_hash,
            inputs_hash=inputs_hash,
            outputs_hash=outputs_hash,
            content_key=context.content_key,
            content=context.content,
            asof=context.asof,
            steps=steps,
            compensations=tuple(run.compensations),
            duration_s=self._clock() - run.began_s,
            run_hash=run_hash(head, steps),
        )


def _encode_inputs(inputs: Mapping[str, JsonValue]) -> bytes | CallError:
    try:
        encoded = encode(dict(inputs))
    except (TypeError, ValueError, RecursionError) as error:
        return CallError(RunErrorCode.INPUTS_INVALID, "the inputs are not JSON", error)
    if len(encoded) > MAX_VALUE_BYTES:
        detail = f"the inputs have {len(encoded)} bytes, at most {MAX_VALUE_BYTES} are taken"
        return CallError(RunErrorCode.VALUE_TOO_LARGE, detail)
    return encoded


def _check_inputs(pattern: LoadedPattern, encoded: bytes | CallError, inputs: JsonValue) -> RunFailure | None:
    if isinstance(encoded, CallError):
        return RunFailure(None, encoded)
    found = [
        f"{path}: {message}"
        for path, message in check_value(inputs, schema=pattern.definition.inputs, where="inputs")
    ]
    if not found:
        return None
    return RunFailure(None, CallError(RunErrorCode.INPUTS_INVALID, "; ".join(found[:10])))


def _check_resources(pattern: LoadedPattern, context: RunContext) -> RunFailure | None:
    for step in pattern.steps:
        for kind in step.call.capability.needs:
            if kind not in context.resources:
                detail = (
                    f"{step.call.capability.reference} needs {kind.__name__}, which this run was not given"
                )
                return RunFailure(step.step_id, CallError(RunErrorCode.MISSING_RESOURCE, detail))
    return None


def _outputs(pattern: LoadedPattern, run: Run) -> bytes | None:
    """None, and the failure in the run, when there are none."""
    if run.failure is not None:
        return None
    try:
        encoded = encode(pattern.outputs.resolve(run.scope))
    except MissingValue as error:
        run.failure = RunFailure(None, CallError(RunErrorCode.MISSING_VALUE, f"outputs: {error}", error))
        return None
    if len(encoded) <= MAX_VALUE_BYTES:
        return encoded
    detail = f"the outputs have {len(encoded)} bytes, at most {MAX_VALUE_BYTES} are passed on"
    run.failure = RunFailure(None, CallError(RunErrorCode.VALUE_TOO_LARGE, detail))
    return None
