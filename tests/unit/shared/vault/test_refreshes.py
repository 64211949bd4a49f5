"""Renewed tokens: from Plant only, for that record and version only, once; approvals given before still hold."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from cli.stack.databases import Databases
from shared.bundle_format import PlatformTokens
from shared.contracts.vault import CredentialRefresh
from shared.ids import CustomerId
from shared.keys import Issuer, Purpose, load_signing_key, make_signing_key
from shared.portal import KEK_FILE, key_encryption
from shared.refresh_format import seal_refresh
from shared.vault.envelope import add_key_version
from shared.vault.rewrap import rewrap_all
from tests.portals import RunningPortal, stored_text
from tests.unit.shared.vault.platform_credentials import (
    ACCESS,
    PATH,
    REFRESH,
    RENEWED,
    Publishing,
    publishing_customer,
    put_platform,
    reason,
)


@pytest.fixture
async def customer(cp: RunningPortal) -> Publishing:
    return await publishing_customer(cp)


async def token_of(customer: Publishing) -> str:
    return (await customer.released()).tokens.access_token.get_secret_value()


async def outcomes(customer: Publishing, databases: Databases) -> list[str]:
    rows = (await stored_text(databases, "cp", "credential_refreshes")).splitlines()
    own = [row for row in rows if str(customer.credential_ref) in row]
    return [row.split("'outcome': '")[1].split("'")[0] for row in own]


async def test_renewed_tokens_take_the_place_of_the_used_ones(
    customer: Publishing, databases: Databases
) -> None:
    assert await token_of(customer) == ACCESS
    released = await customer.released(purpose="refresh")

    answer = await customer.hand_back(customer.renewed(released))

    assert answer.json() == {"applied": True}
    assert await token_of(customer) == RENEWED
    following = await customer.released(purpose="refresh")
    assert following.tokens.refresh_token == SecretStr("renewed-refresh-1")
    assert following.tokens.posting_identity == "demo_a"
    assert (released.renewal, following.renewal) != (None, None)
    assert await outcomes(customer, databases) == ["applied"]


async def test_approval_given_before_a_refresh_still_holds(customer: Publishing) -> None:
    before = (await customer.http.get(PATH)).json()["items"][0]
    told = len(customer.cp.plant.calls)
    approved = customer.approval()
    await asyncio.sleep(2.1)

    await customer.hand_back(customer.renewed(await customer.released(purpose="refresh")))

    contents = await customer.released(**approved)
    after = (await customer.http.get(PATH)).json()["items"][0]
    assert contents.tokens.access_token == SecretStr(RENEWED)
    assert (before["access_token_last4"], after["access_token_last4"]) == ("4821", "9999")
    assert before["updated_at"] == after["updated_at"]
    assert len(customer.cp.plant.calls) == told


async def test_repeated_refresh_changes_nothing(customer: Publishing, databases: Databases) -> None:
    refresh = customer.renewed(await customer.released(purpose="refresh"))

    answers = [await customer.hand_back(refresh) for _ in range(2)]

    assert [answer.json()["applied"] for answer in answers] == [True, False]
    assert await outcomes(customer, databases) == ["applied", "stale"]


async def test_same_refresh_delivered_at_once_is_taken_once(customer: Publishing) -> None:
    refresh = customer.renewed(await customer.released(purpose="refresh"))

    answers = await asyncio.gather(*(customer.hand_back(refresh) for _ in range(4)))

    assert sorted(answer.json()["applied"] for answer in answers) == [False, False, False, True]


async def test_refresh_that_the_owner_overtook_changes_nothing(customer: Publishing) -> None:
    refresh = customer.renewed(await customer.released(purpose="refresh"))
    await put_platform(
        customer.http, credential_ref=str(customer.credential_ref), access_token="the-owners-token"
    )

    answer = await customer.hand_back(refresh)

    assert answer.json() == {"applied": False}
    assert await token_of(customer) == "the-owners-token"
    assert customer.cp.plant.calls[-1].body["version"] == 2


async def test_owner_can_replace_what_was_renewed(customer: Publishing) -> None:
    await customer.hand_back(customer.renewed(await customer.released(purpose="refresh")))

    await put_platform(
        customer.http, credential_ref=str(customer.credential_ref), access_token="the-owners-token"
    )

    assert await token_of(customer) == "the-owners-token"
    assert customer.cp.plant.calls[-1].body["version"] == 3


async def test_refresh_is_taken_after_a_rewrap(customer: Publishing) -> None:
    released = await customer.released(purpose="refresh")
    path = customer.cp.keys / "cp" / KEK_FILE
    add_key_version(path)
    await rewrap_all(customer.cp.portal.database, keys=key_encryption(path.parent))

    answer = await customer.hand_back(customer.renewed(released))

    assert answer.json() == {"applied": True}
    assert await token_of(customer) == RENEWED


async def test_refresh_that_is_not_sealed_to_the_record_by_plant_is_refused(
    customer: Publishing, databases: Databases, tmp_path: Path
) -> None:
    released = await customer.released(purpose="refresh")
    other = await publishing_customer(customer.cp)
    good, foreign = customer.renewed(released), other.renewed(await other.released(purpose="refresh"))
    of_gateway = load_signing_key(
        customer.cp.keys / "gateway", issuer=Issuer.GATEWAY, purpose=Purpose.IDENTITY
    )
    stranger = make_signing_key(tmp_path, issuer=Issuer.PLANT, purpose=Purpose.IDENTITY)
    forged = [
        good.model_copy(update={"sealed": foreign.sealed}),
        good.model_copy(update={"sealed": good.sealed[:-2] + "AA"}),
        good.model_copy(update={"sealed": "a.b.c"}),
        customer.renewed(released, key=of_gateway),
        customer.renewed(released, key=stranger),
    ]

    answers = [await customer.hand_back(refresh) for refresh in forged]

    assert [reason(answer) for answer in answers] == [(403, "not_allowed")] * len(forged)
    assert await token_of(customer) == ACCESS
    assert await outcomes(customer, databases) == ["invalid"] * len(forged)


@pytest.mark.parametrize("token", ["", "two words", "line\r\nbreak"])
async def test_token_that_could_not_be_sent_is_refused(customer: Publishing, token: str) -> None:
    released = await customer.released(purpose="refresh")
    tokens = PlatformTokens(access_token=SecretStr(token))

    answer = await customer.hand_back(seal_refresh(released, tokens, key=customer.plant_key))

    assert reason(answer) == (403, "not_allowed")
    assert await token_of(customer) == ACCESS


async def test_unknown_deleted_and_foreign_references_look_the_same(customer: Publishing) -> None:
    refresh = customer.renewed(await customer.released(purpose="refresh"))
    foreign = (await publishing_customer(customer.cp)).credential_ref
    await customer.http.delete(f"{PATH}/{customer.credential_ref}")

    answers = [
        await customer.hand_back(refresh, credential_ref=str(ref))
        for ref in (foreign, customer.credential_ref, uuid4())
    ]

    bodies = [{k: v for k, v in a.json().items() if k != "correlation_id"} for a in answers]
    assert reason(answers[0]) == (403, "credential_unavailable")
    assert bodies[0] == bodies[1] == bodies[2]


async def test_others_than_plant_hand_in_nothing(customer: Publishing) -> None:
    refresh: CredentialRefresh = customer.renewed(await customer.released(purpose="refresh"))
    body = refresh.model_dump(mode="json")
    identity = customer.cp.plant_identity
    tokens = [
        identity(customer_id=customer.customer_id, issuer=Issuer.CP),
        identity(customer_id=customer.customer_id, issuer=Issuer.GATEWAY),
        identity(customer_id=CustomerId(uuid4())),
        customer.http.headers["Authorization"].removeprefix("Bearer "),
    ]

    answers = [await customer.post("credential-refreshes", body, token=token) for token in tokens]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 401]
    assert await token_of(customer) == ACCESS


async def test_no_token_is_stored_in_clear(customer: Publishing, databases: Databases) -> None:
    released = await customer.released(purpose="refresh")
    assert released.renewal is not None

    refresh = customer.renewed(released, token="canary-renewed-token")
    answer = await customer.hand_back(refresh)

    tables = ("credentials", "credential_refreshes", "credential_releases", "outbox")
    everything = answer.text + "".join([await stored_text(databases, "cp", table) for table in tables])
    key = released.renewal.key.get_secret_value()
    for secret in (ACCESS, REFRESH, "canary-renewed-token", "renewed-refresh-1", key):
        assert secret not in everything
        assert secret not in refresh.model_dump_json()
