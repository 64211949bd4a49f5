"""Checks at load of what a step gives its capability: names, fixed values, and the types of what references bring."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, cast

from pydantic import BaseModel, JsonValue, ValidationError

from plant.patterns.input_schema import Found, type_name
from plant.patterns.references import Reference, parse_text
from plant.patterns.values import encode

Schema = Mapping[str, JsonValue]
FindSchema = Callable[[Reference], tuple[Schema, tuple[str, ...]] | None]
"""The schema that a reference looks into and the path within it; None when there is none."""

_NUMERIC: Final = frozenset({"integer", "number"})


class NoSuchPath(Exception):
    """A path that a schema rules out."""


def check_arguments(
    given: Mapping[str, JsonValue], *, args: type[BaseModel], find_schema: FindSchema
) -> Iterator[Found]:
    """Where in `with`, and what is wrong. Requires: references that have been parsed before."""
    fixed = {name: value for name, value in given.items() if not _refers(value)}
    yield from _check_fixed(fixed, args, referring=given.keys() - fixed.keys())
    schema = cast("Schema", args.model_json_schema(by_alias=True))  # pydantic types it as a dictionary of Any
    for name in sorted(given.keys() - fixed.keys()):
        expected = _walk(schema, schema, (name,))
        if expected:
            yield from _check_type(given[name], expected, name, find_schema)


def types_at(schema: Schema, path: tuple[str, ...]) -> frozenset[str] | None:
    """The types that a value at the path may have; None when the schema does not say. Raises: NoSuchPath."""
    found = _walk(schema, schema, path)
    if found is not None and not found:
        raise NoSuchPath(".".join(path))
    return found


def _check_fixed(
    fixed: Mapping[str, JsonValue], args: type[BaseModel], *, referring: set[str]
) -> Iterator[Found]:
    """What references bring is missing here, so that it is missing is no error."""
    names = {field.alias or name for name, field in args.model_fields.items()}
    for name in sorted(referring - names):
        yield name, f"is no argument of this capability; it takes {', '.join(sorted(names)) or 'none'}"
    try:
        args.model_validate_json(encode(dict(fixed)), strict=True)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False, include_input=False):
            if one["loc"][:1] and one["loc"][0] in referring:
                continue
            yield ".".join(str(part) for part in one["loc"]), one["msg"]


def _check_type(
    value: JsonValue, expected: frozenset[str], name: str, find_schema: FindSchema
) -> Iterator[Found]:
    found = _types_of(value, find_schema)
    if found is None or _fits(found, expected):
        return
    yield name, f"expects {' or '.join(sorted(expected))}, this gives {' or '.join(sorted(found))}"


def _types_of(value: JsonValue, find_schema: FindSchema) -> frozenset[str] | None:
    if not isinstance(value, str):
        return frozenset({type_name(value)})
    match parse_text(value):
        case [Reference() as reference]:
            return _types_of_reference(reference, find_schema)
        case _:
            return frozenset({"string"})


def _types_of_reference(reference: Reference, find_schema: FindSchema) -> frozenset[str] | None:
    source = find_schema(reference)
    if source is None:
        return None
    try:
        found = types_at(*source)
    except NoSuchPath:
        return None
    default = {type_name(reference.default)} if reference.has_default else set[str]()
    return None if found is None else found | default


def _fits(found: frozenset[str], expected: frozenset[str]) -> bool:
    if found & expected:
        return True
    return bool(found & _NUMERIC and expected & _NUMERIC)


def _walk(schema: JsonValue | Schema, root: Schema, path: tuple[str, ...]) -> frozenset[str] | None:
    """The types at the path: None for unknown, empty for a path that cannot be."""
    if not isinstance(schema, Mapping):
        return frozenset() if schema is False else None
    target = schema.get("$ref")
    if isinstance(target, str):
        return _walk(_definition(root, target), root, path)
    branches = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(branches, list):
        return _union(_walk(branch, root, path) for branch in branches)
    if path:
        return _walk_into(schema, root, path)
    return _own_types(schema)


def _walk_into(schema: Schema, root: Schema, path: tuple[str, ...]) -> frozenset[str] | None:
    types = _own_types(schema)
    head, rest = path[0], path[1:]
    if types is not None and not types & {"object", "array"}:
        return frozenset()
    if head.isdecimal() and "items" in schema:
        return _walk(schema["items"], root, rest)
    properties = schema.get("properties")
    if isinstance(properties, dict) and head in properties:
        return _walk(properties[head], root, rest)
    return _walk(schema.get("additionalProperties", True), root, rest)


def _union(branches: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    together: set[str] = set()
    for types in branches:
        if types is None:
            return None
        together |= types
    return frozenset(together)


def _own_types(schema: Schema) -> frozenset[str] | None:
    match schema.get("type"):
        case str(name):
            return frozenset({name})
        case list(names):
            return frozenset(str(name) for name in names)
        case _:
            return None


def _definition(root: Schema, target: str) -> JsonValue:
    definitions = root.get("$defs")
    name = target.removeprefix("#/$defs/")
    return definitions.get(name, True) if isinstance(definitions, dict) else True


def _refers(value: JsonValue) -> bool:
    match value:
        case str():
            return "{{" in value
        case list():
            return any(_refers(item) for item in value)
        case dict():
            return any(_refers(item) for item in value.values())
        case _:
            return False
