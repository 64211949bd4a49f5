"""JSON Schema 2020-12 as agent types use it: which schemas are allowed, and what is wrong with a value.

Only what can be checked in bounded time and shown as a form: no references, no unknown fields, patterns that
are matched in linear time. What is refused is never repeated in a message.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, NoReturn
from zoneinfo import available_timezones

import jsonschema_rs
import rfc8785
from pydantic import JsonValue

from shared.contracts.agent_types import Finding, JsonSchema

MAX_SCHEMA_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 12
MAX_FINDINGS: Final = 50
CREDENTIAL: Final = "x-credential"
# Names that mean another zone on every machine, or none.
_NO_PLACE: Final = {"localtime", "Factory"}

_CREDENTIAL_KINDS: Final = ("exchange", "platform")
_REFERENCES: Final = frozenset({"$ref", "$dynamicRef", "$dynamicAnchor", "$anchor", "$id", "$defs"})
# Names that every object has in the language of the pages.
_NO_FIELD_NAMES: Final = frozenset({"__proto__", "constructor", "prototype"})
_UNUSABLE = (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError)
_PLAIN_WORD: Final = re.compile(r"[A-Za-z_]{1,40}")
_SHOWN: Final = "the value"
_META = jsonschema_rs.Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})


@dataclass(frozen=True, slots=True)
class CredentialField:
    """A credential ref in a configuration: where it stands, and what it must be a credential of."""

    field: str
    kind: str
    provider: str
    ref: JsonValue


def problems_of_schema(schema: JsonSchema, *, at: str) -> list[Finding]:
    """Say what keeps this from being a form's schema; `at` is where it stands in the definition."""
    if len(rfc8785.dumps(schema)) > MAX_SCHEMA_BYTES:
        return [Finding(field=at, message=f"is larger than {MAX_SCHEMA_BYTES} bytes")]
    found = [
        Finding(field=_dotted(at, error.instance_path), message=error.message) for error in _errors(schema)
    ]
    found += [Finding(field=where, message=message) for where, message in _leash(schema, at, depth=0)]
    if schema.get("type") != "object":
        found.append(Finding(field=at, message='must have "type": "object"'))
    if schema.get("additionalProperties") is not False:
        found.append(Finding(field=at, message='must have "additionalProperties": false'))
    return found or _uncompilable(schema, at)


def problems_of_value(schema: JsonSchema, value: JsonValue, *, is_complete: bool = True) -> list[Finding]:
    """Say what is missing or wrong in a value; in one that is not complete yet nothing is missing.

    Shape: `field` is a JSON pointer into the value, like `/coins/0`.
    """
    errors = islice(
        (
            error
            for error in _compiled(rfc8785.dumps(schema)).iter_errors(value)
            if is_complete or not isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required)
        ),
        MAX_FINDINGS,
    )
    return [
        Finding(
            field="".join(f"/{part}" for part in (*error.instance_path, *_named(error))),
            message=_message(error),
        )
        for error in errors
    ]


def find_field(schema: JsonSchema, pointer: str) -> JsonSchema | None:
    """Find the schema of a field by its JSON pointer."""
    found: JsonValue = schema
    for name in pointer.strip("/").split("/"):
        properties = found.get("properties") if isinstance(found, dict) else None
        found = properties.get(name) if isinstance(properties, dict) else None
    return found if isinstance(found, dict) else None


def find_value(config: JsonValue, pointer: str) -> JsonValue:
    """The value at a JSON pointer; None when there is none."""
    for name in pointer.strip("/").split("/"):
        config = config.get(name) if isinstance(config, dict) else None
    return config


def credential_fields(schema: JsonValue, value: JsonValue, *, at: str = "") -> Iterator[CredentialField]:
    """Find the credential refs that a value holds, wherever the schema says that one stands."""
    if not isinstance(schema, dict):
        return
    hint = schema.get(CREDENTIAL)
    if isinstance(hint, dict) and value is not None:
        yield CredentialField(at, str(hint.get("kind")), str(hint.get("provider")), value)
    properties = schema.get("properties")
    if isinstance(value, dict) and isinstance(properties, dict):
        for name, item in value.items():
            yield from credential_fields(properties.get(name), item, at=f"{at}/{name}")


