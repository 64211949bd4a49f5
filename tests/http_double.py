"""Our HTTP client's part played by httpx, for which answers and failures can be imitated without a socket."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from shared.http_client import AnswerLostError, HttpAnswer, NotSentError

_NEVER_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class HttpDouble:
    client: httpx.AsyncClient

    async def request(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
        timeout_s: float | None = None,
    ) -> HttpAnswer:
        try:
            answer = await self.client.request(
                method, target, headers=dict(headers), content=content, timeout=timeout_s
            )
        except _NEVER_CONNECTED as error:
            raise NotSentError(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise AnswerLostError(type(error).__name__) from error
        return HttpAnswer(answer.status_code, answer.headers, answer.content)
