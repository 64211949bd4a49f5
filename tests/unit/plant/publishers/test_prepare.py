"""What a publisher makes ready, for whom, and what it refuses to make ready at all."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from plant.brokers.base import BrokerRefusedError, NotSent, ReadOnlyCredentialError, Refused
from plant.permits import Permit, PermitMismatchError
from plant.publishers import base as publishers
from plant.publishers.base import Publisher, Session, UnpublishableError
from plant.publishers.bluesky import record_key
from plant.publishers.calls import EndpointNotAllowedError
from plant.publishers.linkedin import escaped
from shared.clock import utc_now
from shared.ids import ActionHash, ExecutionId
from shared.posts.check import LIMITS
from shared.posts.model import Platform
from tests.http_double import HttpDouble
from tests.posts import ACTION_HASH, PERMIT, create_credentials, create_post, prepare
from tests.unit.plant.publishers.conftest import MAKERS

TEXT = "Äpfel 🍎 & <Birnen>\nzwei"
every_platform = pytest.mark.parametrize("platform", Platform)


def create_publisher(platform: Platform) -> Publisher:
    return MAKERS[platform](HttpDouble(httpx.AsyncClient(base_url="http://127.0.0.1:1")))


def create_session(platform: Platform, **changes: Any) -> Session:
    account_id = "urn:li:person:a" if platform is Platform.LINKEDIN else "17"
    session = Session(platform, account_id, "demo_a", SecretStr("secret-token"), read_only=False)
    return replace(session, **changes)


@every_platform
def test_body_carries_the_text_and_its_hash(platform: Platform) -> None:
    publisher, post = create_publisher(platform), create_post(platform, TEXT)

    prepared = prepare(publisher, post, session=create_session(platform))

    assert prepared.request_hash == hashlib.sha256(prepared.body).hexdigest()
    assert _text_in(platform, prepared.body) == TEXT


def _text_in(platform: Platform, body: bytes) -> str:
    match platform:
        case Platform.MASTODON:
            return parse_qs(body.decode())["status"][0]
        case Platform.BLUESKY:
            return json.loads(body)["record"]["text"]
        case Platform.X:
            return json.loads(body)["text"]
        case Platform.LINKEDIN:
            return json.loads(body)["commentary"].replace("\\", "")
        case Platform.FACEBOOK:
            return parse_qs(body.decode())["message"][0]
        case Platform.INSTAGRAM:
            return parse_qs(body.decode())["caption"][0]


@every_platform
def test_prepared_post_shows_no_secret(platform: Platform) -> None:
    session = create_session(platform)

    prepared = prepare(create_publisher(platform), create_post(platform), session=session)

    assert "secret-token" in prepared.headers["Authorization"]
    assert "secret-token" not in repr(prepared) + repr(session) + prepared.body.decode() + prepared.path


@every_platform
def test_permit_for_another_action_makes_nothing_ready(platform: Platform) -> None:
    other = Permit(ActionHash("sha256:" + "0" * 64), ExecutionId(UUID(int=3)))

    with pytest.raises(PermitMismatchError):
        publishers.prepare(
            create_publisher(platform),
            create_post(platform),
            action_hash=ACTION_HASH,
            permit=other,
            client_order_id="cs1",
            session=create_session(platform),
        )


@every_platform
def test_read_only_credential_makes_nothing_ready(platform: Platform) -> None:
    session = create_session(platform, read_only=True)

    with pytest.raises(ReadOnlyCredentialError):
        prepare(create_publisher(platform), create_post(platform), session=session)


@every_platform
@pytest.mark.parametrize("text", ["", " padded", "hidden\u202etext", "tag\U000e0041"])
def test_text_that_is_not_publishable_is_not_made_ready(platform: Platform, text: str) -> None:
    with pytest.raises(UnpublishableError):
        prepare(create_publisher(platform), create_post(platform, text), session=create_session(platform))


@every_platform
def test_text_over_the_limit_is_not_made_ready(platform: Platform) -> None:
    limit = LIMITS[platform][0].limit
    at_limit, session = create_post(platform, "a" * limit), create_session(platform)
    beyond = at_limit.model_copy(update={"text": "a" * (limit + 1)})

    prepare(create_publisher(platform), at_limit, session=session)

    with pytest.raises(UnpublishableError, match=f"{limit + 1} of at most {limit}"):
        prepare(create_publisher(platform), beyond, session=session)


@every_platform
def test_another_identity_than_approved_is_not_made_ready(platform: Platform) -> None:
    post = create_post(platform, posting_identity="somebody_else")

    with pytest.raises(UnpublishableError, match="another name"):
        prepare(create_publisher(platform), post, session=create_session(platform))


@every_platform
def test_post_for_another_platform_is_not_made_ready(platform: Platform) -> None:
    elsewhere = Platform.X if platform is not Platform.X else Platform.MASTODON

    with pytest.raises(UnpublishableError, match="cannot be published"):
        prepare(create_publisher(platform), create_post(elsewhere), session=create_session(platform))


@every_platform
async def test_late_post_is_not_sent(platform: Platform) -> None:
    publisher = create_publisher(platform)
    prepared = prepare(publisher, create_post(platform), session=create_session(platform))

    outcome = await publisher.send(replace(prepared, valid_until=utc_now() - timedelta(milliseconds=1)))

    assert outcome == NotSent("the post was not sent in time after its last check", retry_after_s=0)


@every_platform
async def test_unreachable_platform_is_not_sent(platform: Platform) -> None:
    publisher = create_publisher(platform)

    outcome = await publisher.send(
        prepare(publisher, create_post(platform), session=create_session(platform))
    )

    assert outcome == NotSent("the platform cannot be reached", retry_after_s=1)


@every_platform
@pytest.mark.parametrize(
    "path",
    ["/api/v1/statuses/1", "/xrpc/com.atproto.repo.deleteRecord", "/2/tweets/.."],
)
async def test_endpoint_off_the_list_is_not_called(platform: Platform, path: str) -> None:
    publisher = create_publisher(platform)
    prepared = prepare(publisher, create_post(platform), session=create_session(platform))

    with pytest.raises(EndpointNotAllowedError):
        await publisher.send(replace(prepared, path=path))


async def test_permit_is_checked_again_when_sending() -> None:
    publisher = create_publisher(Platform.MASTODON)
    session = create_session(Platform.MASTODON)
    prepared = prepare(publisher, create_post(Platform.MASTODON), session=session)

    with pytest.raises(PermitMismatchError):
        await publisher.send(replace(prepared, action_hash=ActionHash("sha256:" + "0" * 64)))
    assert prepared.permit is PERMIT


def test_mastodon_carries_our_id_as_its_key() -> None:
    session = create_session(Platform.MASTODON)

    prepared = prepare(
        create_publisher(Platform.MASTODON), create_post(Platform.MASTODON), session=session, key="csabc"
    )

    assert prepared.headers["Idempotency-Key"] == "csabc"


def test_record_key_is_determined_by_our_id() -> None:
    keys = {record_key(f"cs{number}") for number in range(2_000)}

    assert len(keys) == 2_000
    assert all(len(key) == 13 and key[0] in "234567abcdefghij" for key in keys)
    assert record_key("cs1") == record_key("cs1")


def test_reserved_characters_of_linkedin_stand_for_themselves() -> None:
    assert escaped("a_b (c) #d @e \\ f~") == "a\\_b \\(c\\) \\#d \\@e \\\\ f\\~"


@pytest.mark.parametrize("platform", [Platform.X, Platform.LINKEDIN])
async def test_refused_refresh_quotes_no_token(platform: Platform) -> None:
    echo = {"message": "bad token my-refresh", "error_description": "bad token my-refresh"}
    transport = httpx.MockTransport(lambda _: httpx.Response(400, json=echo))
    publisher = MAKERS[platform](HttpDouble(httpx.AsyncClient(transport=transport, base_url="http://x")))

    with pytest.raises(BrokerRefusedError) as refused:
        await publisher.refresh(create_credentials(platform, refresh_token=SecretStr("my-refresh")))

    assert "bad token" in refused.value.detail
    assert "my-refresh" not in refused.value.detail


@every_platform
async def test_refusal_that_repeats_the_token_is_not_quoted_on_it(platform: Platform) -> None:
    said = "no secret-token"
    echo = {"error": said, "detail": said, "message": said}
    if platform in (Platform.FACEBOOK, Platform.INSTAGRAM):
        echo = {"error": {"message": said, "code": 100}}
    if platform is Platform.BLUESKY:
        echo = {"error": "InvalidRequest", "message": said}
    transport = httpx.MockTransport(lambda _: httpx.Response(403, json=echo))
    publisher = MAKERS[platform](HttpDouble(httpx.AsyncClient(transport=transport, base_url="http://x")))

    outcome = await publisher.send(
        prepare(publisher, create_post(platform), session=create_session(platform))
    )

    assert isinstance(outcome, Refused)
    assert "secret-token" not in outcome.detail
