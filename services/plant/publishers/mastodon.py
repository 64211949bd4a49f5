"""Mastodon: a status by its Idempotency-Key, found again by its source text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

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
    Answer,
    Endpoints,
    Line,
    bearer_headers,
    moment_of,
    needed,
    read_json,
    rows_at,
    text_at,
)
from shared.clock import utc_now
from shared.http_client import Http, HttpAnswer
from shared.posts.model import Platform, PostParams, Visibility

ENDPOINTS = Endpoints(
    (
        ("GET", r"/api/v1/accounts/verify_credentials"),
        ("GET", r"/api/v1/accounts/[0-9]{1,20}/statuses"),
        ("GET", r"/api/v1/statuses/[0-9]{1,20}/source"),
        ("POST", r"/api/v1/statuses"),
    )
)
_VISIBILITIES = {
    Visibility.PUBLIC: "public",
    Visibility.UNLISTED: "unlisted",
    Visibility.FOLLOWERS: "private",
}
_CERTAIN = frozenset({401, 403, 422})
_PAGE = 40
_PAGES = 5
_CLOCKS_APART = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class MastodonPublisher:
    """`http` has the base address of the server that holds the account."""

    http: Http
    platform: Platform = Platform.MASTODON

    @property
    def _line(self) -> Line:
        return Line(self.http, ENDPOINTS, _error_of, _retry_after_s)

    async def sign_in(self, credentials: PlatformCredentials) -> Session:
        token = credentials.access_token
        path = "/api/v1/accounts/verify_credentials"
        answer = await self._line.read("GET", path, headers=bearer_headers(token.get_secret_value()))
        account_id, name = needed(text_at(answer, "id")), needed(text_at(answer, "acct"))
        return Session(self.platform, account_id, name, token, credentials.read_only)

    async def refresh(self, credentials: PlatformCredentials) -> PlatformCredentials | None:
        """Mastodon's tokens do not expire."""
        return None

    def request_for(self, params: PostParams, *, client_order_id: str, session: Session) -> PostRequest:
        form = {
            "status": params.text,
            "visibility": _VISIBILITIES[params.visibility],
            "language": params.language,
        }
        headers = bearer_headers(
            session.token.get_secret_value(), Idempotency_Key=client_order_id, Content_Type=FORM
        )
        return PostRequest(
            path="/api/v1/statuses",
            body=urlencode(form).encode(),
            headers=headers,
        )

    async def send(self, prepared: PreparedPost) -> PublishOutcome:
        def sort(response: HttpAnswer) -> PublishOutcome:
            if response.status != 200:
                return self._line.refusal_of(response, prepared, certain=_CERTAIN)
            answer = read_json(response)
            post_id = text_at(answer, "id")
            if post_id is None:
                return Unknown("the platform's answer names no status")
            return Published(PostReceipt(self.platform, post_id, text_at(answer, "url"), utc_now()))

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
        """The key finds nothing, so the statuses since then are compared by their source, to the letter."""
        for status in await self._statuses_since(since - _CLOCKS_APART, session):
            status_id = needed(text_at(status, "id"))
            if status_id in taken:
                continue
            path = f"/api/v1/statuses/{status_id}/source"
            source = await self._line.read("GET", path, headers=_headers(session))
            if text_at(source, "text") == params.text and _is_seen_by(status, params.visibility):
                at = moment_of(text_at(status, "created_at"))
                return PostReceipt(self.platform, status_id, text_at(status, "url"), at)
        return None

    async def _statuses_since(self, since: datetime, session: Session) -> list[Answer]:
        """Raises: BrokerUnreachableError when there are more than can be read."""
        found: list[Answer] = []
        path, query = f"/api/v1/accounts/{session.account_id}/statuses", {"limit": str(_PAGE)}
        for _ in range(_PAGES):
            page = rows_at(
                await self._line.read("GET", path, headers=_headers(session), query=urlencode(query))
            )
            recent = [one for one in page if moment_of(text_at(one, "created_at")) >= since]
            found += recent
            if len(recent) < len(page) or not page:
                return found
            query["max_id"] = needed(text_at(page[-1], "id"))
        raise BrokerUnreachableError("there are too many statuses since then to be read whole")


def _headers(session: Session) -> dict[str, str]:
    return bearer_headers(session.token.get_secret_value())


def _is_seen_by(status: Answer, visibility: Visibility) -> bool:
    return text_at(status, "visibility") == _VISIBILITIES[visibility]


def _error_of(answer: Answer) -> str:
    return text_at(answer, "error") or ""


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """Source: header X-RateLimit-Reset, a time."""
    try:
        reset = datetime.fromisoformat(headers.get("X-RateLimit-Reset", ""))
    except ValueError:
        return 60.0
    return (reset - utc_now()).total_seconds() if reset.tzinfo else 60.0
