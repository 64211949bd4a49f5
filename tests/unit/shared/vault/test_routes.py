"""Exchange set-ups over HTTP: stored, listed, replaced, deleted and tested, by their owner only."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from cli.stack.databases import Databases
from shared.contracts.sign_in import Role
from shared.identity import ActorType
from tests.portals import RunningPortal, stored_text

CANARY_KEY, CANARY_SECRET = "canary-key-7431", "canary-secret-9f2c1e"
PATH = "/api/cp/exchange-setup"


def setup_body(**changes: Any) -> dict[str, Any]:
    body = {
        "exchange_provider": "delta_exchange_india",
        "api_key": CANARY_KEY,
        "api_secret": CANARY_SECRET,
        "default_coin": "BTC",
        "allowed_coins": ["BTC", "ETH"],
        "max_units_per_order": "1.5",
        "max_notional_inr": 200000,
    }
    return body | changes


async def put_setup(http: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await http.put(PATH, json=setup_body(**changes))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_stored_set_up_shows_metadata_only(cp: RunningPortal, databases: Databases) -> None:
    _, http = await cp.customer()

    answer = await http.put(PATH, json=setup_body())
    listed = await http.get(PATH)

    setup = answer.json()
    assert setup["api_key_last4"] == "7431"
    assert setup["max_units_per_order"] == "1.5"
    assert listed.json()["items"] == [setup]
    stored = await stored_text(databases, "cp", "credentials") + await stored_text(databases, "cp", "outbox")
    assert setup["credential_ref"] in stored
    for text in (answer.text, listed.text, stored):
        assert CANARY_SECRET not in text
        assert CANARY_KEY not in text


async def test_plant_is_told_the_account_but_no_secret(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()

    setup = await put_setup(http)

    call = cp.plant.calls[-1]
    assert (call.method, call.path) == ("PUT", f"/internal/v1/exchange-accounts/{setup['credential_ref']}")
    assert (call.identity.actor_type, call.identity.customer_id) == (ActorType.SERVICE, customer_id)
    assert (call.body["version"], call.body["vault"], call.body["deleted"]) == (1, "cp", False)
    assert CANARY_SECRET not in str(call.body)


async def test_replacing_keeps_the_reference_and_counts_the_version(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    first = await put_setup(http)

    second = await put_setup(
        http, credential_ref=first["credential_ref"], api_key="another-key-0001", max_notional_inr=None
    )

    assert second["credential_ref"] == first["credential_ref"]
    assert (second["api_key_last4"], second["max_notional_inr"]) == ("0001", None)
    assert cp.plant.accounts[first["credential_ref"]]["version"] == 2
    assert len((await http.get(PATH)).json()["items"]) == 1


async def test_deleting_erases_the_secret_and_tells_plant(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    ref = (await put_setup(http))["credential_ref"]

    answer = await http.delete(f"{PATH}/{ref}")

    assert answer.status_code == 204
    assert (await http.get(PATH)).json()["items"] == []
    assert cp.plant.accounts[ref]["deleted"] is True
    assert (await http.delete(f"{PATH}/{ref}")).status_code == 404
    assert (await http.put(PATH, json=setup_body(credential_ref=ref))).status_code == 404


@pytest.mark.parametrize("ref", ["foreign", "unknown"])
async def test_reference_of_somebody_else_is_like_an_unknown_one(cp: RunningPortal, ref: str) -> None:
    _, owner = await cp.customer()
    _, stranger = await cp.customer()
    target = (await put_setup(owner))["credential_ref"] if ref == "foreign" else str(uuid4())

    answers = [
        await stranger.put(PATH, json=setup_body(credential_ref=target)),
        await stranger.delete(f"{PATH}/{target}"),
        await stranger.post(f"{PATH}/{target}/test"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (await stranger.get(PATH)).json()["items"] == []


async def test_connection_test_is_made_by_plant(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    ref = (await put_setup(http))["credential_ref"]

    answer = await http.post(f"{PATH}/{ref}/test")

    assert answer.json() == {"ok": True, "detail": "one read"}
    assert cp.plant.calls[-1].path == f"/api/v1/exchange-accounts/{ref}/test"
    assert cp.plant.calls[-1].identity.customer_id == customer_id


async def test_set_up_is_stored_while_plant_is_down(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    cp.plant.is_down = True

    ref = (await put_setup(http))["credential_ref"]
    tested = await http.post(f"{PATH}/{ref}/test")

    assert (tested.status_code, tested.json()["reason"]) == (503, "plant_unavailable")
    assert "Retry-After" in tested.headers


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("api_key", ""),
        ("api_secret", "with space"),
        ("api_secret", "line\r\nbreak"),
        ("default_coin", "DOGE"),
        ("allowed_coins", []),
        ("max_units_per_order", "0"),
        ("max_units_per_order", "NaN"),
        ("exchange_provider", "elsewhere"),
        ("customer_id", str(UUID(int=1))),
        ("credential_ref", "not-a-uuid"),
    ],
)
async def test_invalid_field_is_named_and_never_repeated(cp: RunningPortal, field: str, value: Any) -> None:
    _, http = await cp.customer()

    answer = await http.put(PATH, json=setup_body(**{field: value}))

    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert CANARY_SECRET not in answer.text


async def test_list_is_paged_newest_first(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    refs = [(await put_setup(http))["credential_ref"] for _ in range(3)]

    first = (await http.get(PATH, params={"limit": 2})).json()
    second = (await http.get(PATH, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [item["credential_ref"] for item in first["items"] + second["items"]] == refs[::-1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("PUT", ""), ("DELETE", f"/{UUID(int=1)}"), ("POST", f"/{UUID(int=1)}/test")],
)
async def test_anonymous_is_refused(cp: RunningPortal, pp: RunningPortal, method: str, path: str) -> None:
    own = await cp.client().request(method, PATH + path)
    assisted = await pp.client().request(method, "/api/pp/exchange-credentials" + path)

    assert own.status_code == assisted.status_code == 401


async def test_admin_stores_a_credential_for_a_customer(pp: RunningPortal) -> None:
    customer_id = uuid4()
    _, admin = await pp.operator(Role.ADMIN)
    body = setup_body(customer_id=str(customer_id))

    answer = await admin.put("/api/pp/exchange-credentials", json=body)

    assert answer.json()["customer_id"] == str(customer_id)
    assert pp.plant.calls[-1].identity.customer_id == customer_id
    assert pp.plant.calls[-1].body["vault"] == "pp"
    listed = await admin.get("/api/pp/exchange-credentials", params={"customer_id": str(customer_id)})
    assert listed.json()["items"] == [answer.json()]
    others = await admin.get("/api/pp/exchange-credentials", params={"customer_id": str(uuid4())})
    assert others.json()["items"] == []


async def test_admin_cannot_move_a_credential_to_another_customer(pp: RunningPortal) -> None:
    _, admin = await pp.operator(Role.ADMIN)
    body = setup_body(customer_id=str(uuid4()))
    ref = (await admin.put("/api/pp/exchange-credentials", json=body)).json()["credential_ref"]

    answer = await admin.put(
        "/api/pp/exchange-credentials", json=body | {"customer_id": str(uuid4()), "credential_ref": ref}
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_lower_role_may_not_touch_credentials(pp: RunningPortal, role: Role) -> None:
    _, http = await pp.operator(role)

    answers = [
        await http.get("/api/pp/exchange-credentials"),
        await http.put("/api/pp/exchange-credentials", json=setup_body(customer_id=str(uuid4()))),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


async def test_what_operators_ask_for_is_on_record(pp: RunningPortal, databases: Databases) -> None:
    operator_id, admin = await pp.operator(Role.ADMIN)
    correlation_id = str(uuid4())

    await admin.get("/api/pp/exchange-credentials?limit=7", headers={"X-Correlation-ID": correlation_id})

    recorded = await stored_text(databases, "pp", "operator_actions")
    row = next(line for line in recorded.splitlines() if correlation_id in line)
    assert str(operator_id) in row
    assert "'query': 'limit=7'" in row
