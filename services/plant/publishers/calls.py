"""Calls to a platform: reads that may be repeated, and the one write that may not."""

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from plant.brokers.base import BrokerRefusedError, BrokerUnreachableError, NotSent, Refused, Unknown
from plant.publishers.base import PreparedPost, PublishOutcome
from shared.clock import utc_now
from shared.http_client import AnswerLostError, Http, HttpAnswer, NotSentError
from shared.redaction import REDACTED

USER_AGENT = "countersign"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_WRITE = "POST"
_READ_TRIES = 3
_LONGEST_WAIT_S = 3_600.0
_SHOWN = 200

# A decoded answer: each publisher takes out of it what its platform documents.
Answer = Any


class EndpointNotAllowedError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The only endpoints of a platform that a publisher can call; patterns match the whole path."""

    allowed: tuple[tuple[str, str], ...]

    def check_allowed(self, method: str, path: str) -> None:
        """Raises: EndpointNotAllowedError."""
        if not any(method == known and re.fullmatch(pattern, path) for known, pattern in self.allowed):
            raise EndpointNotAllowedError(f"{method} {path} is not on the platform's allow-list")


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one platform. Units: `retry_after_s` reads from an answer how long to wait."""

    http: Http
    endpoints: Endpoints
    error_of: Callable[[Answer], str]
    retry_after_s: Callable[[Mapping[str, str]], float]

    async def read(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        query: str = "",
        content: bytes | None = None,
    ) -> Answer:
        """Read with back-off. Raises: BrokerUnreachableError, BrokerRefusedError."""
        trouble = BrokerUnreachableError("the platform cannot be reached")
        for attempt in range(_READ_TRIES):
            await asyncio.sleep(0.15 * attempt)
            try:
                return await self.read_once(method, path, headers=headers, query=query, content=content)
            except BrokerUnreachableError as error:
                trouble = error
                if error.code == "RATE_LIMITED":
                    break
        raise trouble

    async def read_once(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        query: str = "",
        content: bytes | None = None,
        hidden: tuple[str, ...] = (),
    ) -> Answer:
        """For what a second try could harm; of a refusal nothing of `hidden` is quoted.

        Raises: BrokerUnreachableError, BrokerRefusedError.
        """
        self.endpoints.check_allowed(method, path)
        target = f"{path}?{query}" if query else path
        try:
            response = await self.http.request(method, target, headers=headers, content=content)
        except (NotSentError, AnswerLostError) as error:
            raise BrokerUnreachableError(f"no answer from the platform ({error})") from error
        return self._checked(response, hidden=(*_secrets_in(headers), *hidden))

    def _checked(self, response: HttpAnswer, *, hidden: Iterable[str]) -> Answer:
        if response.status == 429:
            raise BrokerUnreachableError("out of rate at the platform", code="RATE_LIMITED")
        if response.status >= 500:
            raise BrokerUnreachableError(f"the platform answered {response.status}")
        answer = read_json(response)
        if answer is None:
            raise BrokerUnreachableError("no usable answer from the platform")
        if response.status != 200:
            shown = _safe(self.error_of(answer), hidden)
            code = "CREDENTIAL_REFUSED" if response.status in (401, 403) else "READ_REFUSED"
            raise BrokerRefusedError(f"the platform refused the read: {shown!r}", code=code)
        return answer

    async def send(
        self, prepared: PreparedPost, *, sort: Callable[[HttpAnswer], PublishOutcome]
    ) -> PublishOutcome:
        """Send once; `sort` names the outcome of an answer that is neither out of rate nor a failure."""
        prepared.permit.check_covers(prepared.action_hash)
        self.endpoints.check_allowed(_WRITE, prepared.path)
        if utc_now() >= prepared.valid_until:
            return NotSent("the post was not sent in time after its last check", retry_after_s=0)
        try:
            response = await self.http.request(
                _WRITE, prepared.path, content=prepared.body, headers=prepared.headers
            )
        except NotSentError:
            return NotSent("the platform cannot be reached", retry_after_s=1)
        except AnswerLostError as error:
            return Unknown(f"the connection broke before an answer ({error})")
        if response.status == 429:
            wait_s = min(max(self.retry_after_s(response.headers), 1.0), _LONGEST_WAIT_S)
            return NotSent("out of rate; nothing was published", retry_after_s=wait_s)
        if response.status >= 500:
            return Unknown(f"the platform answered {response.status}")
        return sort(response)

    def refusal_of(
        self, response: HttpAnswer, prepared: PreparedPost, *, certain: frozenset[int]
    ) -> PublishOutcome:
        """A refusal counts only with a status after which there is certainly no post, in the platform's words."""
        answer = read_json(response)
        said = "" if answer is None else self.error_of(answer)
        if response.status in certain and said:
            shown = _safe(said, _secrets_in(prepared.headers))
            return Refused(f"HTTP_{response.status}", f"the platform refused the post: {shown}")
        return Unknown(f"answer {response.status} could not be understood")


def read_json(response: HttpAnswer) -> Answer | None:
    """The answer as an object or a list; None when it is neither."""
    try:
        answer: object = json.loads(response.content)
    except ValueError:
        return None
    return cast("Answer", answer) if isinstance(answer, dict | list) else None


def value_at(answer: Answer, *path: str | int) -> object:
    """What lies within an answer; None when there is nothing at this place."""
    for step in path:
        try:
            answer = answer[step]
        except (KeyError, IndexError, TypeError):
            return None
    return answer


def text_at(answer: Answer, *path: str | int) -> str | None:
    """A text within an answer; None when there is none at this place."""
    found = value_at(answer, *path)
    return found if isinstance(found, str) and found else None


def rows_at(answer: Answer, *path: str) -> list[Answer]:
    """Raises: BrokerUnreachableError when there is no list at this place."""
    rows = value_at(answer, *path)
    if not isinstance(rows, list):
        raise BrokerUnreachableError("the platform answered something else than a list")
    return cast("list[Answer]", rows)


def needed(text: str | None) -> str:
    """Raises: BrokerUnreachableError for an answer that lacks what its platform documents."""
    if text is None:
        raise BrokerUnreachableError("the platform's answer lacks what is documented")
    return text


def moment_of(text: str | None) -> datetime:
    """Raises: BrokerUnreachableError for what is no time with an offset."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError as error:
        raise BrokerUnreachableError("the platform's answer has no time") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def seconds_until_epoch(headers: Mapping[str, str], name: str) -> float:
    """How long until a moment that a header gives in seconds since 1970."""
    value = headers.get(name, "")
    return float(value) - utc_now().timestamp() if value.isdigit() else 60.0


def bearer_headers(token: str, **more: str) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return {"Authorization": f"Bearer {token}", "User-Agent": USER_AGENT, **named}


def _secrets_in(headers: Mapping[str, str]) -> tuple[str, ...]:
    token = headers.get("Authorization", "").removeprefix("Bearer ")
    return (token,) if token else ()


def _safe(text: str, hidden: Iterable[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, REDACTED)
    return text[:_SHOWN]
