"""LinkedIn: a post whose id comes in a header; only an organization's posts can be looked up."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from pydantic import SecretStr

from plant.brokers.base import BrokerRefusedError, BrokerUnreachableError, Unknown
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
    JSON,
    USER_AGENT,
    Answer,
    Endpoints,
    Line,
    bearer_headers,
    needed,
    read_json,
    rows_at,
    text_at,
    value_at,
)
from shared.clock import epoch_ms, from_epoch_ms, utc_now
from shared.http_client import Http, HttpAnswer
from shared.posts.model import Platform, PostParams, Visibility

API_VERSION = "202610"
ENDPOINTS = Endpoints(
    (
        ("GET", r"/v2/userinfo"),
        ("GET", r"/rest/posts"),
        ("POST", r"/rest/posts"),
        ("POST", r"/oauth/v2/accessToken"),
    )
)
_CERTAIN = frozenset({400, 401, 403, 422, 426})
_AUTHOR = re.compile(r"urn:li:(person|organization):[A-Za-z0-9_\-]{1,80}")
_POST_ID = re.compile(r"urn:li:(share|ugcPost):[0-9]{1,30}")
_RESERVED = re.compile(r"[|{}@\[\]()<>#\\*_~]")
_VISIBILITIES = {Visibility.PUBLIC: "PUBLIC", Visibility.FOLLOWERS: "CONNECTIONS"}
_PAGE = 100
_CLOCKS_APART = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class LinkedInPublisher:
    """`sign_in_http` has the address where tokens are refreshed, which is another than the API's."""

    http: Http
    sign_in_http: Http
    client_id: str = field(repr=False, default="")
    client_secret: SecretStr | None = None
    platform: Platform = Platform.LINKEDIN

    @property
    def _line(self) -> Line:
        return Line(self.http, ENDPOINTS, _error_of, _retry_after_s)

    async def sign_in(self, credentials: PlatformCredentials) -> Session:
        """For an organization the posting identity says which; the token says only which person."""
        token = credentials.access_token
        answer = await self._line.read(
            "GET", "/v2/userinfo", headers=bearer_headers(token.get_secret_value())
        )
        person = f"urn:li:person:{needed(text_at(answer, 'sub'))}"
        author = credentials.posting_identity or person
        if _AUTHOR.fullmatch(author) is None or (":person:" in author and author != person):
            raise BrokerRefusedError("the token stands for another person", code="CREDENTIAL_REFUSED")
        return Session(self.platform, author, author, token, credentials.read_only)

    async def refresh(self, credentials: PlatformCredentials) -> PlatformCredentials | None:
        if credentials.refresh_token is None:
            return None
        form = {
            "grant_type": "refresh_token",
            "refresh_token": credentials.refresh_token.get_secret_value(),
            "client_id": self.client_id,
        }
        if self.client_secret is not None:
            form["client_secret"] = self.client_secret.get_secret_value()
        answer = await replace(self._line, http=self.sign_in_http).read_once(
            "POST",
            "/oauth/v2/accessToken",
            headers={"User-Agent": USER_AGENT, "Content-Type": FORM},
            content=urlencode(form).encode(),
            hidden=(form["refresh_token"],),
        )
        refreshed = text_at(answer, "refresh_token")
        return replace(
            credentials,
            access_token=SecretStr(needed(text_at(answer, "access_token"))),
            refresh_token=SecretStr(refreshed) if refreshed else credentials.refresh_token,
        )

    def request_for(self, params: PostParams, *, client_order_id: str, session: Session) -> PostRequest:
        post: dict[str, object] = {
            "author": session.account_id,
            "commentary": escaped(params.text),
            "visibility": _VISIBILITIES[params.visibility],
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        return PostRequest(
            path="/rest/posts",
            body=json.dumps(post, ensure_ascii=False, separators=(",", ":")).encode(),
            headers=_headers(session, Content_Type=JSON),
        )

    async def send(self, prepared: PreparedPost) -> PublishOutcome:
        def sort(response: HttpAnswer) -> PublishOutcome:
            post_id = response.headers.get("x-restli-id", "")
            if response.status == 201 and _POST_ID.fullmatch(post_id):
                return Published(self._receipt(post_id, utc_now()))
            if "duplicate" in _error_of(read_json(response)).lower():
                return Unknown("the platform already has this text from the account")
            return self._line.refusal_of(response, prepared, certain=_CERTAIN)

        return await self._line.send(prepared, sort=sort)

    async def find_post(
        self,
        params: PostParams,
        *,
        client_order_id: str,
        since: datetime,
        session: Session,
        taken: frozenset[str] = frozenset(),
    ) -> PostReceipt | None:
        query = {"q": "author", "author": session.account_id, "count": str(_PAGE), "sortBy": "CREATED"}
        answer = await self._line.read(
            "GET", "/rest/posts", headers=_headers(session, X_RestLi_Method="FINDER"), query=urlencode(query)
        )
        posts = rows_at(answer, "elements")
        published = [value_at(post, "publishedAt") for post in posts]
        earliest, commentary = epoch_ms(since - _CLOCKS_APART), escaped(params.text)
        for post, at in zip(posts, published, strict=True):
            if not isinstance(at, int):
                raise BrokerUnreachableError("the platform's answer has no time")
            post_id = needed(text_at(post, "id"))
            if at >= earliest and post_id not in taken and text_at(post, "commentary") == commentary:
                return self._receipt(post_id, from_epoch_ms(at))
        if len(posts) >= _PAGE and all(isinstance(at, int) and at >= earliest for at in published):
            raise BrokerUnreachableError("there are too many posts since then to be read whole")
        return None

    def _receipt(self, post_id: str, at: datetime) -> PostReceipt:
        return PostReceipt(self.platform, post_id, f"https://www.linkedin.com/feed/update/{post_id}/", at)


def escaped(text: str) -> str:
    """Write LinkedIn's "little text" in which every character stands for itself.

    Source: LinkedIn's page on its little text format: reserved characters are escaped by a backslash, 20 Nov 2026.
    """
    return _RESERVED.sub(lambda found: "\\" + found[0], text)


def _headers(session: Session, **more: str) -> dict[str, str]:
    token = session.token.get_secret_value()
    return bearer_headers(token, Linkedin_Version=API_VERSION, X_Restli_Protocol_Version="2.0.0", **more)


def _error_of(answer: Answer) -> str:
    return text_at(answer, "message") or text_at(answer, "error_description") or ""


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """LinkedIn counts by the day and tells no time."""
    value = headers.get("Retry-After", "")
    return float(value) if value.isdigit() else 600.0
