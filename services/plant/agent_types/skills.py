"""What a definition may bind a goal to: the patterns of the library and the definition's own, and the readers.

Goal runs get their pattern here too, so that what is published and what is run are the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plant.patterns.capabilities import CapabilityRegistry
from plant.patterns.loaded import LoadedPattern
from plant.patterns.loader import load_pattern
from shared.contracts.agent_types import AgentTypeDefinition, JsonObject

READERS = frozenset({"account_limits", "account_snapshot", "calendar", "recent_attempts"})
LIBRARY = Path(__file__).parent.parent / "patterns" / "library"


@dataclass(frozen=True, slots=True)
class Skills:
    """`asking_models` names the capabilities that ask a language model: no deterministic type may use them."""

    registry: CapabilityRegistry
    library: Mapping[str, LoadedPattern]
    readers: frozenset[str] = READERS
    asking_models: frozenset[str] = field(default_factory=frozenset[str])

    def load(self, pattern: JsonObject) -> LoadedPattern:
        """Raises: PatternInvalid."""
        return load_pattern(pattern, registry=self.registry)

    def find(self, definition: AgentTypeDefinition, skill_binding: str) -> LoadedPattern | None:
        """Find a pattern of the definition's own, else one of the library. Raises: PatternInvalid."""
        own = (pattern for pattern in definition.patterns if pattern.get("pattern_id") == skill_binding)
        found = next(own, None)
        return self.load(found) if found is not None else self.library.get(skill_binding)

    def models_asked_by(self, pattern: LoadedPattern) -> frozenset[str]:
        used = {step.call.capability.name for step in pattern.steps}
        return self.asking_models & used


def open_skills(registry: CapabilityRegistry, *, folder: Path = LIBRARY) -> Skills:
    """Load the whole library. Raises: PatternInvalid."""
    loaded = [
        load_pattern(json.loads(path.read_text(encoding="utf-8")), registry=registry)
        for path in _files(folder)
    ]
    return Skills(registry, {pattern.pattern_id: pattern for pattern in loaded})


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))
