"""The patterns that ship are right."""

from plant.agents.registered import all_capabilities
from plant.patterns.shipped import load_shipped, read_definitions


def test_every_shipped_pattern_loads() -> None:
    loaded = load_shipped(all_capabilities())

    assert "general.reminder.v1" in loaded
    assert loaded.keys() == read_definitions().keys()
    assert all(pattern.pattern_id == name for name, pattern in loaded.items())
