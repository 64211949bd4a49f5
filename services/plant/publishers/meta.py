"""Meta: a post to a Facebook Page's feed, and a picture on Instagram in its three steps."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from plant.brokers.base import BrokerError, BrokerUnreachableError, NotSent, Refused, Unknown
from plant.publishers.base import (
    PlatformCredentials,
    PostReceipt,
    PostRequest,
    PreparedPost,
    Published,
    PublishOutcome,
    Session,
)
from plant.publishers.calls import (
    FORM,
    Answer,
    Endpoints,
    Line,
    bearer_headers,
    moment_of,
    needed,
    read_json,
    rows_at,
    text_at,
    value_at,
)
from shared.clock import epoch_ms, utc_now
from shared.http_client import Http, HttpAnswer
from shared.posts.model import Platform, PostParams

API_VERSION = "v24.0"
_NODE = r"/v24\.0/[0-9]{1,30}"
ENDPOINTS = Endpoints(
    (
        ("GET", r"/v24\.0/me"),
        ("GET", _NODE),
        ("GET", _NODE + r"/(feed|media)"),
        ("POST", _NODE + r"/(feed|media|media_publish)"),
    )
)
_CERTAIN = frozenset({400, 401, 403})
_OUT_OF_RATE = frozenset({4, 9, 17, 32, 613})
_PASSING = frozenset({1, 2})
"""Codes that come with a status of a refusal and are none. Source: the Graph API's page on errors, 20 Nov 2026."""
_PAUSE_S = 300.0
_PAGE = 100
_CLOCKS_APART = timedelta(seconds=60)
_CONTAINER_WAITS_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
_TEXT = {Platform.FACEBOOK: "message", Platform.INSTAGRAM: "caption"}
_TIME = {Platform.FACEBOOK: "created_time", Platform.INSTAGRAM: "timestamp"}
_LINK = {Platform.FACEBOOK: "permalink_url", Platform.INSTAGRAM: "permalink"}
_LIST = {Platform.FACEBOOK: "feed", Platform.INSTAGRAM: "media"}


@dataclass(frozen=True, slots=True)
class FacebookPublisher:
    """The credential is a token of the Page; the posting identity is the Page's id."""

    http: Http
    platform: Platform = Platform.FACEBOOK

    async def sign_in(self, credentials: PlatformCredentials) -> Session:
        return await _sign_in(_line(self.http), self.platform, credentials, path=f"/{API_VERSION}/me")

    async def refresh(self, credentials: PlatformCredentials) -> PlatformCredentials | None:
        """A Page's long-lived token does not expire."""
        return None

    def request_for(self, params: PostParams, *, client_order_id: str, session: Session) -> PostRequest:
        return PostRequest(
            path=f"/{API_VERSION}/{session.account_id}/feed",
            body=urlencode({"message": params.text}).encode(),
            headers=_headers(session, Content_Type=FORM),
        )

    async def send(self, prepared: PreparedPost) -> PublishOutcome:
        return await _publish(_line(self.http), prepared, platform=self.platform)

    async def find_post(
        self,
        params: PostParams,
        *,
        client_order_id: str,
        since: datetime,
        session: Session,
        taken: frozenset[str] = frozenset(),
    ) -> PostReceipt | None:
        return await _find(_line(self.http), params, since=since, session=session, taken=taken)


@dataclass(frozen=True, slots=True)
class InstagramPublisher:
    """The posting identity is the id of the professional account. A container is seen by nobody."""

    http: Http
    platform: Platform = Platform.INSTAGRAM

    async def sign_in(self, credentials: PlatformCredentials) -> Session:
        path = f"/{API_VERSION}/{credentials.posting_identity or 'me'}"
        return await _sign_in(_line(self.http), self.platform, credentials, path=path)

    async def refresh(self, credentials: PlatformCredentials) -> PlatformCredentials | None:
        """Publishes with the token of the Page that it belongs to, which does not expire."""
        return None

    def request_for(self, params: PostParams, *, client_order_id: str, session: Session) -> PostRequest:
        assert params.image_url is not None
        return PostRequest(
            path=f"/{API_VERSION}/{session.account_id}/media",
            body=urlencode({"image_url": params.image_url, "caption": params.text}).encode(),
            headers=_headers(session, Content_Type=FORM),
        )

    async def send(self, prepared: PreparedPost) -> PublishOutcome:
        """Whatever goes wrong before the last step has published nothing."""
        line = _line(self.http)
        made = await _publish(line, prepared, platform=self.platform)
        if isinstance(made, Unknown):
            return NotSent(f"the picture was not made ready: {made.detail}", retry_after_s=5)
        if not isinstance(made, Published):
            return made
        container_id = made.receipt.post_id
        not_ready = await _wait_until_ready(line, container_id, prepared)
        if not_ready is not None:
            return not_ready
        body = urlencode({"creation_id": container_id}).encode()
        publication = replace(prepared, path=f"{prepared.path}_publish", body=body)
        return await _publish(line, publication, platform=self.platform)

    async def find_post(
        self,
        params: PostParams,
        *,
        client_order_id: str,
        since: datetime,
        session: Session,
        taken: frozenset[str] = frozenset(),
    ) -> PostReceipt | None:
        return await _find(_line(self.http), params, since=since, session=session, taken=taken)


