"""The leash on conditions: what a CEL text may contain, checked before the CEL library sees it.

The library has no limit on what an evaluation costs and cannot be interrupted, so the cost is bounded by what is
allowed: no macros, no regular expressions, few functions, short texts, and one flat variable for each path.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final

MAX_TEXT: Final = 512
MAX_NESTING: Final = 20
METHODS: Final = frozenset({"startsWith", "endsWith", "contains"})
MACROS: Final = frozenset({"map", "filter", "all", "exists", "exists_one", "existsOne"})

_KEYWORDS: Final = frozenset({"true", "false", "null", "in"})
_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\n]+)
      | (?P<text>"[^"\\\n]*"|'[^'\\\n]*')
      | (?P<number>[0-9]{1,18}(?:\.[0-9]{1,18})?(?![\w.]))
      | (?P<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
      | (?P<method>\.[A-Za-z_]\w*)
      | (?P<sign>&&|\|\||[=!<>]=|[-<>!+*/%?:(),\[\]])""",
    re.VERBOSE | re.ASCII,
)


class ConditionRefused(Exception):
    """A condition that is not allowed, or that cannot be read."""


class Use(StrEnum):
    """What of a path's value the condition gets."""

    VALUE = "value"
    SIZE = "size"
    PRESENCE = "has"


@dataclass(frozen=True, slots=True)
class Fact:
    use: Use
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeashedText:
    """`text` is the condition with a variable in the place of each path; `facts` says what each variable stands for."""

    text: str
    facts: dict[str, Fact]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


@dataclass(slots=True)
class _Rewriting:
    tokens: list[_Token]
    roots: frozenset[str]
    position: int = 0
    written: list[str] = field(default_factory=list[str])
    names: dict[Fact, str] = field(default_factory=dict[Fact, str])

    def variable(self, fact: Fact) -> str:
        return self.names.setdefault(fact, f"v{len(self.names)}")

    def check_path(self, text: str) -> tuple[str, ...]:
        path = tuple(text.split("."))
        if path[0] not in self.roots or len(path) == 1:
            wanted = " or ".join(f"{root}.…" for root in sorted(self.roots))
            raise ConditionRefused(f"expected a path {wanted}, found {text!r}")
        return path

    def following(self, distance: int = 1) -> str:
        at = self.position + distance
        return self.tokens[at].text if at < len(self.tokens) else ""


def leash(text: str, *, roots: frozenset[str]) -> LeashedText:
    """`roots` are the names that paths may begin with. Raises: ConditionRefused, saying what is not allowed."""
    if len(text) > MAX_TEXT:
        raise ConditionRefused(f"has {len(text)} characters, at most {MAX_TEXT} are allowed")
    tokens = _tokens(text)
    _check_nesting(tokens)
    _check_brackets(tokens)
    work = _Rewriting(tokens, roots)
    while work.position < len(tokens):
        _rewrite_one(work)
    return LeashedText(" ".join(work.written), {name: fact for fact, name in work.names.items()})


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            raise ConditionRefused(f"cannot be read from {text[position : position + 20]!r} on")
        if found.lastgroup != "space":
            tokens.append(_Token(found.lastgroup, found.group()))
        position = found.end()
    return tokens


def _check_nesting(tokens: list[_Token]) -> None:
    depth = prefixes = 0
    for token in tokens:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        prefixes = prefixes + 1 if token.text in ("!", "-") else 0
        if max(depth, prefixes) > MAX_NESTING:
            raise ConditionRefused(f"is nested deeper than {MAX_NESTING}")


def _check_brackets(tokens: list[_Token]) -> None:
    """Square brackets make lists; they never look into a value."""
    for before, token in pairwise(tokens):
        is_value = before.text in (")", "]") or before.kind in ("text", "number", "path")
        if token.text == "[" and is_value and before.text not in _KEYWORDS:
            raise ConditionRefused("an index is not allowed; let a step pick the value")


def _rewrite_one(work: _Rewriting) -> None:
    token = work.tokens[work.position]
    match token.kind:
        case "path" if token.text in _KEYWORDS:
            work.written.append(token.text)
        case "path" if work.following() == "(":
            _rewrite_call(work, token.text.split("."))
        case "path":
            work.written.append(work.variable(Fact(Use.VALUE, work.check_path(token.text))))
        case "method":
            _check_method(token.text.removeprefix("."))
            work.written.append(token.text)
        case _:
            work.written.append(token.text)
    work.position += 1


def _rewrite_call(work: _Rewriting, path: list[str]) -> None:
    """`size(path)` and `has(path)` become variables; `path.contains(` keeps its method."""
    if len(path) > 1:
        _check_method(path[-1])
        of = work.check_path(".".join(path[:-1]))
        work.written.append(f"{work.variable(Fact(Use.VALUE, of))}.{path[-1]}")
        return
    if path[0] not in (Use.SIZE, Use.PRESENCE):
        _check_method(path[0])
        raise ConditionRefused(f"{path[0]!r} is called on a path: path.{path[0]}(...)")
    if work.following(3) != ")":
        raise ConditionRefused(f"{path[0]!r} takes one path")
    work.written.append(work.variable(Fact(Use(path[0]), work.check_path(work.following(2)))))
    work.position += 3


def _check_method(name: str) -> None:
    if name in MACROS:
        raise ConditionRefused(f"the macro {name!r} is not allowed")
    if name not in METHODS:
        raise ConditionRefused(
            f"the function {name!r} is not allowed; has, size, {', '.join(sorted(METHODS))} are"
        )
