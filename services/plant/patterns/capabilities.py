"""What steps can use: capabilities of agents, pure functions of arguments and a frozen context, and their registry."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from plant.patterns.values import digest, encode

Args = TypeVar("Args", bound=BaseModel)
Result = TypeVar("Result", bound=BaseModel)
Result_co = TypeVar("Result_co", bound=BaseModel, covariant=True)
Thing = TypeVar("Thing")


class DuplicateCapability(Exception):
    """Two capabilities of the same name and version."""


class Kind(StrEnum):
    """A `read` may be repeated when it fails; a `compute` gives the same again, so that repeating is no use."""

    READ = "read"
    COMPUTE = "compute"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something large that capabilities read, such as a day's prices; `content_hash` says which content it has."""

    value: object
    content_hash: str


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run is about and which content it reads, beside its inputs. Two runs alike in all of it agree.

    Shape: `content` names what the run stands on, by key: pricing_pack_id, ledger_commit_hash.
    `scope` is whose run it is, a customer or a portfolio: no cached result crosses it.
    """

    scope: str
    asof: datetime | None = None
    content: Mapping[str, str] = field(default_factory=dict[str, str])
    resources: Mapping[type, Resource] = field(default_factory=dict[type, Resource])
    content_key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "content", MappingProxyType(dict(self.content)))
        object.__setattr__(self, "resources", MappingProxyType(dict(self.resources)))
        object.__setattr__(self, "content_key", digest(encode(self._identity())))

    def resource(self, kind: type[Thing]) -> Thing:
        """The resource that the capability said it `needs`; a run without it does not start."""
        value = self.resources[kind].value
        if not isinstance(value, kind):
            raise TypeError(f"the resource given for {kind.__qualname__} is a {type(value).__qualname__}")
        return value

    def _identity(self) -> JsonValue:
        hashes: dict[str, JsonValue] = {
            f"{kind.__module__}.{kind.__qualname__}": resource.content_hash
            for kind, resource in self.resources.items()
        }
        return {
            "scope": self.scope,
            "asof": self.asof.isoformat() if self.asof else None,
            "content": dict(self.content),
            "resources": hashes,
        }


@dataclass(frozen=True, slots=True)
class Answer(Generic[Result_co]):
    """A result with what is known of it; a capability that knows nothing more may return the bare result.

    Units: `ttl_s` seconds from `asof` on until it counts as stale; `confidence` 0 to 1.
    """

    value: Result_co
    source: str | None = None
    asof: datetime | None = None
    ttl_s: int | None = None
    confidence: Decimal = Decimal(1)


Returned = Result | Answer[Result]
Called = BaseModel | Answer[BaseModel]


@dataclass(frozen=True, slots=True)
class Capability:
    """`call` takes the arguments as JSON; it raises ArgumentsInvalid when they do not fit `args`."""

    name: str
    version: int
    summary: str
    kind: Kind
    cacheable: bool
    args: type[BaseModel]
    result: type[BaseModel]
    needs: tuple[type, ...]
    is_async: bool
    call: Callable[[bytes, RunContext], Called | Awaitable[Called]]

    @property
    def agent(self) -> str:
        return self.name.partition(".")[0]

    @property
    def reference(self) -> str:
        return f"{self.name}@{self.version}"


class ArgumentsInvalid(Exception):
    """The arguments of a call do not fit the capability's schema."""


def capability(
    name: str,
    *,
    function: Callable[[Args, RunContext], Returned[Result] | Awaitable[Returned[Result]]],
    args: type[Args],
    result: type[Result],
    summary: str,
    version: int = 1,
    kind: Kind = Kind.COMPUTE,
    cacheable: bool = False,
    needs: tuple[type, ...] = (),
) -> Capability:
    """Describe a pure function for the registry.

    A plain function is called in place and must be quick; what waits or takes long is a coroutine function.
    `cacheable` promises that the result depends on nothing but the arguments and the context.
    """

    def call(encoded: bytes, context: RunContext) -> Called | Awaitable[Called]:
        try:
            arguments = args.model_validate_json(encoded, strict=True)
        except ValidationError as error:
            raise ArgumentsInvalid(_first_of(error)) from error
        return function(arguments, context)

    is_async = inspect.iscoroutinefunction(function)
    return Capability(name, version, summary, kind, cacheable, args, result, needs, is_async, call)


class CapabilityRegistry:
    """Capabilities by name and version; a use without a version means the newest."""

    def __init__(self, capabilities: Iterable[Capability]) -> None:
        self._by_reference: dict[str, Capability] = {}
        for one in capabilities:
            if one.reference in self._by_reference:
                raise DuplicateCapability(f"{one.reference!r} is registered twice")
            self._by_reference[one.reference] = one
        newest_last = sorted(self._by_reference.values(), key=lambda one: one.version)
        self._newest = {one.name: one for one in newest_last}

    def find(self, use: str) -> Capability | None:
        return self._by_reference.get(use) or self._newest.get(use)

    def all(self) -> tuple[Capability, ...]:
        return tuple(sorted(self._by_reference.values(), key=lambda one: (one.name, one.version)))


def _first_of(error: ValidationError) -> str:
    """Where and what, without the value: it may be a customer's."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
