"""Carrying out one call of a capability: cache, breaker, time-out, retries. Every ending is an outcome, none raises."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from pydantic import BaseModel, JsonValue

from plant.patterns.breaker import Breaker
from plant.patterns.cache import CachedResult, ResultCache, cache_key
from plant.patterns.capabilities import Answer, ArgumentsInvalid, Called, Capability, RunContext
from plant.patterns.errors import CapabilityRefused, RunErrorCode
from plant.patterns.schema import Retry
from plant.patterns.trace import ResultMeta
from plant.patterns.values import MAX_VALUE_BYTES, decode, encode

# What a mistake or trouble within a capability looks like. Cancellation and the end of the process are not among it.
CAPABILITY_TROUBLE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
_CERTAIN: Final = Decimal(1)
_REPEATABLE: Final = frozenset(
    {RunErrorCode.STEP_TIMEOUT, RunErrorCode.CAPABILITY_FAILED, RunErrorCode.AGENT_UNAVAILABLE}
)


@dataclass(frozen=True, slots=True)
class CallError:
    """`detail` is safe to show; `cause` is for the log of whoever runs patterns."""

    code: RunErrorCode
    detail: str
    cause: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended: with a value and what is known of it, or with an error."""

    value: JsonValue = None
    encoded: bytes = b""
    meta: ResultMeta | None = None
    error: CallError | None = None
    cache_hit: bool = False
    retries: int = 0


@dataclass(frozen=True, slots=True)
class Caller:
    """What calls share: one for all runs of a process."""

    clock: Callable[[], float]
    breaker: Breaker
    cache: ResultCache | None

    def runs_in_place(self, capability: Capability, retry: Retry | None) -> bool:
        """Nothing to wait for: no task is needed."""
        return not (capability.is_async or retry or self._caches(capability))

    def call_in_place(
        self, capability: Capability, encoded: bytes, context: RunContext, *, timeout_s: float
    ) -> Outcome:
        """A plain function cannot be stopped; one that took longer than its time-out has failed all the same."""
        if not self.breaker.lets_through(capability.agent):
            return _unavailable(capability)
        started_s = self.clock()
        try:
            returned = capability.call(encoded, context)
        except (ArgumentsInvalid, CapabilityRefused, *CAPABILITY_TROUBLE) as error:
            return self._settle(capability, _failure(capability, error))
        if self.clock() - started_s > timeout_s:
            return self._settle(capability, _timed_out(timeout_s))
        return self._settle(capability, _outcome(capability, returned, context))

    async def call(
        self,
        capability: Capability,
        encoded: bytes,
        context: RunContext,
        *,
        timeout_s: float,
        retry: Retry | None,
    ) -> Outcome:
        key = cache_key(capability, encoded, context=context)
        if self.cache and self._caches(capability) and (kept := await self.cache.find(key)):
            return Outcome(decode(kept.encoded), kept.encoded, kept.meta, cache_hit=True)
        outcome = await self._call_and_retry(capability, encoded, context, timeout_s=timeout_s, retry=retry)
        if self.cache and self._caches(capability) and outcome.meta:
            await self.cache.keep(key, CachedResult(outcome.encoded, outcome.meta))
        return outcome

    async def _call_and_retry(
        self,
        capability: Capability,
        encoded: bytes,
        context: RunContext,
        *,
        timeout_s: float,
        retry: Retry | None,
    ) -> Outcome:
        attempt = 0
        while True:
            outcome = await self._call_once(capability, encoded, context, timeout_s=timeout_s)
            attempt += 1
            again = retry and attempt < retry.attempts and outcome.error and outcome.error.code in _REPEATABLE
            if retry is None or not again:
                return replace(outcome, retries=attempt - 1)
            await asyncio.sleep(retry.wait_ms / 1000)

    async def _call_once(
        self, capability: Capability, encoded: bytes, context: RunContext, *, timeout_s: float
    ) -> Outcome:
        if not capability.is_async:
            return self.call_in_place(capability, encoded, context, timeout_s=timeout_s)
        if not self.breaker.lets_through(capability.agent):
            return _unavailable(capability)
        limit = asyncio.timeout(timeout_s)
        try:
            async with limit:
                called = capability.call(encoded, context)
                returned = await called if isinstance(called, Awaitable) else called
        except (ArgumentsInvalid, CapabilityRefused, *CAPABILITY_TROUBLE) as error:
            failed = _timed_out(timeout_s) if limit.expired() else _failure(capability, error)
            return self._settle(capability, failed)
        return self._settle(capability, _outcome(capability, returned, context))

    def _caches(self, capability: Capability) -> bool:
        return capability.cacheable and self.cache is not None

    def _settle(self, capability: Capability, outcome: Outcome) -> Outcome:
        """Tell the breaker: a refusal and arguments that do not fit are no trouble of the agent's."""
        if outcome.error and outcome.error.code in _REPEATABLE:
            self.breaker.report_failure(capability.agent)
        else:
            self.breaker.report_success(capability.agent)
        return outcome


def _outcome(capability: Capability, returned: Called | Awaitable[Called], context: RunContext) -> Outcome:
    answer = returned if isinstance(returned, Answer) else None
    value = answer.value if answer else returned
    if not isinstance(value, capability.result):
        detail = f"{capability.reference} gave {type(value).__name__}, expected {capability.result.__name__}"
        return Outcome(error=CallError(RunErrorCode.RESULT_INVALID, detail))
    dumped = value.model_dump(mode="json", by_alias=True)
    try:
        encoded = encode(dumped)
    except (TypeError, ValueError) as error:
        detail = f"the result of {capability.reference} is not JSON"
        return Outcome(error=CallError(RunErrorCode.RESULT_INVALID, detail, error))
    if len(encoded) > MAX_VALUE_BYTES:
        detail = (
            f"the result of {capability.reference} has {len(encoded)} bytes, at most {MAX_VALUE_BYTES} pass"
        )
        return Outcome(error=CallError(RunErrorCode.VALUE_TOO_LARGE, detail))
    return Outcome(dumped, encoded, _meta(capability, answer, context))


def _meta(capability: Capability, answer: Answer[BaseModel] | None, context: RunContext) -> ResultMeta:
    if answer is None:
        return ResultMeta(capability.agent, capability.reference, context.asof, None, _CERTAIN)
    return ResultMeta(
        agent=capability.agent,
        source=answer.source or capability.reference,
        asof=answer.asof or context.asof,
        ttl_s=answer.ttl_s,
        confidence=answer.confidence,
    )


def _failure(capability: Capability, error: Exception) -> Outcome:
    """Only a refusal's own words are shown; those of an unexpected error may hold anything."""
    match error:
        case ArgumentsInvalid():
            code, detail = RunErrorCode.ARGUMENTS_INVALID, f"{capability.reference}: {error}"
        case CapabilityRefused():
            code, detail = RunErrorCode.CAPABILITY_REFUSED, f"{capability.reference}: {error.detail}"
        case _:
            code = RunErrorCode.CAPABILITY_FAILED
            detail = f"{capability.reference} failed with {type(error).__name__}"
    return Outcome(error=CallError(code, detail, error))


def _timed_out(timeout_s: float) -> Outcome:
    return Outcome(error=CallError(RunErrorCode.STEP_TIMEOUT, f"took longer than {timeout_s * 1000:.0f} ms"))


def _unavailable(capability: Capability) -> Outcome:
    detail = f"the agent {capability.agent!r} failed too often and rests for a while"
    return Outcome(error=CallError(RunErrorCode.AGENT_UNAVAILABLE, detail))
