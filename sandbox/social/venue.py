"""A platform for posts as the control API and the wire see it, around the dialect that it speaks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from sandbox.clock import SandboxClock, iso_time
from sandbox.social.book import PostBook
from sandbox.social.call import SocialError
from sandbox.venue import ControlError, ImmediateFault, VenueAnswer, VenueRequest

# The account that has used up its requests sees this code in every dialect's own clothes.
OUT_OF_RATE = "rate_limited"


class Dialect(Protocol):
    """How one platform talks. A reset makes a new one, so that it may keep state of its own."""

    def find_api_key(self, request: VenueRequest) -> str | None: ...

    def answer(self, request: VenueRequest) -> VenueAnswer:
        """Raises: SocialError."""
        ...

    def refuse(self, error: SocialError) -> VenueAnswer: ...

    def rate_headers(self, *, limit: int, left: int, reset_at_s: float) -> Mapping[str, str]: ...

    def secrets(self) -> Sequence[str]:
        """List what it issued and what must never be shown."""
        ...


class SocialVenue:
    def __init__(
        self,
        name: str,
        *,
        dialect: Callable[[PostBook], Dialect],
        demo_accounts: Sequence[tuple[str, str]],
        clock: SandboxClock,
        requests_per_window: int,
    ) -> None:
        self.name = name
        self._make_dialect = dialect
        self._demo_accounts = demo_accounts
        self._clock = clock
        self._requests_per_window = requests_per_window
        self.reset()

    def find_api_key(self, request: VenueRequest) -> str | None:
        return self._dialect.find_api_key(request)

    def answer(self, request: VenueRequest) -> VenueAnswer:
        api_key = self._dialect.find_api_key(request)
        if api_key is None:
            return self._answer(request)
        limit, left, reset_at_s = self._book.use(api_key)
        headers = self._dialect.rate_headers(limit=limit, left=max(0, left), reset_at_s=reset_at_s)
        if left < 0:
            refusal = self._dialect.refuse(SocialError(429, OUT_OF_RATE, "too many requests"))
            return replace(refusal, headers={**refusal.headers, **headers})
        answer = self._answer(request)
        return replace(answer, headers={**headers, **answer.headers})

    def fail(self, status: int, *, code: str | None = None) -> VenueAnswer:
        return self._dialect.refuse(SocialError(status, code or f"status_{status}", "planted by a test"))

    def refuse_for_rate(self, *, reset_ms: int) -> VenueAnswer:
        refusal = self._dialect.refuse(SocialError(429, OUT_OF_RATE, "too many requests"))
        reset_at_s = self._clock.now_s() + reset_ms / 1000
        headers = self._dialect.rate_headers(limit=self._requests_per_window, left=0, reset_at_s=reset_at_s)
        return replace(refusal, headers={**refusal.headers, **headers})

    def create_account(
        self, *, api_key: str, api_secret: str, balances: Mapping[str, Decimal]
    ) -> Mapping[str, object]:
        if balances:
            raise ControlError(422, "no_balances", "an account of a platform for posts holds no money")
        if api_key in self._book.accounts or self._book.find_by_secret(api_secret) is not None:
            raise ControlError(
                409, "account_exists", f"there is an account {api_key!r} or its secret already"
            )
        account = self._book.open_account(api_key, api_secret=api_secret)
        return {"venue": self.name, "api_key": account.api_key}

    def list_orders(
        self, *, api_key: str | None, client_order_id: str | None
    ) -> Sequence[Mapping[str, object]]:
        raise self._not_an_exchange()

    def list_posts(self, *, api_key: str | None) -> Sequence[Mapping[str, object]]:
        return [
            {
                "post_id": post.post_id,
                "api_key": post.api_key,
                "text": post.text,
                "visibility": post.visibility,
                "created_at": iso_time(post.created_at_s),
                **post.fields,
            }
            for post in self._book.posts
            if api_key is None or post.api_key == api_key
        ]

    def set_price(self, symbol: str, *, price: Decimal) -> None:
        raise self._not_an_exchange()

    def set_rate_limit(
        self, *, api_key: str | None, units: int, matching_operations_per_s: int | None
    ) -> None:
        if api_key is None:
            self._book.requests_per_window = units
        else:
            self._book.limits[api_key] = units

    def act(self, fault: ImmediateFault) -> Mapping[str, object]:
        raise self._not_an_exchange()

    def secrets(self) -> Sequence[str]:
        return [*(one.api_secret for one in self._book.accounts.values()), *self._dialect.secrets()]

    def reset(self) -> None:
        self._book = PostBook(self._clock, self._requests_per_window)
        for api_key, api_secret in self._demo_accounts:
            self._book.open_account(api_key, api_secret=api_secret)
        self._dialect = self._make_dialect(self._book)

    def _answer(self, request: VenueRequest) -> VenueAnswer:
        try:
            return self._dialect.answer(request)
        except SocialError as error:
            return self._dialect.refuse(error)

    def _not_an_exchange(self) -> ControlError:
        return ControlError(
            422, "no_exchange", f"{self.name} is a platform for posts: it has no orders or prices"
        )
