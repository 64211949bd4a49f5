"""`{{inputs.x.y}}` and `{{steps.id.path ?? default}}` in the values of a pattern: parsed once, resolved in each run.

A text that is one reference keeps the type of what it refers to; a reference within a text gives text. What a
reference brings in is never looked at again, so text from a customer cannot become a reference.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from pydantic import JsonValue

from plant.patterns.values import MAX_DEPTH, Scope, find_value

MAX_REFERENCES: Final = 64
ROOTS: Final = ("inputs", "steps")

_PATH: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,99})*", re.ASCII)
_SPACE: Final = re.compile(r"[ \t]*")
_POSITION: Final = re.compile(r"[0-9]+")
_MAX_POSITION_DIGITS: Final = 6
_LITERAL: Final = json.JSONDecoder()

Resolve = Callable[[Scope], JsonValue]


class MissingValue(Exception):
    """A reference without a default found nothing, or nothing that can stand in a text."""


@dataclass(frozen=True, slots=True)
class Reference:
    path: tuple[str, ...]
    has_default: bool = False
    default: JsonValue = None

    @property
    def name(self) -> str:
        return ".".join(self.path)

    @property
    def step_id(self) -> str | None:
        return self.path[1] if self.path[0] == "steps" else None

    def resolve(self, scope: Scope) -> JsonValue:
        """The default stands for what is missing and for null. Raises: MissingValue."""
        is_there, value = find_value(scope, self.path)
        if self.has_default and (not is_there or value is None):
            return self.default
        if not is_there:
            raise MissingValue(f"there is no value at {self.name!r}; write `?? default` if it may be missing")
        return value

    def as_text(self, scope: Scope) -> str:
        value = self.resolve(scope)
        if isinstance(value, str):
            return value
        if value is None or isinstance(value, list | dict):
            raise MissingValue(f"{self.name!r} is null, a list or an object and cannot stand within a text")
        return json.dumps(value)


@dataclass(frozen=True, slots=True)
class Template:
    """A value as it was written, the references in it, and the function that resolves them."""

    value: JsonValue
    references: tuple[Reference, ...]
    resolve: Resolve


@dataclass(frozen=True, slots=True)
class BadReference(Exception):
    """`path` is where in the value: dots and positions, empty for the value itself."""

    path: str
    message: str


def parse_template(value: JsonValue) -> Template:
    """Raises: BadReference for the first place that cannot be read."""
    references: list[Reference] = []
    resolve = _compile(value, "", references, depth=0)
    if len(references) > MAX_REFERENCES:
        raise BadReference("", f"has {len(references)} references, at most {MAX_REFERENCES} are allowed")
    return Template(value, tuple(references), resolve)


def parse_text(text: str) -> list[str | Reference]:
    """Shape: the pieces of a text in their order, literal ones and references. Raises: ValueError."""
    pieces: list[str | Reference] = []
    position = 0
    while (start := text.find("{{", position)) >= 0:
        if start > position:
            pieces.append(text[position:start])
        reference, position = _parse_reference(text, start + 2)
        pieces.append(reference)
    if position < len(text):
        pieces.append(text[position:])
    return pieces


def _parse_reference(text: str, start: int) -> tuple[Reference, int]:
    found = _PATH.match(text, _skip_space(text, start))
    if found is None:
        raise ValueError(f"expected a path after '{{{{', found {text[start : start + 20]!r}")
    path = _check_path(tuple(found.group().split(".")))
    position = _skip_space(text, found.end())
    has_default = text.startswith("??", position)
    default: JsonValue = None
    if has_default:
        default, position = _parse_default(text, position + 2)
    if not text.startswith("}}", position):
        raise ValueError(f"expected '}}}}' or '?? default' after {found.group()!r}")
    return Reference(path, has_default, default), position + 2


def _parse_default(text: str, start: int) -> tuple[JsonValue, int]:
    try:
        default, position = _LITERAL.raw_decode(text, _skip_space(text, start))
    except (ValueError, RecursionError) as error:
        raise ValueError("expected a JSON value after '??'") from error
    return cast("JsonValue", default), _skip_space(text, position)  # the decoder is untyped


def _check_path(path: tuple[str, ...]) -> tuple[str, ...]:
    if path[0] not in ROOTS:
        raise ValueError(f"{'.'.join(path)!r} starts with neither 'inputs' nor 'steps'")
    if path[0] == "steps" and len(path) == 1:
        raise ValueError("'steps' names no step")
    if any(_POSITION.fullmatch(part) and len(part) > _MAX_POSITION_DIGITS for part in path):
        raise ValueError("a position has at most six digits")
    return path


def _skip_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _compile(value: JsonValue, where: str, references: list[Reference], *, depth: int) -> Resolve:
    if depth > MAX_DEPTH:
        raise BadReference(where, f"is nested deeper than {MAX_DEPTH}")
    match value:
        case str() if "{{" in value:
            return _compile_text(value, where, references)
        case list():
            items = [
                _compile(item, f"{where}.{index}".lstrip("."), references, depth=depth + 1)
                for index, item in enumerate(value)
            ]
            return lambda scope: [item(scope) for item in items]
        case dict():
            fields = {
                key: _compile(item, f"{where}.{key}".lstrip("."), references, depth=depth + 1)
                for key, item in value.items()
            }
            return lambda scope: {key: field(scope) for key, field in fields.items()}
        case _:
            return lambda _scope: value


def _compile_text(text: str, where: str, references: list[Reference]) -> Resolve:
    try:
        pieces = parse_text(text)
    except ValueError as error:
        raise BadReference(where, str(error)) from error
    references.extend(piece for piece in pieces if isinstance(piece, Reference))
    match pieces:
        case [Reference() as whole]:
            return whole.resolve
        case _:
            return lambda scope: "".join(
                piece if isinstance(piece, str) else piece.as_text(scope) for piece in pieces
            )
