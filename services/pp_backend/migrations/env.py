"""Alembic's entry point; everything is in shared/migrations.py."""

from shared.migrations import run_revision_scripts

run_revision_scripts()
