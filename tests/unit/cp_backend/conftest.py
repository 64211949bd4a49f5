"""Fixtures: both portals in this process."""

from tests.portal_fixtures import cp, keys, pp

__all__ = ["cp", "keys", "pp"]
