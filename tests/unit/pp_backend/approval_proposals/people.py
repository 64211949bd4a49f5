"""Two operators of a portal that demands four eyes, a customer's draft, and what they send about it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx

from shared.approvals.action import Action
from shared.contracts.sign_in import Role
from shared.ids import CustomerId
from tests.portals import RunningPortal

APPROVALS = "/api/pp/approvals"
PROPOSALS = "/api/pp/approval-proposals"


@dataclass(frozen=True, slots=True)
class People:
    portal: RunningPortal
    customer_id: CustomerId
    first_id: UUID
    first: httpx.AsyncClient
    second_id: UUID
    second: httpx.AsyncClient

    def draft(self, **changes: Any) -> dict[str, Any]:
        return self.portal.plant.create_deliverable(self.customer_id, **changes)

    async def ask(self, draft: dict[str, Any], **changes: Any) -> httpx.Response:
        return await self.first.post(APPROVALS, json=request_of(draft) | changes)

    async def propose(self, draft: dict[str, Any]) -> dict[str, Any]:
        answer = await self.ask(draft)
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def ask_exactly(self, action: Action) -> httpx.Response:
        """For an action that no deliverable holds, at the price that was shown."""
        exact = {"deliverable_id": None, "action": action.model_dump(mode="json"), "price_shown": "65000"}
        return await self.ask(self.draft(), **exact, action_hash=action.action_hash())

    async def propose_exactly(self, action: Action) -> dict[str, Any]:
        answer = await self.ask_exactly(action)
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def proposed(self) -> dict[str, Any]:
        return await self.propose(self.draft())

    async def confirm(self, proposal: dict[str, Any], **changes: Any) -> httpx.Response:
        return await confirm(self.second, proposal, **changes)

    async def decline(self, proposal: dict[str, Any], **body: Any) -> httpx.Response:
        return await self.second.post(f"{PROPOSALS}/{proposal['proposal_id']}/decline", json=body)

    async def see(self, proposal: dict[str, Any]) -> dict[str, Any]:
        return (await self.second.get(f"{PROPOSALS}/{proposal['proposal_id']}")).json()

    async def change(self, statement: str, *arguments: object) -> None:
        """What only time or an administrator of the database does."""
        async with self.portal.portal.database.oversight(actor="service:test") as session:
            await session.connection.execute(statement, *arguments)

    async def let_pass(self, proposal: dict[str, Any]) -> None:
        """Until its time is over."""
        await self.change(
            "UPDATE approval_proposals SET expires_at = now() WHERE proposal_id = $1", proposal["proposal_id"]
        )

    def delivered(self) -> list[str]:
        path = "/internal/v1/approvals"
        return [call.body["approval"] for call in self.portal.plant.calls if call.path == path]


async def gather_people(portal: RunningPortal) -> People:
    first_id, first = await portal.operator(Role.OPERATOR)
    second_id, second = await portal.operator(Role.OPERATOR)
    return People(portal, CustomerId(uuid4()), first_id, first, second_id, second)


async def confirm(http: httpx.AsyncClient, proposal: dict[str, Any], **changes: Any) -> httpx.Response:
    body = {"action_hash": proposal["action_hash"]} | changes
    return await http.post(f"{PROPOSALS}/{proposal['proposal_id']}/confirm", json=body)


def request_of(draft: dict[str, Any]) -> dict[str, Any]:
    return {
        "customer_id": draft["customer_id"],
        "deliverable_id": draft["deliverable_id"],
        "action_hash": draft["draft"]["action_hash"],
        "consent": {
            "channel": "telephone",
            "reference": "call 17",
            "obtained_at": datetime.now(UTC).isoformat(),
        },
        "notes": "as asked for",
    }


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("reason")
