"""A stand-in for gateway and Plant as the portals see them: checks each call's identity, answers as told."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from shared.approvals.action import Action, ActionKind, OrderParams
from shared.approvals.verify import verify_approval
from shared.clock import utc_now
from shared.identity import Identity, bearer_token, verify_identity
from shared.keys import Issuer, TrustStore

Answer = Callable[[httpx.Request], httpx.Response]


@dataclass(frozen=True, slots=True)
class SeenCall:
    method: str
    path: str
    query: str
    identity: Identity
    headers: httpx.Headers
    body: Any


@dataclass(slots=True)
class PlantDouble:
    """`scripted` overrides the answer to a (method, path); `is_down` drops every connection."""

    trust: TrustStore
    calls: list[SeenCall] = field(default_factory=list[SeenCall])
    deliverables: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    approvals: dict[str, str] = field(default_factory=dict[str, str])
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    scripted: dict[tuple[str, str], Answer] = field(default_factory=dict[tuple[str, str], Answer])
    is_down: bool = False

    def handle(self, request: httpx.Request) -> httpx.Response:
        if self.is_down:
            raise httpx.ConnectError("refused", request=request)
        token = bearer_token(request.headers.get("Authorization"))
        identity = verify_identity(token, audience=Issuer.PLANT, trust=self.trust)
        body = json.loads(request.content) if request.content else None
        path = request.url.path
        self.calls.append(
            SeenCall(request.method, path, request.url.query.decode(), identity, request.headers, body)
        )
        if (request.method, path) in self.scripted:
            return self.scripted[request.method, path](request)
        return self._answer(path, identity, body)

    def refuse(self, method: str, path: str, *, status: int, reason: str) -> None:
        problem = {"reason": reason, "detail": f"refused: {reason}", "status": status}
        self.scripted[method, path] = lambda _request: httpx.Response(status, json=problem)

    def create_deliverable(self, customer_id: UUID, **changes: Any) -> dict[str, Any]:
        deliverable = deliverable_json(create_action(customer_id)) | changes
        self.deliverables[deliverable["deliverable_id"]] = deliverable
        return deliverable

    def paths(self) -> list[str]:
        return [f"{call.method} {call.path}" for call in self.calls]

    def _answer(self, path: str, identity: Identity, body: Any) -> httpx.Response:
        match path.strip("/").split("/"):
            case ["internal", "v1", "approvals"]:
                return self._take_approval(body["approval"])
            case ["internal", "v1", "approval-revocations"]:
                return self._revoke(body["approval_id"])
            case ["internal", "v1", "exchange-accounts" | "platform-accounts", credential_ref]:
                self.accounts[credential_ref] = body
                answer = httpx.Response(204)
            case ["api", "v1", "exchange-accounts" | "platform-accounts", _, "test"]:
                answer = httpx.Response(200, json={"ok": True, "detail": "one read"})
            case ["api", "v1", "deliverables", deliverable_id, *_]:
                return self._deliverable(deliverable_id, identity)
            case ["api", "v1", "approvals", approval_id]:
                return self._approval(approval_id)
            case _:
                answer = httpx.Response(200, json={"items": [], "next_cursor": None})
        return answer

    def _take_approval(self, text: str) -> httpx.Response:
        claims = verify_approval(text, trust=self.trust, four_eyes=False)
        self.approvals.setdefault(str(claims.jti), "active")
        if claims.deliverable_id:
            self.deliverables[str(claims.deliverable_id)]["state"] = "approved"
        return self._approval(str(claims.jti))

    def _revoke(self, approval_id: str) -> httpx.Response:
        if self.approvals.get(approval_id) != "consumed":
            self.approvals[approval_id] = "revoked"
        return self._approval(approval_id)

    def _approval(self, approval_id: str) -> httpx.Response:
        if approval_id not in self.approvals:
            return _missing()
        return httpx.Response(200, json={"approval_id": approval_id, "status": self.approvals[approval_id]})

    def _deliverable(self, deliverable_id: str, identity: Identity) -> httpx.Response:
        deliverable = self.deliverables.get(deliverable_id)
        if deliverable is None or deliverable["customer_id"] != str(identity.customer_id):
            return _missing()
        return httpx.Response(200, json=deliverable)


def create_action(customer_id: UUID, **params: Any) -> Action:
    values = {
        "product_symbol": "BTCUSD",
        "side": "buy",
        "size": "10",
        "order_type": "limit_order",
        "limit_price": "65000.5",
        "reduce_only": False,
        "time_in_force": "gtc",
    }
    return Action(
        kind=ActionKind.PLACE_ORDER,
        provider="delta_exchange_india",
        credential_ref=params.pop("credential_ref", uuid4()),
        customer_id=customer_id,
        params=OrderParams.model_validate(values | params),
    )


def deliverable_json(action: Action) -> dict[str, Any]:
    now = utc_now()
    plan = {
        "summary": "buy 10 contracts",
        "coin": "BTC",
        "units": "0.01",
        "contracts": "10",
        "contract_value": "0.001",
        "price_shown": "65000.5",
        "allowed_drift_bps": 50,
        "notional": "650.005",
        "currency": "USD",
        "priced_at": now.isoformat(),
    }
    draft = {
        "action": action.model_dump(mode="json"),
        "action_hash": action.action_hash(),
        "plan": plan,
        "risk": None,
    }
    return {
        "deliverable_id": str(uuid4()),
        "customer_id": str(action.customer_id),
        "agent_id": "AGT-TRD-DELTA-001",
        "state": "pending_review",
        "draft": draft,
        "correlation_id": str(uuid4()),
        "execution_id": None,
        "created_at": now.isoformat(),
        "updated_at": now.isoformat(),
        "expires_at": (now + timedelta(hours=1)).isoformat(),
        "transitions": [],
    }


def _missing() -> httpx.Response:
    return httpx.Response(404, json={"reason": "not_found", "detail": "There is no such thing."})
