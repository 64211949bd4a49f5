"""The capabilities of all agents, in one visible place: who writes an agent adds its tuple here."""

from plant.agents import general, marketing, trading
from plant.patterns.capabilities import CapabilityRegistry


def all_capabilities() -> CapabilityRegistry:
    """Raises: DuplicateCapability."""
    return CapabilityRegistry((*general.CAPABILITIES, *trading.CAPABILITIES, *marketing.CAPABILITIES))
