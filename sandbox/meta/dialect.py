"""Meta's Graph API: a Page's feed, and Instagram's three steps of container, status and publication."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sandbox.clock import EPOCH
from sandbox.social.book import Post, PostBook, SocialAccount
from sandbox.social.call import Call, Route, SocialError, bearer, dispatch, json_answer
from sandbox.venue import VenueAnswer, VenueRequest

PAGE_A, PAGE_B = "100000000000001", "100000000000002"
INSTAGRAM_A, INSTAGRAM_B = "17841400000000001", "17841400000000002"
DEMO_ACCOUNTS = (
    (PAGE_A, "demo-facebook-token-a"),
    (PAGE_B, "demo-facebook-token-b"),
    (INSTAGRAM_A, "demo-instagram-token-a"),
    (INSTAGRAM_B, "demo-instagram-token-b"),
)
MAX_MESSAGE, MAX_CAPTION, MAX_HASHTAGS, MAX_MENTIONS = 63_206, 2_200, 30, 20
CONTAINER_LIFE_S = 24 * 3_600
CONTAINER_WORK_S = 0.3
_NUMBERS = {429: 4, 401: 190, 403: 10}
_HASHTAG = re.compile(r"(?:^|(?<=[^\w&]))#\w*[^\W\d]\w*")
_MENTION = re.compile(r"(?:^|(?<=[^\w.@]))@\w")


@dataclass(slots=True)
class Container:
    """A post of Instagram's that is made ready; it can be published once."""

    api_key: str
    caption: str
    image_url: str
    created_at_s: float
    is_published: bool = False


