"""Where four eyes are demanded: nothing is signed until a second operator has confirmed the very same action."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from pp_backend.approval_proposals import store
from pp_backend.approval_proposals.actions import end_waiting
from shared.approvals.verify import verify_approval
from shared.contracts.sign_in import Role
from shared.ids import uuid7
from tests.plant_double import create_action
from tests.unit.pp_backend.approval_proposals.people import (
    APPROVALS,
    PROPOSALS,
    People,
    confirm,
    reason,
    request_of,
)

SOMETHING = "5b0c6a52-9a5c-4d6e-8f51-0d7f3a2c9e10"
OTHER_HASH = "sha256:" + "0" * 64
PROPOSE_AGAIN = """
INSERT INTO approval_proposals (proposal_id, customer_id, request, action, action_hash, proposed_by, expires_at)
SELECT $2, customer_id, request, action, action_hash, proposed_by, expires_at
FROM approval_proposals WHERE proposal_id = $1
"""


async def test_proposal_signs_nothing_and_says_who_proposed_what(people: People) -> None:
    draft = people.draft()

    answer = await people.ask(draft)

    proposal = answer.json()
    assert answer.status_code == 202
    assert (proposal["state"], proposal["proposed_by"]) == ("waiting", str(people.first_id))
    assert proposal["action"] == draft["draft"]["action"]
    assert (proposal["consent"]["reference"], proposal["notes"]) == ("call 17", "as asked for")
    assert (proposal["decided_by"], proposal["approval_id"]) == (None, None)
    assert people.delivered() == []
    listed = await people.second.get(APPROVALS, params={"deliverable_id": draft["deliverable_id"]})
    assert listed.json()["items"] == []
    assert await people.see(proposal) == proposal


async def test_second_operator_confirms_and_both_names_are_signed(people: People) -> None:
    proposal = await people.proposed()

    answer = await people.confirm(proposal)

    approval = answer.json()
    assert answer.status_code == 201, answer.text
    assert approval["approver"] == {
        "type": "operator",
        "id": str(people.first_id),
        "method": "assisted",
        "consent": proposal["consent"],
        "confirmed_by": str(people.second_id),
    }
    assert (approval["delivered"], approval["notes"]) == (True, "as asked for")
    (statement,) = people.delivered()
    claims = verify_approval(statement, trust=people.portal.portal.trust, four_eyes=True)
    assert claims.approver.model_dump(mode="json") == approval["approver"]
    seen = await people.see(proposal)
    assert (seen["state"], seen["decided_by"], seen["approval_id"]) == (
        "confirmed",
        str(people.second_id),
        approval["approval_id"],
    )


async def test_nobody_confirms_their_own_proposal(people: People) -> None:
    proposal = await people.proposed()

    answer = await confirm(people.first, proposal)

    assert reason(answer) == (403, "second_operator_required")
    assert (await people.see(proposal))["state"] == "waiting"
    assert people.delivered() == []


async def test_other_hash_than_the_second_was_shown_is_refused(people: People) -> None:
    proposal = await people.proposed()

    answer = await people.confirm(proposal, action_hash=OTHER_HASH)

    assert reason(answer) == (409, "action_changed")
    assert people.delivered() == []
    assert "PUT /internal/v1/policy-denials" in people.portal.plant.paths()
    assert (await people.confirm(proposal)).status_code == 201


async def test_action_that_changed_since_the_proposal_is_not_signed(people: People) -> None:
    draft = people.draft()
    proposal = await people.propose(draft)
    action = create_action(people.customer_id, size="9")
    people.portal.plant.deliverables[draft["deliverable_id"]]["draft"]["action"] = action.model_dump(
        mode="json"
    )

    answers = [
        await people.confirm(proposal),
        await people.confirm(proposal, action_hash=action.action_hash()),
    ]

    assert [reason(answer) for answer in answers] == [(409, "action_changed")] * 2
    assert people.delivered() == []


async def test_of_many_confirmations_at_once_one_is_signed(people: People) -> None:
    proposal = await people.proposed()
    _, third = await people.portal.operator(Role.OPERATOR)

    answers = await asyncio.gather(
        *(confirm(http, proposal) for http in (people.second, third, people.second, third, third))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert len(people.delivered()) == 1
    assert reason(await people.confirm(proposal)) == (409, "proposal_decided")


async def test_declined_proposal_cannot_be_confirmed(people: People) -> None:
    proposal = await people.proposed()

    declined = await people.decline(proposal, notes="the reference is not that call's")

    assert (declined.status_code, declined.json()["state"]) == (200, "declined")
    assert declined.json()["decline_notes"] == "the reference is not that call's"
    assert declined.json()["decided_by"] == str(people.second_id)
    assert reason(await people.confirm(proposal)) == (409, "proposal_decided")
    assert reason(await people.decline(proposal)) == (409, "proposal_decided")


async def test_proposer_withdraws_and_proposes_anew(people: People) -> None:
    draft = people.draft()
    proposal = await people.propose(draft)

    withdrawn = await people.first.post(f"{PROPOSALS}/{proposal['proposal_id']}/decline", json={})

    assert withdrawn.json()["decided_by"] == str(people.first_id)
    assert (await people.confirm(await people.propose(draft))).status_code == 201


async def test_proposal_of_an_order_lasts_half_an_hour_on_the_databases_clock(people: People) -> None:
    draft = people.draft()
    proposal = await people.propose(draft)
    lasts = datetime.fromisoformat(proposal["expires_at"]) - datetime.fromisoformat(proposal["proposed_at"])

    await people.let_pass(proposal)

    assert lasts == timedelta(minutes=30)
    assert (await people.see(proposal))["state"] == "expired"
    assert reason(await people.confirm(proposal)) == (409, "proposal_expired")
    assert reason(await people.decline(proposal)) == (409, "proposal_expired")
    assert (await people.confirm(await people.propose(draft))).status_code == 201


async def test_deliverable_has_one_proposal_that_waits(people: People) -> None:
    draft = people.draft()

    answers = await asyncio.gather(*(people.ask(draft) for _ in range(4)))

    (made,) = [answer.json() for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code != 202]
    assert [reason(answer) for answer in refused] == [(409, "already_proposed")] * 3
    assert all(made["proposal_id"] in answer.json()["detail"] for answer in refused)


async def test_exact_action_has_one_proposal_that_waits(people: People) -> None:
    action = create_action(people.customer_id)

    answers = await asyncio.gather(*(people.ask_exactly(action) for _ in range(4)))

    (made,) = [answer.json() for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code != 202]
    assert [reason(answer) for answer in refused] == [(409, "already_proposed")] * 3
    assert all(made["proposal_id"] in answer.json()["detail"] for answer in refused)
    await people.propose_exactly(create_action(people.customer_id, size="9"))
    await people.decline(made)
    await people.propose_exactly(action)


async def test_exact_action_that_is_just_being_proposed_is_not_proposed_too(people: People) -> None:
    action = create_action(people.customer_id)
    made = await people.propose_exactly(action)
    asking = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

    async with people.portal.portal.database.oversight(actor="service:test") as session:
        await store.lock_action(session, action_hash=action.action_hash())
        declined = await people.decline(made)
        asked = asyncio.create_task(people.ask_exactly(action))
        while not asked.done() and not await session.connection.fetchval(asking):
            await asyncio.sleep(0.01)
        await session.connection.execute(PROPOSE_AGAIN, made["proposal_id"], uuid7())

    assert declined.status_code == 200
    assert reason(await asked) == (409, "already_proposed")


@pytest.mark.parametrize("state", ["approved", "rejected", "expired"])
async def test_draft_that_was_decided_meanwhile_is_not_signed(people: People, state: str) -> None:
    draft = people.draft()
    proposal = await people.propose(draft)
    people.portal.plant.deliverables[draft["deliverable_id"]]["state"] = state

    answer = await people.confirm(proposal)

    assert reason(answer) == (409, "wrong_state")
    assert people.delivered() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"action_hash": OTHER_HASH}, (409, "action_changed")),
        ({"customer_id": SOMETHING}, (404, "not_found")),
        ({"consent": None}, (422, "validation_failed")),
    ],
)
async def test_what_could_not_be_approved_cannot_be_proposed(
    people: People, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    answer = await people.ask(people.draft(), **changes)

    assert reason(answer) == expected
    assert (await people.second.get(PROPOSALS, params={"customer_id": str(people.customer_id)})).json()[
        "items"
    ] == []


async def test_consent_of_the_future_cannot_be_proposed(people: People) -> None:
    draft = people.draft()
    consent = request_of(draft)["consent"] | {"obtained_at": "2199-01-01T00:00:00Z"}

    answer = await people.ask(draft, consent=consent)

    assert answer.json()["errors"][0]["field"] == "consent.obtained_at"


async def test_exact_action_is_signed_once_at_the_price_shown(people: People) -> None:
    action = create_action(people.customer_id)
    proposal = await people.propose_exactly(action)

    answers = await asyncio.gather(*(people.confirm(proposal) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(people.delivered()) == 1
    claims = verify_approval(people.delivered()[0], trust=people.portal.portal.trust, four_eyes=True)
    assert claims.preconditions is not None
    assert (claims.action, claims.preconditions.price_shown) == (action, 65000)


@pytest.mark.parametrize(
    ("who", "roles", "expected"),
    [
        ("first_id", ["viewer"], (409, "proposer_not_allowed")),
        ("first_id", [], (409, "proposer_not_allowed")),
        ("second_id", [], (403, "not_allowed")),
    ],
)
async def test_both_must_be_operators_when_it_is_signed(
    people: People, who: str, roles: list[str], expected: tuple[int, str]
) -> None:
    proposal = await people.proposed()
    await people.change("UPDATE accounts SET roles = $2 WHERE account_id = $1", getattr(people, who), roles)

    answer = await people.confirm(proposal)

    assert reason(answer) == expected
    assert people.delivered() == []


async def test_confirmed_proposal_leads_to_the_approval_that_plant_refused(people: People) -> None:
    proposal = await people.proposed()
    people.portal.plant.refuse("PUT", "/internal/v1/approvals", status=409, reason="wrong_state")

    answer = await people.confirm(proposal)

    seen = await people.see(proposal)
    approval = (await people.second.get(f"{APPROVALS}/{seen['approval_id']}")).json()
    assert reason(answer) == (409, "wrong_state")
    assert seen["state"] == "confirmed"
    assert (approval["status"], approval["delivered"]) == ("revoked", False)


async def test_what_waits_is_over_after_a_restore(people: People) -> None:
    proposal = await people.proposed()

    async with people.portal.portal.database.oversight(actor="service:restore") as session:
        said = await end_waiting(session)

    assert said.endswith(" proposals ended")
    assert reason(await people.confirm(proposal)) == (409, "proposal_expired")
