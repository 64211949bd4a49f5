"""Each publisher against its platform's imitation: published once, found again, nothing doubled."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from plant.brokers.base import BrokerRefusedError, BrokerUnreachableError, NotSent, Refused, Unknown
from plant.publishers.base import Published, Publisher
from shared.posts.model import Platform
from tests.posts import LONG_AGO, VENUES, create_credentials, create_post, prepare

TEXT = "Neu: Äpfel 🍎 & <Birnen> (reif) @ 5 *\n\nhttps://example.com/a?b=1 example.org 👩‍👩‍👧 שלום #obst \\o/"

Publishers = Callable[[Platform], Publisher]
every_platform = pytest.mark.parametrize("platform", Platform)


async def stored(control: httpx.AsyncClient, platform: Platform) -> list[dict[str, Any]]:
    answer = await control.get("/_control/posts", params={"venue": VENUES[platform]})
    return answer.json()["items"]


async def plant(control: httpx.AsyncClient, platform: Platform, fault: str, **params: Any) -> None:
    match = {"method": "POST", "path": _write_path(platform)}
    body = {"venue": VENUES[platform], "fault": fault, "match": match, "params": params}
    (await control.post("/_control/faults", json=body)).raise_for_status()


def _write_path(platform: Platform) -> str:
    return {
        Platform.MASTODON: "/api/v1/statuses",
        Platform.BLUESKY: "/xrpc/com.atproto.repo.createRecord",
        Platform.X: "/2/tweets",
        Platform.LINKEDIN: "/rest/posts",
        Platform.FACEBOOK: "/v24.0/100000000000001/feed",
        Platform.INSTAGRAM: "/v24.0/17841400000000001/media_publish",
    }[platform]


@every_platform
async def test_text_is_published_to_the_letter_and_found(
    platform: Platform, publishers: Publishers, control: httpx.AsyncClient
) -> None:
    publisher, post = publishers(platform), create_post(platform, TEXT)
    session = await publisher.sign_in(create_credentials(platform))
    before = await publisher.find_post(post, client_order_id="cs1", since=LONG_AGO, session=session)

    outcome = await publisher.send(prepare(publisher, post, session=session))

    found = await publisher.find_post(post, client_order_id="cs1", since=LONG_AGO, session=session)
    assert before is None
    assert isinstance(outcome, Published)
    assert found is not None
    assert found.post_id == outcome.receipt.post_id
    assert [one["text"] for one in await stored(control, platform)] == [TEXT]


@every_platform
async def test_lost_answer_is_unknown_and_the_post_is_found(
    platform: Platform, publishers: Publishers, control: httpx.AsyncClient
) -> None:
    publisher, post = publishers(platform), create_post(platform, TEXT)
    session = await publisher.sign_in(create_credentials(platform))
    await plant(control, platform, "accept_then_drop")

    outcome = await publisher.send(prepare(publisher, post, session=session))

    found = await publisher.find_post(post, client_order_id="cs1", since=LONG_AGO, session=session)
    assert isinstance(outcome, Unknown)
    assert found is not None
    assert found.post_id == (await stored(control, platform))[0]["post_id"]


@every_platform
async def test_dropped_request_is_unknown_and_nothing_is_found(
    platform: Platform, publishers: Publishers, control: httpx.AsyncClient
) -> None:
    publisher, post = publishers(platform), create_post(platform, TEXT)
    session = await publisher.sign_in(create_credentials(platform))
    await plant(control, platform, "drop_before_accept")

    outcome = await publisher.send(prepare(publisher, post, session=session))

    assert isinstance(outcome, Unknown)
    assert await publisher.find_post(post, client_order_id="cs1", since=LONG_AGO, session=session) is None


@every_platform
@pytest.mark.parametrize(("fault", "params"), [("error_after", {"status": 502}), ("malformed", {})])
async def test_answer_that_says_nothing_is_unknown(
    platform: Platform, fault: str, params: dict[str, int], publishers: Publishers, control: httpx.AsyncClient
) -> None:
    publisher = publishers(platform)
    session = await publisher.sign_in(create_credentials(platform))
    await plant(control, platform, fault, **params)

    outcome = await publisher.send(prepare(publisher, create_post(platform), session=session))

    assert isinstance(outcome, Unknown)
    assert len(await stored(control, platform)) == 1


@every_platform
async def test_out_of_rate_is_not_sent(
    platform: Platform, publishers: Publishers, control: httpx.AsyncClient
) -> None:
    publisher = publishers(platform)
    session = await publisher.sign_in(create_credentials(platform))
    await plant(control, platform, "rate_limit", reset_ms=9_000)

    outcome = await publisher.send(prepare(publisher, create_post(platform), session=session))

    assert isinstance(outcome, NotSent)
    assert outcome.retry_after_s >= 7
    assert await stored(control, platform) == []


@every_platform
async def test_wrong_token_is_refused_when_signing_in(platform: Platform, publishers: Publishers) -> None:
    with pytest.raises(BrokerRefusedError) as refused:
        await publishers(platform).sign_in(create_credentials(platform, access_token=SecretStr("wrong")))

    assert refused.value.code == "CREDENTIAL_REFUSED"
    assert "wrong" not in refused.value.detail


@every_platform
async def test_platform_in_maintenance_proves_no_absence(
    platform: Platform, publishers: Publishers, control: httpx.AsyncClient
) -> None:
    publisher, post = publishers(platform), create_post(platform)
    session = await publisher.sign_in(create_credentials(platform))
    await control.post("/_control/faults", json={"venue": VENUES[platform], "fault": "maintenance"})

    with pytest.raises(BrokerUnreachableError):
        await publisher.find_post(post, client_order_id="cs1", since=LONG_AGO, session=session)


@pytest.mark.parametrize("platform", [Platform.MASTODON, Platform.FACEBOOK, Platform.INSTAGRAM])
async def test_post_of_another_execution_is_not_taken_for_ours(
    platform: Platform, publishers: Publishers
) -> None:
    publisher, post = publishers(platform), create_post(platform)
    session = await publisher.sign_in(create_credentials(platform))
    first = await publisher.send(prepare(publisher, post, session=session))
    assert isinstance(first, Published)

    found = await publisher.find_post(
        post,
        client_order_id="cs2",
        since=LONG_AGO,
        session=session,
        taken=frozenset({first.receipt.post_id}),
    )

    assert found is None


@pytest.mark.parametrize("platform", [Platform.MASTODON, Platform.BLUESKY])
async def test_same_key_publishes_once(
    platform: Platform, publishers: Publishers, control: httpx.AsyncClient
) -> None:
    publisher, post = publishers(platform), create_post(platform)
    session = await publisher.sign_in(create_credentials(platform))
    await publisher.send(prepare(publisher, post, session=session))

    again = await publisher.send(prepare(publisher, post, session=session))

    assert isinstance(again, Published if platform is Platform.MASTODON else Unknown)
    assert len(await stored(control, platform)) == 1


@pytest.mark.parametrize("platform", [Platform.X, Platform.LINKEDIN])
async def test_duplicate_text_is_unknown_not_refused(platform: Platform, publishers: Publishers) -> None:
    publisher, post = publishers(platform), create_post(platform)
    session = await publisher.sign_in(create_credentials(platform))
    await publisher.send(prepare(publisher, post, session=session))

    again = await publisher.send(prepare(publisher, post, session=session, key="cs2"))

    assert isinstance(again, Unknown)


async def test_personal_linkedin_post_cannot_be_looked_up(publishers: Publishers) -> None:
    publisher, post = publishers(Platform.LINKEDIN), create_post(Platform.LINKEDIN)
    credentials = create_credentials(
        Platform.LINKEDIN,
        posting_identity="urn:li:person:demoB",
        access_token=SecretStr("demo-linkedin-token-b"),
    )
    session = await publisher.sign_in(credentials)

    outcome = await publisher.send(prepare(publisher, post, session=session))

    assert isinstance(outcome, Published)
    with pytest.raises(BrokerRefusedError):
        await publisher.find_post(post, client_order_id="cs1", since=LONG_AGO, session=session)


@pytest.mark.parametrize("platform", [Platform.X, Platform.LINKEDIN])
async def test_refreshed_token_works(platform: Platform, publishers: Publishers) -> None:
    publisher = publishers(platform)
    old = create_credentials(platform, refresh_token=SecretStr(f"demo-{platform.value}-refresh-a"))

    renewed = await publisher.refresh(old)

    assert renewed is not None
    assert renewed.access_token != old.access_token
    assert (await publisher.sign_in(renewed)).identity == old.posting_identity


async def test_used_refresh_token_of_x_is_refused(publishers: Publishers) -> None:
    publisher = publishers(Platform.X)
    old = create_credentials(Platform.X, refresh_token=SecretStr("demo-x-refresh-a"))
    await publisher.refresh(old)

    with pytest.raises(BrokerRefusedError):
        await publisher.refresh(old)


async def test_instagram_container_that_fails_publishes_nothing(
    publishers: Publishers, control: httpx.AsyncClient
) -> None:
    publisher = publishers(Platform.INSTAGRAM)
    session = await publisher.sign_in(create_credentials(Platform.INSTAGRAM))
    path = "/v24.0/17841400000000001/media"
    fault = {"venue": "meta", "fault": "accept_then_drop", "match": {"method": "POST", "path": path}}
    await control.post("/_control/faults", json=fault)

    outcome = await publisher.send(prepare(publisher, create_post(Platform.INSTAGRAM), session=session))

    assert isinstance(outcome, NotSent)
    assert await stored(control, Platform.INSTAGRAM) == []


@every_platform
async def test_planted_refusal_is_refused(
    platform: Platform, publishers: Publishers, control: httpx.AsyncClient
) -> None:
    publisher = publishers(platform)
    session = await publisher.sign_in(create_credentials(platform))
    await plant(control, platform, "error_before", status=403)

    outcome = await publisher.send(prepare(publisher, create_post(platform), session=session))

    assert isinstance(outcome, Refused)
    assert await stored(control, platform) == []
