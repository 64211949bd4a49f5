"""Revoking every live approval at once, after a restore: some of them may have been used since the backup."""

from shared.approvals import store
from shared.contracts.approvals import DeliverRevocation
from shared.db import OversightSession
from shared.outbox.actions import post
from shared.outbox.model import MessageKind


async def revoke_live(session: OversightSession, *, because: str) -> int:
    """Revoke them here, for the vault, and tell Plant, which may know of a use; return how many.

    Requires: the transaction that also withdraws approvals that wait for their delivery.
    """
    revoked = await store.revoke_live(session, reason=because)
    for customer_id, approval_id in revoked:
        await post(
            session,
            kind=MessageKind.REVOCATION,
            subject=approval_id,
            customer_id=customer_id,
            method="POST",
            path="/internal/v1/approval-revocations",
            body=DeliverRevocation(approval_id=approval_id).model_dump(mode="json"),
        )
    return len(revoked)
