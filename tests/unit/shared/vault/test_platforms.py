"""Platform credentials over HTTP: stored, listed, replaced, deleted and tested, by their owner only."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from cli.stack.databases import Databases
from shared.identity import ActorType
from tests.portals import RunningPortal, stored_text
from tests.unit.shared.vault.platform_credentials import ACCESS, PATH, REFRESH, platform_body, put_platform
from tests.unit.shared.vault.test_routes import PATH as EXCHANGES
from tests.unit.shared.vault.test_routes import put_setup, setup_body

METADATA = {
    "credential_ref",
    "platform",
    "posting_identity",
    "access_token_last4",
    "has_refresh_token",
    "created_at",
    "updated_at",
    "last_used_at",
}


async def test_stored_credential_shows_metadata_only(cp: RunningPortal, databases: Databases) -> None:
    _, http = await cp.customer()

    answer = await http.put(PATH, json=platform_body())
    listed = await http.get(PATH)

    stored = answer.json()
    assert set(stored) == METADATA
    assert (stored["access_token_last4"], stored["has_refresh_token"]) == ("4821", True)
    assert (stored["platform"], stored["posting_identity"]) == ("x", "demo_a")
    assert listed.json()["items"] == [stored]
    tables = [await stored_text(databases, "cp", table) for table in ("credentials", "outbox")]
    assert stored["credential_ref"] in tables[0]
    for text in (answer.text, listed.text, *tables):
        assert ACCESS not in text
        assert REFRESH not in text


async def test_plant_is_told_the_account_but_no_token(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()

    stored = await put_platform(http)

    call = cp.plant.calls[-1]
    assert (call.method, call.path) == ("PUT", f"/internal/v1/platform-accounts/{stored['credential_ref']}")
    assert (call.identity.actor_type, call.identity.customer_id) == (ActorType.SERVICE, customer_id)
    assert call.body == {
        "credential_ref": stored["credential_ref"],
        "customer_id": str(customer_id),
        "platform": "x",
        "vault": "cp",
        "posting_identity": "demo_a",
        "version": 1,
        "deleted": False,
    }


async def test_replacing_keeps_the_reference_and_counts_the_version(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    first = await put_platform(http)

    second = await put_platform(
        http, credential_ref=first["credential_ref"], access_token="another-token-0001", refresh_token=None
    )

    assert second["credential_ref"] == first["credential_ref"]
    assert (second["access_token_last4"], second["has_refresh_token"]) == ("0001", False)
    assert second["updated_at"] > first["updated_at"]
    assert cp.plant.calls[-1].body["version"] == 2


async def test_reference_stays_with_its_platform(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    ref = (await put_platform(http))["credential_ref"]

    answer = await http.put(PATH, json=platform_body(platform="linkedin", credential_ref=ref))

    assert answer.status_code == 409
    assert (await http.get(PATH)).json()["items"][0]["platform"] == "x"


async def test_deleting_erases_the_tokens_and_tells_plant(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    ref = (await put_platform(http))["credential_ref"]

    answer = await http.delete(f"{PATH}/{ref}")

    assert answer.status_code == 204
    assert (await http.get(PATH)).json()["items"] == []
    assert (cp.plant.calls[-1].body["deleted"], cp.plant.calls[-1].body["version"]) == (True, 2)
    assert (await http.delete(f"{PATH}/{ref}")).status_code == 404
    assert (await http.put(PATH, json=platform_body(credential_ref=ref))).status_code == 404


@pytest.mark.parametrize("ref", ["foreign", "unknown", "an exchange's"])
async def test_reference_of_something_else_is_like_an_unknown_one(cp: RunningPortal, ref: str) -> None:
    _, owner = await cp.customer()
    _, stranger = await cp.customer()
    target = {
        "foreign": (await put_platform(owner))["credential_ref"],
        "unknown": str(uuid4()),
        "an exchange's": (await put_setup(stranger))["credential_ref"],
    }[ref]

    answers = [
        await stranger.put(PATH, json=platform_body(credential_ref=target)),
        await stranger.delete(f"{PATH}/{target}"),
        await stranger.post(f"{PATH}/{target}/test"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (await stranger.get(PATH)).json()["items"] == []


async def test_tokens_are_no_exchange_set_up(cp: RunningPortal) -> None:
    _, http = await cp.customer()
    ref = (await put_platform(http))["credential_ref"]

    answers = [
        await http.put(EXCHANGES, json=setup_body(credential_ref=ref)),
        await http.delete(f"{EXCHANGES}/{ref}"),
        await http.post(f"{EXCHANGES}/{ref}/test"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert (await http.get(EXCHANGES)).json()["items"] == []


async def test_connection_test_is_made_by_plant(cp: RunningPortal) -> None:
    customer_id, http = await cp.customer()
    ref = (await put_platform(http))["credential_ref"]

    answer = await http.post(f"{PATH}/{ref}/test")

    assert answer.json() == {"ok": True, "detail": "one read"}
    assert cp.plant.calls[-1].path == f"/api/v1/platform-accounts/{ref}/test"
    assert cp.plant.calls[-1].identity.customer_id == customer_id


@pytest.mark.parametrize(
    "changes",
    [
        {"platform": "elsewhere"},
        {"access_token": "abc"},
        {"access_token": f"{ACCESS}\r\nX-Other: 1"},
        {"refresh_token": f"{REFRESH} with space"},
        {"posting_identity": "<script>"},
        {"platform": "bluesky", "posting_identity": None},
        {ACCESS: 1},
    ],
)
async def test_invalid_field_is_named_and_no_token_repeated(
    cp: RunningPortal, changes: dict[str, Any]
) -> None:
    _, http = await cp.customer()

    answer = await http.put(PATH, json=platform_body(**changes))

    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert ACCESS not in answer.text
    assert REFRESH not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("PUT", ""), ("DELETE", f"/{UUID(int=1)}"), ("POST", f"/{UUID(int=1)}/test")],
)
async def test_anonymous_is_refused(cp: RunningPortal, method: str, path: str) -> None:
    assert (await cp.client().request(method, PATH + path)).status_code == 401
