"""Bluesky: a record under a key that our id determines, so that it can be created once and found again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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
    JSON,
    USER_AGENT,
    Answer,
    Endpoints,
    Line,
    bearer_headers,
    moment_of,
    needed,
    read_json,
    seconds_until_epoch,
    text_at,
    value_at,
)
from shared.clock import utc_now
from shared.http_client import Http, HttpAnswer
from shared.posts.facets import find_facets
from shared.posts.model import Platform, PostParams

COLLECTION = "app.bsky.feed.post"
ENDPOINTS = Endpoints(
    (
        ("POST", r"/xrpc/com\.atproto\.server\.createSession"),
        ("GET", r"/xrpc/com\.atproto\.repo\.getRecord"),
        ("POST", r"/xrpc/com\.atproto\.repo\.createRecord"),
    )
)
_REFUSALS = frozenset({"InvalidRequest", "InvalidRecord", "ExpiredToken", "InvalidToken", "AuthMissing"})
"""Errors after which there is certainly no record. One that exists already is told in several ways: Unknown."""
_CERTAIN = frozenset({400, 401, 403})
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_KEY_BASE_US = 1_704_067_200_000_000
_KEY_SPAN_US = 1 << 45


@dataclass(frozen=True, slots=True)
class BlueskyPublisher:
    """`http` has the base address of the personal data server that holds the account."""

    http: Http
    platform: Platform = Platform.BLUESKY

    @property
    def _line(self) -> Line:
        return Line(self.http, ENDPOINTS, _error_of, _retry_after_s)

    async def sign_in(self, credentials: PlatformCredentials) -> Session:
        """A session of its own for each post; it is not tried twice, as a server counts few of them a day."""
        password = credentials.access_token.get_secret_value()
        wanted = {"identifier": credentials.posting_identity, "password": password}
        try:
            answer = await self._line.read_once(
                "POST",
                "/xrpc/com.atproto.server.createSession",
                headers={"User-Agent": USER_AGENT, "Content-Type": JSON},
                content=json.dumps(wanted).encode(),
            )
        except BrokerRefusedError as error:
            raise BrokerRefusedError(
                "the platform refused the name or the password", code=error.code
            ) from error
        if value_at(answer, "active") is False:
            raise BrokerRefusedError("the account is not active", code="CREDENTIAL_REFUSED")
        did, handle = needed(text_at(answer, "did")), needed(text_at(answer, "handle"))
        token = SecretStr(needed(text_at(answer, "accessJwt")))
        return Session(self.platform, did, handle, token, credentials.read_only)

    async def refresh(self, credentials: PlatformCredentials) -> PlatformCredentials | None:
        """App passwords do not expire; sessions do, and live for one post."""
        return None

    def request_for(self, params: PostParams, *, client_order_id: str, session: Session) -> PostRequest:
        write = {
            "repo": session.account_id,
            "collection": COLLECTION,
            "rkey": record_key(client_order_id),
            "record": _record(params),
        }
        return PostRequest(
            path="/xrpc/com.atproto.repo.createRecord",
            body=json.dumps(write, ensure_ascii=False, separators=(",", ":")).encode(),
            headers=bearer_headers(session.token.get_secret_value(), Content_Type=JSON),
        )

    async def send(self, prepared: PreparedPost) -> PublishOutcome:
        def sort(response: HttpAnswer) -> PublishOutcome:
            answer = read_json(response)
            uri = text_at(answer, "uri")
            if response.status == 200 and uri is not None:
                return Published(self._receipt(uri, prepared.identity, utc_now()))
            if text_at(answer, "error") in _REFUSALS:
                return self._line.refusal_of(response, prepared, certain=_CERTAIN)
            return Unknown(f"answer {response.status} could not be understood, or the record exists already")

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
        """The key is derived from our id, so what lies under it is ours; another text there is not our post."""
        key = record_key(client_order_id)
        query = urlencode({"repo": session.account_id, "collection": COLLECTION, "rkey": key})
        path = "/xrpc/com.atproto.repo.getRecord"
        try:
            answer = await self._line.read(
                "GET", path, headers=bearer_headers(session.token.get_secret_value()), query=query
            )
        except BrokerRefusedError as error:
            if "RecordNotFound" in error.detail:
                return None
            raise
        if text_at(answer, "value", "text") != params.text:
            raise BrokerUnreachableError("under the key of this post lies another text")
        at = moment_of(text_at(answer, "value", "createdAt"))
        return self._receipt(needed(text_at(answer, "uri")), session.identity, at)

    def _receipt(self, uri: str, handle: str, at: datetime) -> PostReceipt:
        url = f"https://bsky.app/profile/{handle}/post/{uri.rpartition('/')[2]}"
        return PostReceipt(self.platform, uri, url, at)


def record_key(client_order_id: str) -> str:
    """A time-ordered key of thirteen characters, as the collection demands, of a moment that the id determines."""
    digest = int.from_bytes(hashlib.sha256(client_order_id.encode()).digest()[:16])
    moment_us = _KEY_BASE_US + digest % _KEY_SPAN_US
    value = (moment_us << 10) | (digest // _KEY_SPAN_US % 1024)
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(60, -1, -5))


def _record(params: PostParams) -> dict[str, object]:
    created_at = utc_now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    record: dict[str, object] = {
        "$type": COLLECTION,
        "text": params.text,
        "createdAt": created_at,
        "langs": [params.language],
    }
    facets = find_facets(params.text)
    return {**record, "facets": facets} if facets else record


def _error_of(answer: Answer) -> str:
    return f"{text_at(answer, 'error') or ''}: {text_at(answer, 'message') or ''}".strip(": ")


def _retry_after_s(headers: Mapping[str, str]) -> float:
    """Source: header RateLimit-Reset, in seconds since 1970."""
    return seconds_until_epoch(headers, "RateLimit-Reset")
