"""A personal data server with Bluesky's posts: sessions, and records in the repository of an account."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.bluesky.records import POSTS, check_key, check_post
from sandbox.bluesky.tokens import ACCESS, REFRESH, TokenMint
from sandbox.social.book import Post, PostBook, SocialAccount
from sandbox.social.call import Call, Route, SocialError, bearer, dispatch, json_answer
from sandbox.venue import VenueAnswer, VenueRequest

DEMO_ACCOUNTS = (
    ("demo-a.bsky.test", "demo-bluesky-password-a"),
    ("demo-b.bsky.test", "demo-bluesky-password-b"),
)
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


class Bluesky:
    def __init__(self, book: PostBook) -> None:
        self._book = book
        self._mint = TokenMint()
        self._routes = (
            Route("POST", "/xrpc/com.atproto.server.createSession", self._create_session),
            Route("POST", "/xrpc/com.atproto.server.refreshSession", self._refresh_session),
            Route("GET", "/xrpc/com.atproto.server.getSession", self._get_session),
            Route("GET", "/xrpc/com.atproto.identity.resolveHandle", self._resolve_handle),
            Route("GET", "/xrpc/app.bsky.actor.getProfile", self._get_profile),
            Route("POST", "/xrpc/com.atproto.repo.createRecord", self._create_record),
            Route("POST", "/xrpc/com.atproto.repo.putRecord", self._put_record),
            Route("GET", "/xrpc/com.atproto.repo.getRecord", self._get_record),
            Route("GET", "/xrpc/com.atproto.repo.listRecords", self._list_records),
        )

    def find_api_key(self, request: VenueRequest) -> str | None:
        for scope in (ACCESS, REFRESH):
            try:
                return self._account_of(request, scope=scope).api_key
            except SocialError:
                continue
        return None

    def answer(self, request: VenueRequest) -> VenueAnswer:
        return dispatch(request, self._routes)

    def refuse(self, error: SocialError) -> VenueAnswer:
        names = {401: "AuthenticationRequired", 429: "RateLimitExceeded", 500: "InternalServerError"}
        code = error.code if error.code[:1].isupper() else names.get(error.status, "InvalidRequest")
        if error.status >= 502:
            code = "UpstreamFailure"
        return json_answer({"error": code, "message": error.detail}, status=error.status)

    def rate_headers(self, *, limit: int, left: int, reset_at_s: float) -> Mapping[str, str]:
        return {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(int(reset_at_s)),
            "RateLimit-Policy": f"{limit};w=300",
        }

    def secrets(self) -> Sequence[str]:
        return ()

    def _create_session(self, call: Call) -> VenueAnswer:
        body = call.json()
        account = self._find_actor(str(body.get("identifier", "")))
        if account is None or account.api_secret != body.get("password"):
            raise SocialError(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._session(account)

    def _refresh_session(self, call: Call) -> VenueAnswer:
        account = self._account_of(call.request, scope=REFRESH)
        claims = self._mint.read(bearer(call.request) or "", scope=REFRESH, now_s=self._now_s())
        self._mint.spent.add(claims["jti"])
        return self._session(account)

    def _session(self, account: SocialAccount) -> VenueAnswer:
        tokens = {
            "accessJwt": self._mint.issue(did_of(account), scope=ACCESS, now_s=self._now_s()),
            "refreshJwt": self._mint.issue(did_of(account), scope=REFRESH, now_s=self._now_s()),
        }
        return json_answer({**tokens, "handle": account.api_key, "did": did_of(account), "active": True})

    def _get_session(self, call: Call) -> VenueAnswer:
        account = self._account_of(call.request)
        return json_answer({"handle": account.api_key, "did": did_of(account), "active": True})

    def _resolve_handle(self, call: Call) -> VenueAnswer:
        account = self._book.accounts.get(call.query().get("handle", ""))
        if account is None:
            raise SocialError(400, "InvalidRequest", "Unable to resolve handle")
        return json_answer({"did": did_of(account)})

    def _get_profile(self, call: Call) -> VenueAnswer:
        self._account_of(call.request)
        account = self._find_actor(call.query().get("actor", ""))
        if account is None:
            raise SocialError(400, "InvalidRequest", "Profile not found")
        posts = len(self._book.newest_first(account.api_key))
        return json_answer({"did": did_of(account), "handle": account.api_key, "postsCount": posts})

    def _create_record(self, call: Call) -> VenueAnswer:
        account, body, record = self._checked_write(call)
        rkey = check_key(str(body["rkey"])) if body.get("rkey") else self._next_key()
        if self._find_record(account, rkey) is not None:
            raise SocialError(500, "InternalServerError", "Internal Server Error")
        return self._written(self._book.add(self._post_of(account, rkey, record)))

    def _put_record(self, call: Call) -> VenueAnswer:
        account, body, record = self._checked_write(call)
        rkey = check_key(str(body.get("rkey", "")))
        found = self._find_record(account, rkey)
        if found is not None:
            self._book.posts.remove(found)
        return self._written(self._book.add(self._post_of(account, rkey, record)))

    def _checked_write(self, call: Call) -> tuple[SocialAccount, dict[str, Any], dict[str, Any]]:
        account, body = self._account_of(call.request), call.json()
        if self._find_actor(str(body.get("repo", ""))) is not account:
            raise SocialError(401, "AuthMissing", "the repository is another account's")
        if body.get("collection") != POSTS:
            raise SocialError(400, "InvalidRequest", f"this server keeps {POSTS} only")
        return account, body, check_post(body.get("record"))

    def _post_of(self, account: SocialAccount, rkey: str, record: dict[str, Any]) -> Post:
        uri = f"at://{did_of(account)}/{POSTS}/{rkey}"
        fields: dict[str, object] = {"uri": uri, "cid": _cid(record), "rkey": rkey, "record": record}
        return Post(uri, account.api_key, record["text"], "public", self._now_s(), fields)

    def _written(self, post: Post) -> VenueAnswer:
        answer = {"uri": post.post_id, "cid": post.fields["cid"], "validationStatus": "valid"}
        return json_answer(answer, post_id=post.post_id)

    def _get_record(self, call: Call) -> VenueAnswer:
        query = call.query()
        account = self._find_actor(query.get("repo", ""))
        found = account and self._find_record(account, query.get("rkey", ""))
        if not found or query.get("collection") != POSTS:
            raise SocialError(400, "RecordNotFound", f"Could not locate record: {query.get('rkey')}")
        return json_answer(_record_json(found))

    def _list_records(self, call: Call) -> VenueAnswer:
        query = call.query()
        account = self._find_actor(query.get("repo", ""))
        if account is None:
            raise SocialError(400, "InvalidRequest", "Could not find repo")
        posts = self._book.newest_first(account.api_key)[: int(query.get("limit", "50"))]
        return json_answer({"records": [_record_json(post) for post in posts]})

    def _find_record(self, account: SocialAccount, rkey: str) -> Post | None:
        return self._book.find(f"at://{did_of(account)}/{POSTS}/{rkey}")

    def _find_actor(self, actor: str) -> SocialAccount | None:
        return next(
            (one for one in self._book.accounts.values() if actor in (one.api_key, did_of(one))), None
        )

    def _account_of(self, request: VenueRequest, *, scope: str = ACCESS) -> SocialAccount:
        token = bearer(request)
        if token is None:
            raise SocialError(401, "AuthMissing", "Authentication Required")
        claims = self._mint.read(token, scope=scope, now_s=self._now_s())
        account = self._find_actor(claims["sub"])
        if account is None:
            raise SocialError(400, "InvalidToken", "Token could not be verified")
        return account

    def _next_key(self) -> str:
        """Thirteen characters that sort by time: microseconds, then a clock's number."""
        value = (int(self._now_s() * 1_000_000) << 10) | (next(self._book.numbers) & 0x3FF)
        return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(60, -1, -5))

    def _now_s(self) -> float:
        return self._book.clock.now_s()


def did_of(account: SocialAccount) -> str:
    digest = hashlib.sha256(account.api_key.encode()).digest()
    return "did:plc:" + base64.b32encode(digest).decode().lower()[:24]


def _record_json(post: Post) -> dict[str, object]:
    return {"uri": post.post_id, "cid": post.fields["cid"], "value": post.fields["record"]}


def _cid(record: Mapping[str, object]) -> str:
    """Of the form of a record's content id; the digest is of its JSON, not of its DAG-CBOR."""
    digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).digest()
    return "b" + base64.b32encode(bytes((1, 0x71, 0x12, 32)) + digest).decode().lower().rstrip("=")
