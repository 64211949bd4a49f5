"""Fixtures: both portals in this process, with one set of keys for all that is stored in the session's databases."""

from tests.portal_fixtures import cp, four_eyes_pp, keys, pp

__all__ = ["cp", "four_eyes_pp", "keys", "pp"]
