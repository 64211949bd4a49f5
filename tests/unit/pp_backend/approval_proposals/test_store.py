"""What the database itself refuses the platform portal: a proposal's words, and whatever is decided or over."""

import asyncpg
import pytest

from tests.unit.pp_backend.approval_proposals.people import People

CHANGES = (
    "state = 'waiting', decided_by = NULL, decided_at = NULL, approval_id = NULL",
    "decided_by = gen_random_uuid()",
    "decline_notes = 'as if nothing had been'",
    "approval_id = gen_random_uuid()",
    "expires_at = now()",
)


@pytest.mark.parametrize("how", ["confirmed", "declined"])
async def test_decided_proposal_cannot_be_changed(people: People, how: str) -> None:
    proposal = await people.proposed()
    await (people.confirm(proposal) if how == "confirmed" else people.decline(proposal))
    before = await people.see(proposal)
    assert before["state"] == how

    for change in CHANGES:
        with pytest.raises(asyncpg.RaiseError, match="immutable"):
            await update(people, proposal["proposal_id"], change)

    assert await people.see(proposal) == before


async def test_proposal_that_is_over_cannot_be_decided_or_made_to_wait_again(people: People) -> None:
    proposal = await people.proposed()
    await people.let_pass(proposal)

    for change in (
        "state = 'declined', decided_by = gen_random_uuid(), decided_at = now()",
        "expires_at = now() + interval '1 hour'",
    ):
        with pytest.raises(asyncpg.RaiseError, match="immutable"):
            await update(people, proposal["proposal_id"], change)


async def test_proposal_cannot_be_made_to_wait_longer(people: People) -> None:
    proposal = await people.proposed()

    with pytest.raises(asyncpg.RaiseError, match="no longer"):
        await update(people, proposal["proposal_id"], "expires_at = expires_at + interval '1 second'")


@pytest.mark.parametrize(
    "column",
    [
        "proposal_id",
        "customer_id",
        "deliverable_id",
        "request",
        "action",
        "action_hash",
        "proposed_by",
        "proposed_at",
    ],
)
async def test_what_was_proposed_cannot_be_changed(people: People, column: str) -> None:
    proposal = await people.proposed()

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await update(people, proposal["proposal_id"], f"{column} = {column}")


async def update(people: People, proposal_id: str, change: str) -> None:
    """As the portal's own role."""
    await people.change(f"UPDATE approval_proposals SET {change} WHERE proposal_id = $1", proposal_id)  # noqa: S608  constants
