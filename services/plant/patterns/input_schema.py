"""The JSON Schema of a pattern's inputs: the keywords that are understood, checked at load, applied in each run.

A keyword that is not listed here is refused at load, so none is ever silently ignored.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue

from plant.patterns.values import MAX_DEPTH

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_NUMBERS: Final = frozenset({"minimum", "maximum"})
_COUNTS: Final = frozenset({"minLength", "maxLength", "minItems", "maxItems"})
_ANNOTATIONS: Final = frozenset({"$schema", "title", "description", "default", "examples", "format"})
_APPLIED: Final = frozenset(
    {"type", "properties", "required", "additionalProperties", "items", "enum", "const"}
)
_KNOWN: Final = _NUMBERS | _COUNTS | _ANNOTATIONS | _APPLIED

Found = tuple[str, str]
"""Where, as dots and positions, and what is wrong there."""


def check_schema(schema: JsonValue, *, where: str = "", depth: int = 0) -> Iterator[Found]:
    """What makes the schema unusable."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        yield where, "a schema is an object, true or false"
        return
    if depth > MAX_DEPTH:
        yield where, f"is nested deeper than {MAX_DEPTH}"
        return
    for keyword, value in schema.items():
        problem = _keyword_problem(keyword, value)
        if problem:
            yield _under(where, keyword), problem
    for path, part in _parts(schema):
        yield from check_schema(part, where=_under(where, path), depth=depth + 1)


def check_value(value: JsonValue, *, schema: JsonValue, where: str) -> Iterator[Found]:
    """What in the value does not fit. Requires: a schema without problems."""
    if not isinstance(schema, dict):
        if schema is False:
            yield where, "is not allowed"
        return
    types = _as_list(schema.get("type"))
    if types and not any(_is_of_type(value, name) for name in types):
        yield where, f"expected {' or '.join(str(name) for name in types)}, found {type_name(value)}"
        return
    yield from ((where, problem) for problem in _value_problems(value, schema))
    if isinstance(value, dict):
        yield from _check_object(value, schema, where)
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from check_value(item, schema=schema["items"], where=_under(where, str(index)))


def type_name(value: JsonValue) -> str:
    """The name of a value's type in JSON Schema."""
    return next((name for name in _TYPES if _is_of_type(value, name)), "object")


def _is_of_type(value: JsonValue, name: JsonValue) -> bool:
    """By the exact type: true and 1 are two types in JSON."""
    return isinstance(name, str) and type(value) in _TYPES[name]


def _keyword_problem(keyword: str, value: JsonValue) -> str | None:
    match keyword:
        case "type":
            names = _as_list(value)
            good = bool(names) and all(isinstance(name, str) and name in _TYPES for name in names)
        case "properties":
            good = isinstance(value, dict)
        case "required":
            good = isinstance(value, list) and all(isinstance(name, str) for name in value)
        case "enum":
            good = isinstance(value, list)
        case _ if keyword in _NUMBERS:
            good = _is_of_type(value, "number")
        case _ if keyword in _COUNTS:
            good = isinstance(value, int) and _is_of_type(value, "integer") and value >= 0
        case _:
            good = True
            if keyword not in _KNOWN and not keyword.startswith("x-"):
                return f"the keyword {keyword!r} is not understood here"
    return None if good else f"{keyword!r} has an unusable value"


def _parts(schema: dict[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    properties = schema.get("properties")
    if isinstance(properties, dict):
        yield from ((f"properties.{name}", part) for name, part in properties.items())
    yield from ((key, schema[key]) for key in ("items", "additionalProperties") if key in schema)


def _value_problems(value: JsonValue, schema: dict[str, JsonValue]) -> Iterator[str]:
    options = schema.get("enum")
    if isinstance(options, list) and not any(_same(value, option) for option in options):
        yield "is none of the values allowed"
    if "const" in schema and not _same(value, schema["const"]):
        yield "is not the value expected"
    if isinstance(value, int | float) and _is_of_type(value, "number"):
        yield from _bounds(value, schema, "minimum", "maximum", "is")
    if isinstance(value, str):
        yield from _bounds(len(value), schema, "minLength", "maxLength", "its length is")
    if isinstance(value, list):
        yield from _bounds(len(value), schema, "minItems", "maxItems", "its number of items is")


def _bounds(
    measure: float, schema: dict[str, JsonValue], least: str, most: str, subject: str
) -> Iterator[str]:
    low, high = schema.get(least), schema.get(most)
    if isinstance(low, int | float) and measure < low:
        yield f"{subject} below {low}"
    if isinstance(high, int | float) and measure > high:
        yield f"{subject} above {high}"


def _check_object(value: dict[str, JsonValue], schema: dict[str, JsonValue], where: str) -> Iterator[Found]:
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    others = schema.get("additionalProperties", True)
    for name in _as_list(schema.get("required", [])):
        if isinstance(name, str) and name not in value:
            yield _under(where, name), "is missing"
    for name, item in value.items():
        yield from check_value(item, schema=known.get(name, others), where=_under(where, name))


def _same(left: JsonValue, right: JsonValue) -> bool:
    """True and 1 differ in JSON."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _as_list(value: JsonValue) -> list[JsonValue]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _under(where: str, part: str) -> str:
    return f"{where}.{part}" if where else part
