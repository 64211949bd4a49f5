"""The endpoints of proposals: who may what, what a list shows, and what is on the operators' record."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.contracts.sign_in import Role
from tests.portals import RunningPortal
from tests.unit.pp_backend.approval_proposals.people import (
    APPROVALS,
    PROPOSALS,
    People,
    confirm,
    gather_people,
    reason,
)

SOMETHING = "5b0c6a52-9a5c-4d6e-8f51-0d7f3a2c9e10"
OTHER_HASH = "sha256:" + "0" * 64


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
async def test_confirming_is_for_operators_and_above(people: People, role: Role) -> None:
    proposal = await people.proposed()
    _, somebody = await people.portal.operator(role)

    answer = await confirm(somebody, proposal)

    expected = (403, "not_allowed") if role is Role.VIEWER else (201, None)
    assert reason(answer) == expected


async def test_list_is_filtered_and_says_whether_two_are_demanded(people: People) -> None:
    over, decided, waiting = [await people.proposed() for _ in range(3)]
    await people.decline(decided)
    await people.let_pass(over)

    async def ids(**params: str) -> list[str]:
        query = {"customer_id": str(people.customer_id)} | params
        return [one["proposal_id"] for one in (await listed(people.second, **query))["items"]]

    assert await ids() == [one["proposal_id"] for one in (waiting, decided, over)]
    assert await ids(state="waiting") == [waiting["proposal_id"]]
    assert await ids(state="declined") == [decided["proposal_id"]]
    assert await ids(state="expired") == [over["proposal_id"]]
    assert await ids(state="confirmed") == []
    assert await ids(deliverable_id=decided["deliverable_id"]) == [decided["proposal_id"]]
    assert await ids(customer_id=str(uuid4())) == []
    page = await listed(people.second, limit="1")
    assert (page["four_eyes"], page["items"]) == (True, [waiting])
    assert page["next_cursor"] == waiting["proposal_id"]


async def test_approval_waits_for_nobody_where_four_eyes_are_not_demanded(pp: RunningPortal) -> None:
    people = await gather_people(pp)

    answer = await people.ask(people.draft())

    assert (answer.status_code, answer.json()["approver"]["confirmed_by"]) == (201, None)
    assert (await listed(people.first))["four_eyes"] is False


async def test_every_step_and_no_look_is_on_the_operators_record(people: People) -> None:
    proposal, other = await people.proposed(), await people.proposed()
    for _ in range(2):
        await people.see(proposal)
        await listed(people.second)
    await people.confirm(proposal)
    await people.decline(other)

    async with people.portal.portal.database.oversight(actor="service:test") as session:
        rows = await session.connection.fetch(
            "SELECT operator_id, path FROM operator_actions WHERE operator_id = ANY($1::uuid[]) ORDER BY at",
            [people.first_id, people.second_id],
        )

    assert [tuple(row) for row in rows] == [
        (people.first_id, APPROVALS),
        (people.first_id, APPROVALS),
        (people.second_id, f"{PROPOSALS}/{proposal['proposal_id']}/confirm"),
        (people.second_id, f"{PROPOSALS}/{other['proposal_id']}/decline"),
    ]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", f"/{SOMETHING}"),
        ("POST", f"/{SOMETHING}/confirm"),
        ("POST", f"/{SOMETHING}/decline"),
    ],
)
async def test_endpoint_is_for_operators_and_of_their_role(people: People, method: str, path: str) -> None:
    _, viewer = await people.portal.operator(Role.VIEWER)
    body = {"action_hash": OTHER_HASH} if path.endswith("confirm") else {}

    async def status(http: httpx.AsyncClient) -> int:
        return (await http.request(method, PROPOSALS + path, json=body)).status_code

    found = 200 if path == "" else 404
    assert await status(people.portal.client()) == 401
    assert await status(viewer) == (found if method == "GET" else 403)
    assert await status(people.second) == found


async def listed(http: httpx.AsyncClient, **params: str) -> dict[str, Any]:
    return (await http.get(PROPOSALS, params=params)).json()
