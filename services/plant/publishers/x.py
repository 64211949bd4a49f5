"""X: a post with neither key nor id of ours; an unknown outcome is looked up among one's own recent posts."""

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from pydantic import SecretStr

from plant.brokers.base import BrokerUnreachableError, Unknown
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
    moment_of,
    needed,
    read_json,
    rows_at,
    seconds_until_epoch,
    text_at,
    value_at,
)
from shared.clock import utc_now
from shared.http_client import Http, HttpAnswer
from shared.posts.model import Platform, PostParams

ENDPOINTS = Endpoints(
    (
        ("GET", r"/2/users/me"),
        ("GET", r"/2/users/[0-9]{1,20}/tweets"),
        ("POST", r"/2/tweets"),
        ("POST", r"/2/oauth2/token"),
    )
)
_CERTAIN = frozenset({400, 401, 403})
_PAGE = 100
_CLOCKS_APART = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class XPublisher:
    """`client_id` names this platform to X when tokens are refreshed."""

    http: Http
    client_id: str = field(repr=False, default="")
    platform: Platform = Platform.X

    @property
    def _line(self) -> Line:
        return Line(self.http, ENDPOINTS, _error_of, _retry_after_s)

    async def sign_in(self, credentials: PlatformCredentials) -> Session:
        token = credentials.access_token
        answer = await self._line.read("GET", "/2/users/me", headers=bearer_headers(token.get_secret_value()))
        user_id = needed(text_at(answer, "data", "id"))
        return Session(
            self.platform, user_id, needed(text_at(answer, "data", "username")), token, credentials.read_only
        )

    async def refresh(self, credentials: PlatformCredentials) -> PlatformCredentials | None:
        """A refresh token is good once, so this is not tried twice."""
        if credentials.refresh_token is None:
            return None
        form = {
            "grant_type": "refresh_token",
            "refresh_token": credentials.refresh_token.get_secret_value(),
            "client_id": self.client_id,
        }
        answer = await self._line.read_once(
            "POST",
            "/2/oauth2/token",
            headers={"User-Agent": USER_AGENT, "Content-Type": FORM},
            content=urlencode(form).encode(),
            hidden=(form["refresh_token"],),
        )
        return replace(
            credentials,
            access_token=SecretStr(needed(text_at(answer, "access_token"))),
            refresh_token=SecretStr(needed(text_at(answer, "refresh_token"))),
        )

    def request_for(self, params: PostParams, *, client_order_id: str, session: Session) -> PostRequest:
        return PostRequest(
            path="/2/tweets",
            body=json.dumps({"text": params.text}, ensure_ascii=False, separators=(",", ":")).encode(),
            headers=bearer_headers(session.token.get_secret_value(), Content_Type=JSON),
        )

    async def send(self, prepared: PreparedPost) -> PublishOutcome:
        def sort(response: HttpAnswer) -> PublishOutcome:
            answer = read_json(response)
            post_id = text_at(answer, "data", "id")
            if response.status == 201 and post_id is not None:
                return Published(self._receipt(post_id, prepared.identity, utc_now()))
            if "duplicate content" in _error_of(answer):
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
        """Compare with what X gives back, its short links turned back into ours."""
        start = (since - _CLOCKS_APART).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"max_results": str(_PAGE), "start_time": start, "tweet.fields": "created_at,entities"}
        answer = await self._line.read(
            "GET",
            f"/2/users/{session.account_id}/tweets",
            headers=bearer_headers(session.token.get_secret_value()),
            query=urlencode(query),
        )
        posts = rows_at(answer, "data") if value_at(answer, "meta", "result_count") != 0 else []
        for post in posts:
            post_id = needed(text_at(post, "id"))
            if post_id not in taken and _is_text_of(post, params.text):
                at = moment_of(text_at(post, "created_at"))
                return self._receipt(post_id, session.identity, at)
        if len(posts) >= _PAGE:
            raise BrokerUnreachableError("there are too many posts since then to be read whole")
        return None

    def _receipt(self, post_id: str, name: str, at: datetime) -> PostReceipt:
        return PostReceipt(self.platform, post_id, f"https://x.com/{name}/status/{post_id}", at)


def _is_text_of(post: Answer, text: str) -> bool:
    """X adds a scheme to a link that was written without one."""
    shown = needed(text_at(post, "text"))
    links = rows_at(post, "entities", "urls") if value_at(post, "entities", "urls") else []
    full = short = html.unescape(shown)
    for link in links:
        url, expanded = needed(text_at(link, "url")), needed(text_at(link, "expanded_url"))
        full = full.replace(url, expanded)
        short = short.replace(url, expanded.removeprefix("http://"))
    return text in (full, short)


def _error_of(answer: Answer) -> str:
    return text_at(answer, "detail") or text_at(answer, "error_description") or text_at(answer, "title") or ""


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """Source: header x-rate-limit-reset, in seconds since 1970."""
    return seconds_until_epoch(headers, "x-rate-limit-reset")
