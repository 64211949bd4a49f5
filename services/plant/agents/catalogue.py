"""The capability registry for the docs, made from the code: `python -m plant.agents.catalogue`."""

import sys
from collections.abc import Mapping
from typing import Final, cast

from pydantic import BaseModel, JsonValue

from plant.agents.registered import all_capabilities
from plant.patterns.capabilities import Capability

_INTRODUCTION: Final = """# Capabilities

Generated from the code by `python -m plant.agents.catalogue > docs/capabilities.md` with `services` on the import
path; a test keeps it current. How steps use them is in [patterns.md](patterns.md). An argument without a default
must be given. Decimals are texts.
"""


def render() -> str:
    return _INTRODUCTION + "".join(_section(one) for one in all_capabilities().all())


def _section(one: Capability) -> str:
    cached = ", cached" if one.cacheable else ""
    needs = f"Needs {', '.join(kind.__name__ for kind in one.needs)}. " if one.needs else ""
    return (
        f"\n## {one.reference}\n\n{one.summary} {needs}Agent `{one.agent}`, {one.kind}{cached}.\n\n"
        "| Argument | Type | Default |\n| --- | --- | --- |\n"
        f"{_rows(one.args, mode_is_input=True)}\n"
        "| Result | Type |\n| --- | --- |\n"
        f"{_rows(one.result, mode_is_input=False)}"
    )


def _rows(model: type[BaseModel], *, mode_is_input: bool) -> str:
    made = model.model_json_schema(by_alias=True, mode="validation" if mode_is_input else "serialization")
    schema = cast("Mapping[str, JsonValue]", made)  # pydantic types it as a dictionary of Any
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return ""
    return "".join(
        f"| `{name}` | {_type(part, schema)} |{_default(part) if mode_is_input else ''}\n"
        for name, part in properties.items()
    )


def _default(part: JsonValue) -> str:
    default = part.get("default") if isinstance(part, dict) and "default" in part else ""
    return f" {'null' if default is None else default} |"


def _type(part: JsonValue, root: Mapping[str, JsonValue]) -> str:
    match part, root.get("$defs"):
        case {"anyOf": list(branches)}, _:
            return " or ".join(dict.fromkeys(_type(branch, root) for branch in branches))
        case {"$ref": str(target)}, dict() as definitions:
            return _type(definitions.get(target.rpartition("/")[2]), root)
        case {"enum": list(options)}, _:
            return "one of " + ", ".join(f"`{option}`" for option in options)
        case {"type": "array", "items": items}, _:
            return f"list of {_type(items, root)}"
        case {"type": str(name)}, _:
            return name
        case _:
            return "any"


if __name__ == "__main__":
    sys.stdout.write(render())
