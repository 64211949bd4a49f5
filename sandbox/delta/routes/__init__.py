"""Endpoints of the imitated exchange by theme; each file ends in its table of routes."""
