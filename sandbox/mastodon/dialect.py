"""Mastodon's client API: statuses, accounts, and the instance, as its official clients use them."""

from collections.abc import Mapping, Sequence

from sandbox.clock import iso_time
from sandbox.mastodon.render import account_json, instance_json, instance_v2_json, status_json
from sandbox.mastodon.text import MAX_CHARACTERS, count_characters
from sandbox.social.book import Post, PostBook, SocialAccount
from sandbox.social.call import Call, Route, SocialError, bearer, dispatch, json_answer
from sandbox.venue import VenueAnswer, VenueRequest

DEMO_ACCOUNTS = (("demo_a", "demo-mastodon-token-a"), ("demo_b", "demo-mastodon-token-b"))
REPLAY_S = 3_600
VISIBILITIES = frozenset({"public", "unlisted", "private", "direct"})
MAX_PAGE = 40
_ASCII_SPACE = " \t\n\v\f\r\0"


class Mastodon:
    def __init__(self, book: PostBook) -> None:
        self._book = book
        self._replays: dict[tuple[str, str], tuple[float, str]] = {}
        self._routes = (
            Route("GET", "/api/v1/accounts/verify_credentials", self._verify),
            Route("GET", "/api/v1/instance", lambda _: json_answer(instance_json())),
            Route("GET", "/api/v2/instance", lambda _: json_answer(instance_v2_json())),
            Route("POST", "/api/v1/statuses", self._create),
            Route("GET", "/api/v1/statuses/{id}", self._show),
            Route("GET", "/api/v1/statuses/{id}/source", self._source),
            Route("GET", "/api/v1/accounts/{id}/statuses", self._list),
        )

    def find_api_key(self, request: VenueRequest) -> str | None:
        account = self._book.find_by_secret(bearer(request))
        return account.api_key if account else None

    def answer(self, request: VenueRequest) -> VenueAnswer:
        return dispatch(request, self._routes)

    def refuse(self, error: SocialError) -> VenueAnswer:
        return json_answer({"error": error.detail}, status=error.status)

    def rate_headers(self, *, limit: int, left: int, reset_at_s: float) -> Mapping[str, str]:
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": iso_time(reset_at_s),
        }

    def secrets(self) -> Sequence[str]:
        return ()

    def _verify(self, call: Call) -> VenueAnswer:
        account = self._caller(call)
        return json_answer(
            account_json(account, posts=len(self._book.newest_first(account.api_key)), own=True)
        )

    def _create(self, call: Call) -> VenueAnswer:
        account, form = self._caller(call), call.form()
        replayed = self._replayed(account, call)
        if replayed is not None:
            return self._shown(replayed)
        visibility = form.get("visibility", "public")
        if visibility not in VISIBILITIES or "scheduled_at" in form:
            raise SocialError(422, "invalid", "Validation failed: Visibility is not included in the list")
        number = next(self._book.numbers)
        post = Post(
            post_id=f"1155{number:014d}",
            api_key=account.api_key,
            text=_checked(form.get("status", "")),
            visibility=visibility,
            created_at_s=self._book.clock.now_s(),
            fields={"language": form.get("language", "en")},
        )
        self._book.add(post)
        self._keep(account, call, post)
        return self._shown(post)

    def _shown(self, post: Post) -> VenueAnswer:
        account = self._book.accounts[post.api_key]
        return json_answer(status_json(post, account), post_id=post.post_id)

    def _replayed(self, account: SocialAccount, call: Call) -> Post | None:
        kept = self._replays.get((account.api_key, call.request.headers.get("idempotency-key", "")))
        if kept is None or kept[0] <= self._book.clock.now_s():
            return None
        return self._book.find(kept[1])

    def _keep(self, account: SocialAccount, call: Call, post: Post) -> None:
        key = call.request.headers.get("idempotency-key")
        if key:
            self._replays[account.api_key, key] = (self._book.clock.now_s() + REPLAY_S, post.post_id)

    def _show(self, call: Call) -> VenueAnswer:
        return self._shown(self._own_post(call))

    def _source(self, call: Call) -> VenueAnswer:
        post = self._own_post(call)
        return json_answer({"id": post.post_id, "text": post.text, "spoiler_text": ""})

    def _list(self, call: Call) -> VenueAnswer:
        caller, query = self._caller(call), call.query()
        if call.params["id"] != str(caller.number):
            raise SocialError(404, "not_found", "Record not found")
        limit = min(int(query.get("limit", "20")), MAX_PAGE)
        posts = [
            post
            for post in self._book.newest_first(caller.api_key)
            if "max_id" not in query or int(post.post_id) < int(query["max_id"])
        ]
        return json_answer([status_json(post, caller) for post in posts[:limit]])

    def _own_post(self, call: Call) -> Post:
        caller, post = self._caller(call), self._book.find(call.params["id"])
        if post is None or post.api_key != caller.api_key:
            raise SocialError(404, "not_found", "Record not found")
        return post

    def _caller(self, call: Call) -> SocialAccount:
        account = self._book.find_by_secret(bearer(call.request))
        if account is None:
            raise SocialError(401, "invalid_token", "The access token is invalid")
        return account


def _checked(status: str) -> str:
    """The status as it is stored: without the white space around it."""
    text = status.strip(_ASCII_SPACE)
    if not text:
        raise SocialError(422, "blank", "Validation failed: Text can't be blank")
    if count_characters(text) > MAX_CHARACTERS:
        detail = f"Validation failed: Text character limit of {MAX_CHARACTERS} exceeded"
        raise SocialError(422, "too_long", detail)
    return text
