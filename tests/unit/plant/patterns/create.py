"""Capabilities and patterns for tests, of which only what matters is said."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import JsonValue

from plant.patterns.capabilities import Answer, Capability, CapabilityRegistry, Kind, RunContext, capability
from plant.patterns.errors import CapabilityRefused
from plant.patterns.loaded import LoadedPattern
from plant.patterns.loader import load_pattern
from shared.contracts.base import WireModel

CONTEXT = RunContext("customer_a")


class EchoArgs(WireModel):
    value: JsonValue = None
    after: JsonValue = None


class Echo(WireModel):
    value: JsonValue


class AddArgs(WireModel):
    left: int
    right: int


class Sum(WireModel):
    total: int


class AmountArgs(WireModel):
    amount: Decimal


class Words(WireModel):
    text: str


@dataclass
class Clock:
    now_s: float = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Agent:
    """Capabilities whose behaviour a test sets, and what was called with what, in order."""

    calls: list[str] = field(default_factory=list[str])
    failures: dict[str, int] = field(default_factory=dict[str, int])
    under_way: int = 0
    most_under_way: int = 0
    cancelled: int = 0

    def echo(self, args: EchoArgs, _context: RunContext) -> Echo:
        self.calls.append(f"{args.value}")
        return Echo(value=args.value)

    def fail(self, args: EchoArgs, _context: RunContext) -> Echo:
        """As often as `failures` says for this value."""
        name = f"{args.value}"
        self.calls.append(name)
        if self.failures.get(name, 0) > 0:
            self.failures[name] -= 1
            raise RuntimeError("with the key abc123")
        return Echo(value=args.value)

    def refuse(self, args: EchoArgs, _context: RunContext) -> Echo:
        raise CapabilityRefused(f"no {args.value} today")

    async def wait(self, args: EchoArgs, _context: RunContext) -> Echo:
        """For the seconds that it is given."""
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(float(str(args.value)))
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.under_way -= 1
        return Echo(value=args.value)

    async def wait_one(self, args: Words, _context: RunContext) -> Answer[Words]:
        self.calls.append(args.text)
        await asyncio.sleep(0)
        return Answer(args, source="a feed", ttl_s=60, confidence=Decimal("0.9"))

    def capabilities(self) -> tuple[Capability, ...]:
        return (
            capability("test.echo", function=self.echo, args=EchoArgs, result=Echo, summary="Echo."),
            capability("test.refuse", function=self.refuse, args=EchoArgs, result=Echo, summary="Refuse."),
            capability(
                "test.fail", function=self.fail, args=EchoArgs, result=Echo, summary="Fail.", kind=Kind.READ
            ),
            capability(
                "test.wait", function=self.wait, args=EchoArgs, result=Echo, summary="Wait.", kind=Kind.READ
            ),
            capability(
                "test.dear", function=self.wait_one, args=Words, result=Words, summary="Dear.", cacheable=True
            ),
            capability("test.add", function=add, args=AddArgs, result=Sum, summary="A sum."),
            capability("test.amount", function=amount, args=AmountArgs, result=Words, summary="An amount."),
        )

    def registry(self) -> CapabilityRegistry:
        return CapabilityRegistry(self.capabilities())


def add(args: AddArgs, _context: RunContext) -> Sum:
    return Sum(total=args.left + args.right)


def amount(args: AmountArgs, _context: RunContext) -> Words:
    return Words(text=str(args.amount))


def create_step(step_id: str, *, use: str = "test.echo", **rest: JsonValue) -> dict[str, JsonValue]:
    given = rest.pop("given", {"value": step_id})
    return {"id": step_id, "use": use, "with": given, **rest}


def create_definition(
    *steps: Mapping[str, JsonValue], outputs: Mapping[str, JsonValue] | None = None, **rest: JsonValue
) -> dict[str, JsonValue]:
    """Without `outputs` every step is put out."""
    everything: dict[str, JsonValue] = {
        str(step["id"]): f"{{{{steps.{step['id']} ?? null}}}}" for step in steps
    }
    return {
        "pattern_id": "test.pattern",
        "version": 1,
        "summary": "For tests.",
        "steps": [dict(step) for step in steps],
        "outputs": everything if outputs is None else dict(outputs),
        **rest,
    }


def create_pattern(
    *steps: Mapping[str, JsonValue],
    agent: Agent | None = None,
    outputs: Mapping[str, JsonValue] | None = None,
    **rest: JsonValue,
) -> LoadedPattern:
    definition = create_definition(*steps, outputs=outputs, **rest)
    return load_pattern(definition, registry=(agent or Agent()).registry())
