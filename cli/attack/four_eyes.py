"""Attacks on four eyes: one operator alone gets something approved for a customer where two are demanded."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from cli.attack import forge
from cli.attack.scene import TIMEOUT_S, Scene, outcome
from cli.attack.target import Target
from cli.attack.trader import Json, Trader, done
from shared.contracts.approvals import Approver
from shared.contracts.sign_in import Role
from shared.demo import OPERATOR_EMAILS, PASSWORD
from shared.keys import Issuer, Purpose

APPROVALS = "/api/pp/approvals"
PROPOSALS = "/api/pp/approval-proposals"
OWN = "403 second_operator_required"
DECIDED = "409 proposal_decided"
REQUIRED = "403 approval_required"


async def is_demanded(target: Target) -> bool:
    """Does the running stack demand a second operator?"""
    async with httpx.AsyncClient(base_url=target.pp_url, timeout=TIMEOUT_S, trust_env=False) as http:
        body = {"email": OPERATOR_EMAILS[Role.VIEWER], "password": PASSWORD.get_secret_value()}
        token = done(await http.post("/api/auth/token", json=body), "operator's sign-in")["access_token"]
        answer = await http.get(
            PROPOSALS, params={"limit": "1"}, headers={"Authorization": f"Bearer {token}"}
        )
        return bool(done(answer, "look at the proposals")["four_eyes"])


async def own_second(scene: Scene) -> None:
    """Confirm one's own proposal: in another session, under another's name, as an administrator."""
    trader, draft, proposal = await _proposed(scene, Role.ADMIN)
    for name in ("in the same session", "in another session"):
        answer = await _confirm(await scene.operator(Role.ADMIN), proposal)
        scene.refused(f"confirm it oneself {name}", answer, OWN)
    admin = await scene.operator(Role.ADMIN)
    answer = await _confirm(admin, proposal, confirmed_by=str(uuid4()))
    scene.refused("say in the body who confirms", answer, "422 validation_failed")
    viewer = await scene.operator(Role.VIEWER)
    scene.refused("let a viewer confirm", await _confirm(viewer, proposal), "403 not_allowed")
    nobody = await scene.client(scene.target.pp_url)
    scene.refused("let nobody confirm", await _confirm(nobody, proposal), "401 unauthenticated")
    answer = await trader.execute(draft, proposal["proposal_id"])
    scene.refused("execute with the proposal's id", answer, "403 approval_unknown")


async def two_votes_of_one(scene: Scene) -> None:
    """Propose one draft many times at once, and have it confirmed many times at once: one approval, one order."""
    trader = await scene.trader()
    draft = await trader.draft()
    first, second = await scene.operator(Role.OPERATOR), await scene.operator(Role.ADMIN)
    asked = await asyncio.gather(*(_ask(http, trader, draft) for http in (first, second) * 3))
    votes = Counter(outcome(answer) for answer in asked)
    scene.check("proposals made", expected=1, seen=votes.pop("202", 0))
    scene.check("the others", expected={"409 already_proposed": 5}, seen=dict(votes))
    (proposal,) = [answer.json() for answer in asked if answer.status_code == 202]
    other = second if proposal["proposed_by"] != await _id_of(second) else first
    confirmed = await asyncio.gather(*(_confirm(other, proposal) for _ in range(6)))
    counted = Counter(outcome(answer) for answer in confirmed)
    scene.check("approvals given", expected=1, seen=counted.pop("201", 0))
    scene.check("the other confirmations", expected={DECIDED: 5}, seen=dict(counted))
    (approval,) = [answer.json() for answer in confirmed if answer.status_code == 201]
    await trader.release(draft, approval["approval_id"])
    scene.refused("confirm it when it is used", await _confirm(other, proposal), DECIDED)


async def one_where_two_are_demanded(scene: Scene) -> None:
    """Bring Plant an operator's approval that nobody confirmed, or that the operator confirmed alone."""
    trader = await scene.trader()
    draft = await trader.draft()
    key = scene.target.stolen_key(Issuer.PP, Purpose.APPROVAL)
    operator = Approver(type="operator", id=uuid4(), method="assisted")
    claims = forge.claims_for(draft).model_copy(update={"iss": "pp", "approver": operator})
    alone = operator.model_dump(mode="json") | {"confirmed_by": str(operator.id)}
    customers = operator.model_dump(mode="json") | {"type": "customer", "method": "session"}
    for name, statement, expected in (
        ("nobody confirmed", forge.signed(claims, key), REQUIRED),
        (
            "its approver confirmed",
            forge.signed(claims, key, approver=alone),
            "403 approval_signature_invalid",
        ),
        ("is said to be the customer's", forge.signed(claims, key, approver=customers), REQUIRED),
    ):
        answer = await forge.deliver(scene, statement, customer_id=trader.customer_id, issuer=Issuer.PP)
        scene.refused(f"deliver one that {name}", answer, expected)
    scene.refused("execute with it", await trader.execute(draft, str(claims.jti)), "403 approval_unknown")


async def second_sees_something_else(scene: Scene) -> None:
    """Show the second operator another action, or a draft that was turned down meanwhile."""
    trader, draft, proposal = await _proposed(scene, Role.OPERATOR)
    second = await scene.operator(Role.ADMIN)
    other = (await trader.draft(units="0.02"))["draft"]["action_hash"]
    answer = await _confirm(second, proposal, action_hash=other)
    scene.refused("confirm under another draft's hash", answer, "409 action_changed")
    scene.refused("the customer rejects it", await trader.review(draft, "rejected", notes="no"), "200")
    scene.refused("confirm it afterwards", await _confirm(second, proposal), "409 wrong_state")
    declined = await second.post(f"{PROPOSALS}/{proposal['proposal_id']}/decline", json={})
    scene.refused("decline it", declined, "200")
    scene.refused("confirm what was declined", await _confirm(second, proposal), DECIDED)


async def _proposed(scene: Scene, role: Role) -> tuple[Trader, Json, Json]:
    trader = await scene.trader()
    draft = await trader.draft()
    answer = await _ask(await scene.operator(role), trader, draft)
    return trader, draft, done(answer, "propose", status=202)


async def _ask(http: httpx.AsyncClient, trader: Trader, draft: Json) -> httpx.Response:
    consent = {"channel": "phone", "reference": "call 1", "obtained_at": datetime.now(UTC).isoformat()}
    body = {
        "customer_id": str(trader.customer_id),
        "deliverable_id": draft["deliverable_id"],
        "action_hash": draft["draft"]["action_hash"],
        "consent": consent,
    }
    return await http.post(APPROVALS, json=body)


async def _confirm(http: httpx.AsyncClient, proposal: Json, **changes: Any) -> httpx.Response:
    body = {"action_hash": proposal["action_hash"]} | changes
    return await http.post(f"{PROPOSALS}/{proposal['proposal_id']}/confirm", json=body)


async def _id_of(http: httpx.AsyncClient) -> str:
    return done(await http.get("/api/auth/me"), "who am I")["account"]["id"]
