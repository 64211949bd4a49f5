"""What an attack is, what it found, and how that is judged."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cli.attack.scene import Fact, Scene
from cli.stack.errors import StackError

Act = Callable[[Scene], Awaitable[None]]


class AttackFailedError(StackError):
    """At least one attack was not held."""


class Verdict(StrEnum):
    HELD = "held"
    BREACH = "BREACH"
    UNDECIDED = "UNDECIDED"
    LATER = "not yet applicable"
    BY_TESTS = "run by the tests"


class Demand(StrEnum):
    """The demands of AISVS C9.2 (approval of high-impact actions) that an attack can prove."""

    DISPLAY = "display"
    BINDING = "binding"
    REQUESTER = "requester"
    NONCE = "nonce"
    SINGLE_USE = "single_use"
    EXPIRY = "expiry"
    KEYS = "keys"
    VOID_ON_CHANGE = "void_on_change"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Attack:
    """`line` is the number of the known failure; what is tried is said by the docstring of `act`.

    `is_long`: it has to wait for something, so it is started first.
    """

    line: str
    title: str
    act: Act
    proves: tuple[Demand, ...] = ()
    is_long: bool = False

    @property
    def name(self) -> str:
        return getattr(self.act, "__name__", "")

    @property
    def tried(self) -> str:
        return (self.act.__doc__ or "").strip().partition("\n")[0]


@dataclass(frozen=True, slots=True)
class NotTried:
    """A known failure that is not tried here; `reason` says until when, or which tests try it."""

    line: str
    title: str
    reason: str
    by: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return Verdict.BY_TESTS if self.by else Verdict.LATER


@dataclass(frozen=True, slots=True)
class Result:
    attack: Attack
    facts: Sequence[Fact]
    trouble: str | None
    seconds: float

    @property
    def verdict(self) -> Verdict:
        """A refuted fact is a breach even when the attack stumbled later."""
        if any(not fact.held for fact in self.facts):
            return Verdict.BREACH
        return Verdict.HELD if self.facts and self.trouble is None else Verdict.UNDECIDED