def _line(http: Http) -> Line:
    return Line(http, ENDPOINTS, _error_of, _retry_after_s)


async def _sign_in(line: Line, platform: Platform, credentials: PlatformCredentials, *, path: str) -> Session:
    token = credentials.access_token
    answer = await line.read("GET", path, headers=bearer_headers(token.get_secret_value()))
    account_id = needed(text_at(answer, "id"))
    return Session(platform, account_id, account_id, token, credentials.read_only)


async def _publish(line: Line, prepared: PreparedPost, *, platform: Platform) -> PublishOutcome:
    def sort(response: HttpAnswer) -> PublishOutcome:
        answer = read_json(response)
        code = value_at(answer, "error", "code")
        if code in _OUT_OF_RATE:
            return NotSent("out of rate; nothing was published", retry_after_s=_PAUSE_S)
        if code in _PASSING:
            return Unknown("the platform failed in passing")
        if response.status != 200:
            return line.refusal_of(response, prepared, certain=_CERTAIN)
        post_id = text_at(answer, "id")
        if post_id is None:
            return Unknown("the platform's answer names no post")
        url = f"https://www.facebook.com/{post_id}" if platform is Platform.FACEBOOK else None
        return Published(PostReceipt(platform, post_id, url, utc_now()))

    return await line.send(prepared, sort=sort)


async def _wait_until_ready(
    line: Line, container_id: str, prepared: PreparedPost
) -> NotSent | Refused | None:
    for wait_s in _CONTAINER_WAITS_S:
        await asyncio.sleep(wait_s)
        try:
            answer = await line.read(
                "GET",
                f"/{API_VERSION}/{container_id}",
                headers={name: value for name, value in prepared.headers.items() if name != "Content-Type"},
                query="fields=status_code",
            )
        except BrokerError as error:
            return NotSent(f"the picture was not made ready: {error.detail}", retry_after_s=5)
        status = text_at(answer, "status_code")
        if status == "FINISHED":
            return None
        if status in ("ERROR", "EXPIRED"):
            return Refused(f"CONTAINER_{status}", "the platform could not take the picture")
    return NotSent("the platform has not made the picture ready in time", retry_after_s=30)


async def _find(
    line: Line, params: PostParams, *, since: datetime, session: Session, taken: frozenset[str]
) -> PostReceipt | None:
    platform = params.platform
    earliest = since - _CLOCKS_APART
    fields = f"id,{_TEXT[platform]},{_TIME[platform]},{_LINK[platform]}"
    query = {"fields": fields, "since": str(epoch_ms(earliest) // 1000), "limit": str(_PAGE)}
    path = f"/{API_VERSION}/{session.account_id}/{_LIST[platform]}"
    posts = rows_at(await line.read("GET", path, headers=_headers(session), query=urlencode(query)), "data")
    recent = [post for post in posts if moment_of(text_at(post, _TIME[platform])) >= earliest]
    for post in recent:
        post_id = needed(text_at(post, "id"))
        if post_id not in taken and text_at(post, _TEXT[platform]) == params.text:
            at = moment_of(text_at(post, _TIME[platform]))
            return PostReceipt(platform, post_id, text_at(post, _LINK[platform]), at)
    if len(recent) >= _PAGE:
        raise BrokerUnreachableError("there are too many posts since then to be read whole")
    return None


def _headers(session: Session, **more: str) -> dict[str, str]:
    return bearer_headers(session.token.get_secret_value(), **more)


def _error_of(answer: Answer) -> str:
    return text_at(answer, "error", "message") or ""


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """Meta's limits are of a rolling hour; their headers tell no time."""
    return _PAUSE_S
