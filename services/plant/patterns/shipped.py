"""The patterns that ship with Plant, one JSON file each in `library/`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from pydantic import JsonValue

from plant.patterns.capabilities import CapabilityRegistry
from plant.patterns.loaded import LoadedPattern
from plant.patterns.loader import load_pattern

_LIBRARY: Final = Path(__file__).with_name("library")


def read_definitions() -> dict[str, Mapping[str, JsonValue]]:
    """Shape: by pattern id, as written."""
    read = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(_LIBRARY.glob("*.json")))
    definitions = cast("list[dict[str, JsonValue]]", list(read))  # json gives Any; loading checks it
    return {str(one["pattern_id"]): one for one in definitions}


def load_shipped(registry: CapabilityRegistry) -> dict[str, LoadedPattern]:
    """Raises: PatternInvalid."""
    return {
        name: load_pattern(definition, registry=registry) for name, definition in read_definitions().items()
    }
