"""One run of a pattern under way: what has ended, what is ready, what is being called, and what is written of it."""

import asyncio
import heapq
from dataclasses import dataclass, field

from pydantic import JsonValue

from plant.patterns.calls import Caller, CallError, Outcome
from plant.patterns.capabilities import RunContext
from plant.patterns.conditions import ConditionFailed
from plant.patterns.errors import RunErrorCode
from plant.patterns.loaded import Call, LoadedPattern, LoadedStep
from plant.patterns.references import MissingValue
from plant.patterns.trace import CompensationTrace, SkipReason, StepStatus, StepTrace
from plant.patterns.values import MAX_VALUE_BYTES, digest, encode


@dataclass(frozen=True, slots=True)
class RunFailure:
    step_id: str | None
    error: CallError


@dataclass(slots=True)
class _Attempt:
    """A step that has begun."""

    step: LoadedStep
    started_s: float
    condition_value: bool | None = None
    args_hash: str | None = None


@dataclass(slots=True)
class Run:
    """All of it belongs to this run; what runs share is in `caller`.

    Shape: `values` are those of the steps that are done, by id; `ended` the traces of all steps that ended, in the
    order in which they did.
    """

    pattern: LoadedPattern
    context: RunContext
    caller: Caller
    inputs: JsonValue
    began_s: float
    failure: RunFailure | None = None
    values: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    ended: dict[str, StepTrace] = field(default_factory=dict[str, StepTrace])
    compensations: list[CompensationTrace] = field(default_factory=list[CompensationTrace])
    scope: dict[str, JsonValue] = field(init=False)
    _ready: list[int] = field(init=False)
    _waits: list[int] = field(init=False)
    _tasks: dict[asyncio.Task[Outcome], _Attempt] = field(
        default_factory=dict[asyncio.Task[Outcome], _Attempt]
    )

    def __post_init__(self) -> None:
        self.scope = {"inputs": self.inputs, "steps": self.values}
        self._waits = [len(step.waits_for) for step in self.pattern.steps]
        self._ready = [position for position, waits in enumerate(self._waits) if waits == 0]

    async def work(self) -> None:
        """Until all steps have ended or one has failed."""
        while (self._ready or self._tasks) and self.failure is None:
            if self._remaining_s() <= 0:
                self._fail_deadline()
            elif self._ready and len(self._tasks) < self.pattern.definition.max_parallel:
                self._start(self.pattern.steps[heapq.heappop(self._ready)])
            else:
                await self._wait()

    async def stop(self) -> None:
        """Cancel what is under way and see it end."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def compensate(self) -> None:
        """Undo, the latest first; one that fails is recorded and the others run all the same."""
        by_id = {step.step_id: step for step in self.pattern.steps}
        done = [name for name, trace in self.ended.items() if trace.status is StepStatus.DONE]
        for step in (by_id[name] for name in reversed(done)):
            if step.compensation is not None:
                error = await self._compensate_one(step, step.compensation)
                reference = step.compensation.capability.reference
                self.compensations.append(CompensationTrace(step.step_id, reference, error))

    def traces(self) -> tuple[StepTrace, ...]:
        """In the order of the pattern, those that were never reached as well."""
        return tuple(self.ended.get(step.step_id) or _not_run(step) for step in self.pattern.steps)

    def _start(self, step: LoadedStep) -> None:
        attempt = _Attempt(step, self._now_s())
        if self._skips_with_upstream(step):
            self._end(attempt, StepStatus.SKIPPED, skip_reason=SkipReason.UPSTREAM_SKIPPED)
            return
        if step.condition is not None:
            try:
                attempt.condition_value = step.condition.holds(self.scope)
            except ConditionFailed as error:
                self._end_failed(attempt, CallError(RunErrorCode.CONDITION_ERROR, str(error), error))
                return
            if not attempt.condition_value:
                self._end(attempt, StepStatus.SKIPPED, skip_reason=SkipReason.CONDITION_FALSE)
                return
        self._call(attempt)

    def _call(self, attempt: _Attempt) -> None:
        step, capability = attempt.step, attempt.step.call.capability
        encoded = self._arguments(step.call)
        if isinstance(encoded, CallError):
            self._end_failed(attempt, encoded)
            return
        attempt.args_hash = digest(encoded)
        retry, timeout_s = step.definition.retry, step.definition.timeout_ms / 1000
        if self.caller.runs_in_place(capability, retry):
            outcome = self.caller.call_in_place(capability, encoded, self.context, timeout_s=timeout_s)
            self._settle(attempt, outcome)
        else:
            work = self.caller.call(capability, encoded, self.context, timeout_s=timeout_s, retry=retry)
            self._tasks[asyncio.create_task(work)] = attempt

    def _arguments(self, call: Call) -> bytes | CallError:
        try:
            encoded = encode(call.arguments.resolve(self.scope))
        except MissingValue as error:
            return CallError(RunErrorCode.MISSING_VALUE, str(error), error)
        if len(encoded) > MAX_VALUE_BYTES:
            detail = f"the arguments have {len(encoded)} bytes, at most {MAX_VALUE_BYTES} are passed on"
            return CallError(RunErrorCode.VALUE_TOO_LARGE, detail)
        return encoded

    async def _wait(self) -> None:
        done, _ = await asyncio.wait(
            self._tasks, timeout=self._remaining_s(), return_when=asyncio.FIRST_COMPLETED
        )
        ended = [(self._tasks.pop(task), task) for task in done]
        for attempt, task in sorted(ended, key=lambda pair: pair[0].step.position):
            self._settle(attempt, task.result())

    async def _compensate_one(self, step: LoadedStep, call: Call) -> RunErrorCode | None:
        encoded = self._arguments(call)
        if isinstance(encoded, CallError):
            return encoded.code
        timeout_s = step.definition.timeout_ms / 1000
        outcome = await self.caller.call(
            call.capability, encoded, self.context, timeout_s=timeout_s, retry=None
        )
        return outcome.error.code if outcome.error else None

    def _settle(self, attempt: _Attempt, outcome: Outcome) -> None:
        if outcome.error is not None:
            self._end_failed(attempt, outcome.error, retries=outcome.retries)
            return
        self.values[attempt.step.step_id] = outcome.value
        self._end(attempt, StepStatus.DONE, outcome=outcome)

    def _end_failed(self, attempt: _Attempt, error: CallError, *, retries: int = 0) -> None:
        if self.failure is None:
            self.failure = RunFailure(attempt.step.step_id, error)
        self._end(attempt, StepStatus.FAILED, outcome=Outcome(error=error, retries=retries))

    def _end(
        self,
        attempt: _Attempt,
        status: StepStatus,
        *,
        outcome: Outcome | None = None,
        skip_reason: SkipReason | None = None,
    ) -> None:
        step = attempt.step
        self.ended[step.step_id] = self._trace(attempt, status, outcome or Outcome(), skip_reason)
        for position in step.releases:
            self._waits[position] -= 1
            if not self._waits[position]:
                heapq.heappush(self._ready, position)

    def _trace(
        self, attempt: _Attempt, status: StepStatus, outcome: Outcome, skip_reason: SkipReason | None
    ) -> StepTrace:
        step, error, meta = attempt.step, outcome.error, outcome.meta
        return StepTrace(
            step_id=step.step_id,
            capability=step.call.capability.reference,
            agent=step.call.capability.agent,
            status=status,
            skip_reason=skip_reason,
            condition=step.definition.when,
            condition_value=attempt.condition_value,
            inputs_from=step.waits_for,
            args_hash=attempt.args_hash,
            output_hash=digest(outcome.encoded) if meta else None,
            meta=meta,
            stale=meta.is_stale(self.context.asof) if meta else None,
            error=error.code if error else None,
            error_class=type(error.cause).__name__ if error and error.cause else None,
            cache_hit=outcome.cache_hit,
            retries=outcome.retries,
            started_s=attempt.started_s,
            ended_s=self._now_s(),
        )

    def _skips_with_upstream(self, step: LoadedStep) -> bool:
        needed = (name for name in step.waits_for if name not in step.definition.optional_inputs)
        return any(self.ended[name].status is StepStatus.SKIPPED for name in needed)

    def _fail_deadline(self) -> None:
        """Names the first step that is under way, else the next one."""
        positions = [attempt.step.position for attempt in self._tasks.values()] or self._ready
        step = self.pattern.steps[min(positions)]
        limit_ms = self.pattern.definition.deadline_ms
        error = CallError(RunErrorCode.DEADLINE_EXCEEDED, f"the run has not ended within {limit_ms} ms")
        self.failure = RunFailure(step.step_id, error)

    def _now_s(self) -> float:
        return self.caller.clock() - self.began_s

    def _remaining_s(self) -> float:
        return self.pattern.definition.deadline_ms / 1000 - self._now_s()


def _not_run(step: LoadedStep) -> StepTrace:
    return StepTrace(
        step_id=step.step_id,
        capability=step.call.capability.reference,
        agent=step.call.capability.agent,
        status=StepStatus.NOT_RUN,
        condition=step.definition.when,
        inputs_from=step.waits_for,
    )
