"""All customers' audit chains together: how far checkpoints are behind, and the mark that a restore leaves."""

from datetime import datetime

from plant.evidence.actions import record_event
from plant.evidence.heads import store
from plant.evidence.model import Subject
from shared.correlation import current_correlation_id
from shared.db import Database, OversightSession
from shared.metrics import AUDIT_UNCHECKPOINTED


async def measure(database: Database) -> None:
    async with database.oversight(actor="service:gauges") as session:
        AUDIT_UNCHECKPOINTED.set(await store.uncheckpointed_s(session))


async def record_restore(session: OversightSession, *, taken_at: datetime) -> int:
    """Say in every chain that it goes on from a backup; return how many there are."""
    customers = await store.customers(session)
    for customer_id in customers:
        subject = Subject(customer_id, current_correlation_id(), session.actor)
        facts = {"backup_taken_at": taken_at.isoformat()}
        await record_event(session, subject=subject, kind="backup.restored", facts=facts)
    return len(customers)