class Meta:
    def __init__(self, book: PostBook) -> None:
        self._book = book
        self._containers: dict[str, Container] = {}
        self._routes = (
            Route("GET", "/{version}/me", self._me),
            Route("POST", "/{version}/{node}/feed", self._post_to_feed),
            Route("GET", "/{version}/{node}/feed", self._list_feed),
            Route("POST", "/{version}/{node}/media", self._create_container),
            Route("GET", "/{version}/{node}/media", self._list_media),
            Route("POST", "/{version}/{node}/media_publish", self._publish),
            Route("GET", "/{version}/{node}/content_publishing_limit", self._publishing_limit),
            Route("GET", "/{version}/{node}", self._show),
        )

    def find_api_key(self, request: VenueRequest) -> str | None:
        account = self._book.find_by_secret(bearer(request))
        return account.api_key if account else None

    def answer(self, request: VenueRequest) -> VenueAnswer:
        return dispatch(request, self._routes)

    def refuse(self, error: SocialError) -> VenueAnswer:
        number = (
            int(error.code)
            if error.code.isdigit()
            else _NUMBERS.get(error.status, 2 if error.status >= 500 else 100)
        )
        kind = "OAuthException" if number in (10, 190) else "GraphMethodException"
        content = {"message": error.detail, "type": kind, "code": number, "fbtrace_id": "sandbox"}
        return json_answer({"error": content}, status=error.status)

    def rate_headers(self, *, limit: int, left: int, reset_at_s: float) -> Mapping[str, str]:
        used = 100 if limit == 0 else round(100 * (limit - left) / limit)
        return {"X-App-Usage": f'{{"call_count":{used},"total_time":0,"total_cputime":0}}'}

    def secrets(self) -> Sequence[str]:
        return ()

    def _me(self, call: Call) -> VenueAnswer:
        account = self._caller(call)
        return json_answer({"id": account.api_key, "name": f"Demo {account.number}"})

    def _post_to_feed(self, call: Call) -> VenueAnswer:
        account, form = self._owner(call), call.form()
        message = form.get("message", "")
        if not message.strip() or len(message) > MAX_MESSAGE:
            raise SocialError(400, "100", "(#100) Invalid parameter: message")
        post_id = f"{account.api_key}_{next(self._book.numbers)}"
        self._book.add(Post(post_id, account.api_key, message, "public", self._now_s()))
        return json_answer({"id": post_id}, post_id=post_id)

    def _list_feed(self, call: Call) -> VenueAnswer:
        posts = self._recent(call)
        return json_answer(
            {"data": [{"message": post.text, **_common_json(post, "created_time")} for post in posts]}
        )

    def _create_container(self, call: Call) -> VenueAnswer:
        account, form = self._owner(call), call.form()
        caption, image_url = form.get("caption", ""), form.get("image_url", "")
        if not image_url.startswith("https://"):
            raise SocialError(400, "100", "(#100) The parameter image_url is required")
        if len(caption) > MAX_CAPTION:
            raise SocialError(400, "36103", "The caption was too long")
        if len(_HASHTAG.findall(caption)) > MAX_HASHTAGS or len(_MENTION.findall(caption)) > MAX_MENTIONS:
            raise SocialError(400, "36104", "The caption has too many hashtags or mentions")
        container_id = f"1789{next(self._book.numbers):013d}"
        self._containers[container_id] = Container(account.api_key, caption, image_url, self._now_s())
        return json_answer({"id": container_id})

    def _show(self, call: Call) -> VenueAnswer:
        account, node = self._caller(call), call.params["node"]
        container = self._containers.get(node)
        if container is not None and container.api_key == account.api_key:
            return json_answer({"id": node, "status_code": self._status_of(container)})
        if node == account.api_key:
            return json_answer({"id": node, "username": f"demo_{account.number}"})
        post = self._book.find(node)
        if post is None or post.api_key != account.api_key:
            raise SocialError(
                400, "100", f"Unsupported get request. Object with ID '{node[:40]}' does not exist"
            )
        return json_answer({"caption": post.text, **_common_json(post, "timestamp")})

    def _publish(self, call: Call) -> VenueAnswer:
        account, container_id = self._owner(call), call.form().get("creation_id", "")
        container = self._containers.get(container_id)
        if container is None or container.api_key != account.api_key:
            raise SocialError(400, "100", "(#100) Invalid parameter: creation_id")
        status = self._status_of(container)
        if status != "FINISHED":
            raise SocialError(400, "9007", f"Media ID is not available: {status}")
        container.is_published = True
        post_id = f"1805{next(self._book.numbers):013d}"
        fields: dict[str, object] = {"image_url": container.image_url}
        self._book.add(Post(post_id, account.api_key, container.caption, "public", self._now_s(), fields))
        return json_answer({"id": post_id}, post_id=post_id)

    def _list_media(self, call: Call) -> VenueAnswer:
        posts = self._recent(call)
        return json_answer(
            {"data": [{"caption": post.text, **_common_json(post, "timestamp")} for post in posts]}
        )

    def _publishing_limit(self, call: Call) -> VenueAnswer:
        account = self._owner(call)
        used = len(self._book.newest_first(account.api_key))
        return json_answer(
            {"data": [{"quota_usage": used, "config": {"quota_total": 50, "quota_duration": 86_400}}]}
        )

    def _recent(self, call: Call) -> list[Post]:
        account, query = self._owner(call), call.query()
        since_s = float(query.get("since", "0"))
        posts = [post for post in self._book.newest_first(account.api_key) if post.created_at_s >= since_s]
        return posts[: int(query.get("limit", "25"))]

    def _status_of(self, container: Container) -> str:
        age_s = self._now_s() - container.created_at_s
        if container.is_published:
            return "PUBLISHED"
        if age_s < CONTAINER_WORK_S:
            return "IN_PROGRESS"
        return "EXPIRED" if age_s > CONTAINER_LIFE_S else "FINISHED"

    def _owner(self, call: Call) -> SocialAccount:
        account = self._caller(call)
        if call.params["node"] != account.api_key:
            raise SocialError(403, "10", "(#10) Application does not have permission for this action")
        return account

    def _caller(self, call: Call) -> SocialAccount:
        account = self._book.find_by_secret(bearer(call.request))
        if account is None:
            raise SocialError(401, "190", "Invalid OAuth access token.")
        return account

    def _now_s(self) -> float:
        return self._book.clock.now_s()


def _common_json(post: Post, time_name: str) -> dict[str, object]:
    at = datetime.fromtimestamp(post.created_at_s, EPOCH.tzinfo).strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {"id": post.post_id, time_name: at, "permalink_url": _url(post), "permalink": _url(post)}


def _url(post: Post) -> str:
    return f"https://meta.test/{post.post_id}"
