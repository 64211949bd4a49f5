"""X's API, version 2: posting, one's own posts, and tokens that are refreshed once each."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sandbox.clock import iso_time
from sandbox.social.book import Post, PostBook, SocialAccount
from sandbox.social.call import Call, Route, SocialError, bearer, dispatch, json_answer
from sandbox.venue import VenueAnswer, VenueRequest
from sandbox.x.text import MAX_WEIGHT, shorten, weigh

DEMO_ACCOUNTS = (("demo_a", "demo-x-token-a"), ("demo_b", "demo-x-token-b"))
REFRESH_TOKENS = ("demo-x-refresh-a", "demo-x-refresh-b")
CLIENT_ID = "demo-x-client"
TOKEN_LIFE_S = 7_200
DUPLICATES_OF_LAST = 100
_TITLES = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found Error", 429: "Too Many Requests"}


@dataclass(frozen=True, slots=True)
class Token:
    api_key: str
    expires_at_s: float | None


class X:
    """The demo accounts' first tokens last; those that a refresh issues live for two hours."""

    def __init__(self, book: PostBook) -> None:
        self._book = book
        self._access: dict[str, Token] = {}
        self._refresh: dict[str, str] = dict(zip(REFRESH_TOKENS, book.accounts, strict=False))
        self._routes = (
            Route("POST", "/2/tweets", self._create),
            Route("GET", "/2/users/me", self._me),
            Route("GET", "/2/users/{id}/tweets", self._list),
            Route("POST", "/2/oauth2/token", self._issue),
        )

    def find_api_key(self, request: VenueRequest) -> str | None:
        account = self._find_caller(request)
        return account.api_key if account else None

    def answer(self, request: VenueRequest) -> VenueAnswer:
        return dispatch(request, self._routes)

    def refuse(self, error: SocialError) -> VenueAnswer:
        if error.code == "oauth":
            return json_answer({"error": "invalid_request", "error_description": error.detail}, status=400)
        title = _TITLES.get(error.status, "Invalid Request" if error.status < 500 else "Service Unavailable")
        content = {"title": title, "detail": error.detail, "type": "about:blank", "status": error.status}
        return json_answer(content, status=error.status)

    def rate_headers(self, *, limit: int, left: int, reset_at_s: float) -> Mapping[str, str]:
        return {
            "x-rate-limit-limit": str(limit),
            "x-rate-limit-remaining": str(left),
            "x-rate-limit-reset": str(int(reset_at_s)),
        }

    def secrets(self) -> Sequence[str]:
        return (*self._access, *self._refresh)

    def _create(self, call: Call) -> VenueAnswer:
        account, text = self._caller(call), call.json().get("text")
        if not isinstance(text, str) or not text.strip():
            raise SocialError(400, "invalid", "One or more parameters to your request was invalid.")
        if weigh(text) > MAX_WEIGHT:
            raise SocialError(403, "too_long", "Your Tweet text is too long.")
        recent = self._book.newest_first(account.api_key)[:DUPLICATES_OF_LAST]
        if any(post.text == text.strip() for post in recent):
            detail = "You are not allowed to create a Tweet with duplicate content."
            raise SocialError(403, "duplicate", detail)
        post_id = f"19{next(self._book.numbers):017d}"
        post = Post(post_id, account.api_key, text.strip(), "public", self._book.clock.now_s())
        self._book.add(post)
        shown, _ = shorten(post.text)
        content = {"id": post_id, "text": shown, "edit_history_tweet_ids": [post_id]}
        return json_answer({"data": content}, status=201, post_id=post_id)

    def _me(self, call: Call) -> VenueAnswer:
        account = self._caller(call)
        return json_answer(
            {"data": {"id": str(account.number), "username": account.api_key, "name": account.api_key}}
        )

    def _list(self, call: Call) -> VenueAnswer:
        account, query = self._caller(call), call.query()
        if call.params["id"] != str(account.number):
            raise SocialError(403, "forbidden", "this sandbox shows one's own posts only")
        since_s = datetime.fromisoformat(query["start_time"]).timestamp() if "start_time" in query else 0
        limit = int(query.get("max_results", "10"))
        posts = [post for post in self._book.newest_first(account.api_key) if post.created_at_s >= since_s]
        content: dict[str, object] = {"meta": {"result_count": len(posts[:limit])}}
        if posts:
            content["data"] = [_tweet_json(post) for post in posts[:limit]]
        return json_answer(content)

    def _issue(self, call: Call) -> VenueAnswer:
        form = call.form()
        api_key = self._refresh.get(form.get("refresh_token", ""))
        if form.get("grant_type") != "refresh_token" or form.get("client_id") != CLIENT_ID or api_key is None:
            raise SocialError(400, "oauth", "Value passed for the token was invalid.")
        del self._refresh[form["refresh_token"]]
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._access[access] = Token(api_key, self._book.clock.now_s() + TOKEN_LIFE_S)
        self._refresh[refresh] = api_key
        return json_answer(
            {
                "token_type": "bearer",
                "expires_in": TOKEN_LIFE_S,
                "access_token": access,
                "refresh_token": refresh,
                "scope": "tweet.read tweet.write users.read offline.access",
            }
        )

    def _caller(self, call: Call) -> SocialAccount:
        account = self._find_caller(call.request)
        if account is None:
            raise SocialError(401, "unauthorized", "Unauthorized")
        return account

    def _find_caller(self, request: VenueRequest) -> SocialAccount | None:
        token = bearer(request)
        issued = self._access.get(token or "")
        if issued is None:
            return self._book.find_by_secret(token)
        if issued.expires_at_s is not None and issued.expires_at_s <= self._book.clock.now_s():
            return None
        return self._book.accounts[issued.api_key]


def _tweet_json(post: Post) -> dict[str, object]:
    shown, urls = shorten(post.text)
    content: dict[str, object] = {
        "id": post.post_id,
        "text": shown,
        "created_at": iso_time(post.created_at_s)[:-4] + "Z",
        "edit_history_tweet_ids": [post.post_id],
    }
    if urls:
        content["entities"] = {"urls": urls}
    return content
