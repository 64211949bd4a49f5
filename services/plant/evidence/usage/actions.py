"""Counting work that was done without an action being decided on: a goal run that only reports, or drafts posts."""

from plant.evidence.model import Subject, Usage
from plant.evidence.usage import store
from shared.db import TenantSession


async def record(session: TenantSession, usage: Usage, *, subject: Subject) -> None:
    """Requires: the transaction that the work takes effect in."""
    await store.insert(session, usage, subject=subject)
