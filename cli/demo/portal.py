"""What the demo asks of the running stack: the customer portal's public API, and the sandbox's ledger of orders."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from cli.stack.errors import StackError
from shared.contracts.approvals import Approval
from shared.contracts.trading import DraftRunResponse, Execution
from shared.contracts.vault import ExchangeSetup, ExchangeSetupList

Wire = TypeVar("Wire", bound=BaseModel)

AGENT = "AGT-TRD-DELTA-001"
API_KEY = "demo-key-a"
API_SECRET = "demo-secret-a"  # noqa: S105  the sandbox's own demo account


class AccessToken(BaseModel):
    access_token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and the JSON of the body; a problem document has a `reason`."""

    status: int
    body: dict[str, Any]

    @property
    def reason(self) -> str:
        return str(self.body.get("reason", ""))


class UnexpectedAnswerError(StackError):
    """The portal answered something else than the story says."""


@dataclass(frozen=True, slots=True)
class Portal:
    client: httpx.Client

    def connect_exchange(self) -> str:
        """Return the credential ref of the demo account; connect it if it is not connected yet."""
        connected = self.expect(ExchangeSetupList, self.get("/api/cp/exchange-setup"))
        known = [setup for setup in connected.items if setup.api_key_last4 == API_KEY[-4:]]
        return str((known[0] if known else self._connect()).credential_ref)

    def draft(self, *, account: str, units: str) -> DraftRunResponse:
        return self.expect(DraftRunResponse, self.run(account=account, units=units))

    def run(self, *, account: str, units: str, approval_id: UUID | None = None) -> Answer:
        """Run the agent: without an approval it drafts, with one it declares that it wants to trade."""
        wish = {
            "exchange_account_id": account,
            "coin": "BTC",
            "units": units,
            "side": "long",
            "action": "enter",
        }
        intent = {"intent_action": "place_order", "approval_id": str(approval_id)} if approval_id else {}
        return self.post(f"/api/v1/reference-agents/{AGENT}/run", {**wish, "market": True, **intent})

    def approve(self, draft: DraftRunResponse) -> Approval:
        wanted = {"deliverable_id": str(draft.deliverable_id), "action_hash": draft.draft.action_hash}
        return self.expect(Approval, self.post("/api/cp/approvals", wanted), status=201)

    def execute(self, draft: DraftRunResponse, *, approval_id: UUID | None) -> Answer:
        body = {"approval_id": str(approval_id)} if approval_id else {}
        return self.post(f"/api/v1/deliverables/{draft.deliverable_id}/execute", body)

    def execution(self, execution_id: UUID) -> Execution:
        return self.expect(Execution, self.get(f"/api/v1/executions/{execution_id}"))

    def get(self, path: str) -> Answer:
        return _answer(self.client.get(path))

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        return _answer(self.client.post(path, json=body))

    def put(self, path: str, body: dict[str, Any]) -> Answer:
        return _answer(self.client.put(path, json=body))

    def expect(self, model: type[Wire], answer: Answer, *, status: int = 200) -> Wire:
        """Raises: UnexpectedAnswerError."""
        if answer.status != status:
            detail = answer.body.get("detail", "")
            raise UnexpectedAnswerError(f"expected {status}, found {answer.status} {answer.reason}: {detail}")
        try:
            return model.model_validate(answer.body)
        except ValidationError as error:
            raise UnexpectedAnswerError(
                f"expected a {model.__name__}, found something else: {error}"
            ) from error

    def _connect(self) -> ExchangeSetup:
        setup = {
            "exchange_provider": "delta_exchange_india",
            "api_key": API_KEY,
            "api_secret": API_SECRET,
            "default_coin": "BTC",
            "allowed_coins": ["BTC", "ETH"],
            "max_units_per_order": "1",
        }
        return self.expect(ExchangeSetup, self.put("/api/cp/exchange-setup", setup))


@contextmanager
def signed_in(cp_url: str, *, email: str, password: str, timeout_s: float = 30) -> Generator[Portal]:
    """Raises: StackError when the portal does not answer or refuses."""
    try:
        with httpx.Client(base_url=cp_url, timeout=timeout_s, trust_env=False) as client:
            portal = Portal(client)
            answer = portal.post("/api/auth/token", {"email": email, "password": password})
            client.headers["Authorization"] = f"Bearer {portal.expect(AccessToken, answer).access_token}"
            yield portal
    except httpx.TransportError as error:
        raise StackError(
            f"the customer portal at {cp_url} does not answer: is the stack still running?"
        ) from error


def orders_at_exchange(sandbox_url: str) -> list[dict[str, Any]]:
    """Every order that the exchange knows of on the demo account. Raises: StackError."""
    query = {"venue": "delta", "api_key": API_KEY}
    try:
        answer = httpx.get(f"{sandbox_url}/_control/orders", params=query, timeout=10, trust_env=False)
    except httpx.TransportError as error:
        raise StackError(f"the sandbox at {sandbox_url} does not answer") from error
    return answer.json()["items"]


def _answer(response: httpx.Response) -> Answer:
    try:
        return Answer(response.status_code, response.json())
    except ValueError as error:
        raise UnexpectedAnswerError(f"expected JSON, found a {response.status_code} without it") from error
