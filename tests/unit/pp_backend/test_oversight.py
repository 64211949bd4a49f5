"""The platform portal's passages: each with its role, and in whose matter an operator acts."""

import re
from uuid import uuid4

import pytest

from pp_backend.agent_type_authoring.passages import PASSAGES as AUTHORING
from pp_backend.oversight.passages import PASSAGES as OVERSIGHT
from shared.contracts.sign_in import Role
from shared.identity import ActorType
from shared.web.passages import Passage
from tests.portals import RunningPortal

PASSAGES = (*OVERSIGHT, *AUTHORING)
SOMEBODY = "5b0c6a52-9a5c-4d6e-8f51-0d7f3a2c9e10"
NEEDS = {
    ("PUT", "/api/pp/kill-switches/{scope}"): Role.OPERATOR,
    ("POST", "/api/pp/reference-agents/{agent_id}/run"): Role.OPERATOR,
    ("GET", "/api/pp/entitlements/{customer_id}"): Role.ADMIN,
    ("PUT", "/api/pp/entitlements/{customer_id}"): Role.ADMIN,
    ("POST", "/api/pp/agent-types/validate"): Role.OPERATOR,
    ("PUT", "/api/pp/agent-types/{agent_type_id}/draft"): Role.ADMIN,
    ("POST", "/api/pp/agent-types/{agent_type_id}/publish"): Role.ADMIN,
    ("POST", "/api/pp/agent-types/{agent_type_id}/versions/{version}/retire"): Role.ADMIN,
    ("POST", "/api/pp/goal-runs/{run_id}/run-again"): Role.OPERATOR,
    ("POST", "/api/pp/deliverables/{deliverable_id}/execute"): Role.OPERATOR,
}
BELOW = {Role.OPERATOR: Role.VIEWER, Role.ADMIN: Role.OPERATOR}


def concrete(passage: Passage) -> str:
    path = passage.path.replace("{agent_id}", "AGT-TRD-DELTA-001").replace("{scope}", "platform")
    path = path.replace("{agent_type_id}", "trading.delta_futures.v1").replace("{version}", "2")
    return re.sub(r"\{\w+\}", str(uuid4()), path)


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: f"{passage.method} {passage.path}")
async def test_anonymous_reaches_nothing(pp: RunningPortal, passage: Passage) -> None:
    answer = await pp.client().request(passage.method, concrete(passage), json={})

    assert answer.status_code == 401
    assert pp.plant.calls == []


@pytest.mark.parametrize("passage", PASSAGES, ids=lambda passage: f"{passage.method} {passage.path}")
async def test_operator_of_the_role_reaches_plant_with_it(pp: RunningPortal, passage: Passage) -> None:
    role = NEEDS.get((passage.method, passage.path), Role.VIEWER)
    operator_id, http = await pp.operator(role)
    customer_id = str(uuid4())

    answer = await http.request(
        passage.method, concrete(passage), params={"limit": "3", "customer_id": customer_id}, json={}
    )

    assert answer.status_code in (200, 404)
    identity, query = pp.plant.calls[-1].identity, pp.plant.calls[-1].query
    assert (identity.actor_type, identity.actor_id) == (ActorType.OPERATOR, str(operator_id))
    assert identity.roles == (role.value,)
    if passage.customer_from_query:
        assert (str(identity.customer_id), query) == (customer_id, "limit=3")
    else:
        assert (identity.customer_id, query) == (None, f"limit=3&customer_id={customer_id}")


@pytest.mark.parametrize(("method", "path"), NEEDS)
async def test_role_below_is_refused(pp: RunningPortal, method: str, path: str) -> None:
    passage = next(p for p in PASSAGES if (p.method, p.path) == (method, path))
    _, http = await pp.operator(BELOW[NEEDS[method, path]])

    answer = await http.request(method, concrete(passage), params={"customer_id": str(uuid4())}, json={})

    assert (answer.status_code, answer.json()["reason"]) == (403, "not_allowed")
    assert pp.plant.calls == []


@pytest.mark.parametrize(
    "query", ["", "customer_id=", "customer_id=me", f"customer_id={SOMEBODY}&customer_id={SOMEBODY}"]
)
async def test_run_needs_exactly_one_customer(pp: RunningPortal, query: str) -> None:
    _, http = await pp.operator(Role.ADMIN)

    answer = await http.post(f"/api/pp/reference-agents/AGT-TRD-DELTA-001/run?{query}", json={})

    assert answer.status_code == 422
    assert pp.plant.calls == []


@pytest.mark.parametrize(
    ("scope", "is_passed"),
    [
        ("platform", True),
        ("provider:delta_exchange_india", True),
        (f"customer:{SOMEBODY}", True),
        (f"hired_agent:{SOMEBODY}", True),
        ("everything", False),
        ("provider:", False),
        ("platform:x", False),
    ],
)
async def test_scope_of_a_kill_switch_is_checked(pp: RunningPortal, scope: str, *, is_passed: bool) -> None:
    _, http = await pp.operator(Role.OPERATOR)

    answer = await http.put(f"/api/pp/kill-switches/{scope}", json={"engaged": True, "reason": "drill"})

    assert answer.status_code == (200 if is_passed else 422)
    assert bool(pp.plant.calls) == is_passed
