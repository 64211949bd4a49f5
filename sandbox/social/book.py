"""Everything that an imitated platform for posts remembers: accounts, posts, rate limits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from sandbox.clock import SandboxClock

FIRST_NUMBER = 1_000_001
WINDOW_S = 300


@dataclass(slots=True)
class SocialAccount:
    """`api_key` is the name that the platform knows it by, `api_secret` its token or password."""

    api_key: str
    api_secret: str
    number: int


@dataclass(slots=True)
class Post:
    """Shape: `fields` holds what the dialect shows of it besides."""

    post_id: str
    api_key: str
    text: str
    visibility: str
    created_at_s: float
    fields: dict[str, object] = field(default_factory=dict[str, object])


@dataclass(slots=True)
class Quota:
    """Requests of one account in one window of five minutes."""

    window: int
    used: int = 0


@dataclass(slots=True)
class PostBook:
    clock: SandboxClock
    requests_per_window: int
    accounts: dict[str, SocialAccount] = field(default_factory=dict[str, SocialAccount])
    posts: list[Post] = field(default_factory=list[Post])
    limits: dict[str, int] = field(default_factory=dict[str, int])
    numbers: Iterator[int] = field(default_factory=lambda: count(FIRST_NUMBER))
    _quotas: dict[str, Quota] = field(default_factory=dict[str, Quota])

    def open_account(self, api_key: str, *, api_secret: str) -> SocialAccount:
        account = SocialAccount(api_key, api_secret, next(self.numbers))
        self.accounts[api_key] = account
        return account

    def find_by_secret(self, secret: str | None) -> SocialAccount | None:
        return next((one for one in self.accounts.values() if secret and one.api_secret == secret), None)

    def add(self, post: Post) -> Post:
        self.posts.append(post)
        return post

    def find(self, post_id: str) -> Post | None:
        return next((post for post in self.posts if post.post_id == post_id), None)

    def newest_first(self, api_key: str) -> list[Post]:
        return [post for post in reversed(self.posts) if post.api_key == api_key]

    def use(self, api_key: str) -> tuple[int, int, float]:
        """Count a request. Shape: the limit, what is left of it (below zero: refused), when it begins anew."""
        window = int(self.clock.now_s() // WINDOW_S)
        quota = self._quotas.get(api_key)
        if quota is None or quota.window != window:
            quota = self._quotas[api_key] = Quota(window)
        quota.used += 1
        limit = self.limits.get(api_key, self.requests_per_window)
        return limit, limit - quota.used, float((window + 1) * WINDOW_S)
