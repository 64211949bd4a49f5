"""LinkedIn's posts: version headers, an author that the token must stand for, an empty answer with a header."""

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.linkedin.little_text import plain_text
from sandbox.social.book import Post, PostBook, SocialAccount
from sandbox.social.call import Call, Route, SocialError, bearer, dispatch, json_answer
from sandbox.venue import VenueAnswer, VenueRequest

DEMO_ACCOUNTS = (
    ("urn:li:organization:5000001", "demo-linkedin-token-a"),
    ("urn:li:person:demoB", "demo-linkedin-token-b"),
)
REFRESH_TOKENS = ("demo-linkedin-refresh-a", "demo-linkedin-refresh-b")
MAX_CHARACTERS = 3_000
CLIENT_ID = "demo-linkedin-client"
_VERSION = re.compile(r"20\d\d(0[1-9]|1[0-2])")
_REQUIRED = (
    "author",
    "commentary",
    "visibility",
    "distribution",
    "lifecycleState",
    "isReshareDisabledByAuthor",
)


class LinkedIn:
    def __init__(self, book: PostBook) -> None:
        self._book = book
        self._issued: dict[str, str] = {}
        self._refresh: dict[str, str] = dict(zip(REFRESH_TOKENS, book.accounts, strict=False))
        self._routes = (
            Route("POST", "/rest/posts", self._create),
            Route("GET", "/rest/posts", self._find_by_author),
            Route("GET", "/v2/userinfo", self._userinfo),
            Route("POST", "/oauth/v2/accessToken", self._issue),
        )

    def find_api_key(self, request: VenueRequest) -> str | None:
        account = self._find_caller(request)
        return account.api_key if account else None

    def answer(self, request: VenueRequest) -> VenueAnswer:
        return dispatch(request, self._routes)

    def refuse(self, error: SocialError) -> VenueAnswer:
        content = {"status": error.status, "code": error.code.upper(), "message": error.detail}
        return json_answer(content, status=error.status)

    def rate_headers(self, *, limit: int, left: int, reset_at_s: float) -> Mapping[str, str]:
        return {}

    def secrets(self) -> Sequence[str]:
        return (*self._issued, *self._refresh)

    def _create(self, call: Call) -> VenueAnswer:
        account, body = self._caller(call), call.json()
        _check_versions(call.request)
        _check_body(body)
        if body["author"] != account.api_key:
            raise SocialError(
                403, "access_denied", "Not enough permissions to access: posts.CREATE.NO_VERSION"
            )
        text = plain_text(str(body["commentary"]))
        if len(text) > MAX_CHARACTERS:
            raise SocialError(422, "field_length_too_long", "commentary text length exceeds maximum")
        twin = next((post for post in self._book.newest_first(account.api_key) if post.text == text), None)
        if twin is not None:
            raise SocialError(422, "duplicate_post", f"Content is a duplicate of {twin.post_id}")
        post_id = f"urn:li:share:7{next(self._book.numbers):018d}"
        fields: dict[str, object] = {"commentary": body["commentary"]}
        now_s = self._book.clock.now_s()
        self._book.add(Post(post_id, account.api_key, text, str(body["visibility"]), now_s, fields))
        return VenueAnswer(201, b"", headers={"x-restli-id": post_id}, order_id=post_id)

    def _find_by_author(self, call: Call) -> VenueAnswer:
        account, query = self._caller(call), call.query()
        _check_versions(call.request)
        if query.get("q") != "author" or query.get("author") != account.api_key:
            raise SocialError(400, "illegal_argument", "expected q=author with one's own author")
        if not account.api_key.startswith("urn:li:organization:"):
            raise SocialError(403, "access_denied", "Not enough permissions to access: posts.FINDER-author")
        posts = self._book.newest_first(account.api_key)[: int(query.get("count", "10"))]
        return json_answer({"elements": [_post_json(post) for post in posts], "paging": {"start": 0}})

    def _userinfo(self, call: Call) -> VenueAnswer:
        account = self._caller(call)
        return json_answer({"sub": account.api_key.rpartition(":")[2], "name": account.api_key})

    def _issue(self, call: Call) -> VenueAnswer:
        form = call.form()
        name = self._refresh.get(form.get("refresh_token", ""))
        if form.get("grant_type") != "refresh_token" or form.get("client_id") != CLIENT_ID or name is None:
            raise SocialError(400, "invalid_grant", "The provided refresh token is invalid")
        token = secrets.token_urlsafe(24)
        self._issued[token] = name
        return json_answer(
            {"access_token": token, "expires_in": 5_184_000, "refresh_token": form["refresh_token"]}
        )

    def _caller(self, call: Call) -> SocialAccount:
        account = self._find_caller(call.request)
        if account is None:
            raise SocialError(401, "invalid_access_token", "Invalid access token")
        return account

    def _find_caller(self, request: VenueRequest) -> SocialAccount | None:
        token = bearer(request)
        issued = self._issued.get(token or "")
        return self._book.accounts[issued] if issued else self._book.find_by_secret(token)


def _check_versions(request: VenueRequest) -> None:
    version = request.headers.get("linkedin-version")
    if version is None:
        raise SocialError(400, "version_missing", "A version must be present. Please specify a version")
    if _VERSION.fullmatch(version) is None:
        raise SocialError(426, "nonexistent_version", f"Requested version {version[:20]} is not active")
    if request.headers.get("x-restli-protocol-version") != "2.0.0":
        raise SocialError(400, "illegal_argument", "X-Restli-Protocol-Version must be 2.0.0")


def _check_body(body: dict[str, Any]) -> None:
    missing = [name for name in _REQUIRED if name not in body]
    if (
        missing
        or body["lifecycleState"] != "PUBLISHED"
        or body["visibility"] not in {"PUBLIC", "CONNECTIONS"}
    ):
        raise SocialError(422, "missing_field", f"expected the fields of a published post, missing {missing}")
    if not str(body["commentary"]).strip():
        raise SocialError(422, "missing_field", "commentary is empty")


def _post_json(post: Post) -> dict[str, object]:
    return {
        "id": post.post_id,
        "author": post.api_key,
        "commentary": post.fields["commentary"],
        "visibility": post.visibility,
        "lifecycleState": "PUBLISHED",
        "publishedAt": int(post.created_at_s * 1000),
    }
