"""Fixtures: the customer portal in this process, as the vault."""

from tests.portal_fixtures import cp, keys

__all__ = ["cp", "keys"]