def credential_hint(field: JsonSchema) -> tuple[str, str] | None:
    """Shape: the kind and the provider of the credential whose ref this field takes."""
    hint = field.get(CREDENTIAL)
    return (str(hint.get("kind")), str(hint.get("provider"))) if isinstance(hint, dict) else None


def _errors(schema: JsonSchema) -> list[jsonschema_rs.ValidationError]:
    return list(_META.iter_errors(schema))


def _leash(schema: JsonValue, at: str, *, depth: int) -> Iterator[tuple[str, str]]:
    if depth > MAX_DEPTH:
        yield at, f"is nested deeper than {MAX_DEPTH}"
        return
    match schema:
        case list():
            for index, item in enumerate(schema):
                yield from _leash(item, f"{at}[{index}]", depth=depth + 1)
        case dict():
            for name, item in schema.items():
                yield from _leash_keyword(name, item, f"{at}.{name}")
                yield from _leash(item, f"{at}.{name}", depth=depth + 1)
        case _:
            return


def _leash_keyword(name: str, value: JsonValue, at: str) -> Iterator[tuple[str, str]]:
    if name in _NO_FIELD_NAMES:
        yield at, "is not a name that a field can have"
    if name in _REFERENCES:
        yield at, "is not supported here: write the field's schema in its place"
    if name == CREDENTIAL and not _is_credential_hint(value):
        yield at, 'must be {"kind": "exchange" or "platform", "provider": a name}'


def _is_credential_hint(hint: JsonValue) -> bool:
    return (
        isinstance(hint, dict)
        and set(hint) == {"kind", "provider"}
        and hint["kind"] in _CREDENTIAL_KINDS
        and isinstance(hint["provider"], str)
    )


def _uncompilable(schema: JsonSchema, at: str) -> list[Finding]:
    try:
        _compiled(rfc8785.dumps(schema))
    except _UNUSABLE as error:
        return [Finding(field=at, message=f"cannot be used: {str(error).splitlines()[0]}")]
    return []


@lru_cache(maxsize=256)
def _compiled(schema: bytes) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        schema.decode(),
        validate_formats=True,
        formats={"timezone": _is_timezone},
        pattern_options=jsonschema_rs.RegexOptions(),
        retriever=_no_retrieval,
        mask=_SHOWN,
    )


def _is_timezone(name: str) -> bool:
    return name in _timezones()


@lru_cache(maxsize=1)
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_PLACE


def _no_retrieval(uri: str) -> NoReturn:
    raise ValueError(f"nothing is fetched for a schema: {uri}")


def _named(error: jsonschema_rs.ValidationError) -> list[str]:
    """The field that an error about an object means. An unknown one is input: only a plain word is repeated."""
    match error.kind:
        case jsonschema_rs.ValidationErrorKind.Required(property=str(name)):
            return [name]
        case jsonschema_rs.ValidationErrorKind.AdditionalProperties(unexpected=names):
            return [name for name in names[:1] if _PLAIN_WORD.fullmatch(name)]
        case _:
            return []


def _message(error: jsonschema_rs.ValidationError) -> str:
    match error.kind:
        case jsonschema_rs.ValidationErrorKind.Required():
            return "is missing"
        case jsonschema_rs.ValidationErrorKind.AdditionalProperties():
            return "is not known, or is one of several fields that are not"
        case jsonschema_rs.ValidationErrorKind.FalseSchema():
            return "is not allowed here"
        case jsonschema_rs.ValidationErrorKind.Format(format="timezone"):
            return "must be the name of a time zone, like Asia/Kolkata"
        case jsonschema_rs.ValidationErrorKind.Format(format=str(name)):
            return f"must be a {name}"
        case _:
            return error.message.removeprefix(f"{_SHOWN} ")


def _dotted(at: str, path: "list[str | int]") -> str:
    return at + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
