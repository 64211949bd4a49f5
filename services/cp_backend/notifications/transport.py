"""How a notification leaves the house: by Apprise, or, in local mode, into the log, for tests to find."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import apprise
from pydantic import SecretStr

from cp_backend.notifications.schemes import is_recorded, open_address
from shared.errors import PlatformError
from shared.logs import get_logger

TITLE = "Countersign"
SEND_TIMEOUT_S = 20.0
# Both write addresses, which hold tokens, into their logs.
_TALKATIVE = ("apprise", "urllib3")


class DeliveryFailedError(Exception):
    """It could not be delivered. The message is safe to show: it holds nothing of the address."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said outside: what it is about and where to look, never what the action is."""

    summary: str
    url: str


class Transport(Protocol):
    async def send(self, address: SecretStr, letter: Letter) -> None:
        """Raises: DeliveryFailedError."""
        ...


@dataclass(frozen=True, slots=True)
class AppriseTransport:
    """The address is judged again before it is used: the rules may be stricter than when it was stored."""

    is_local: bool

    def __post_init__(self) -> None:
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)

    async def send(self, address: SecretStr, letter: Letter) -> None:
        url = address.get_secret_value()
        try:
            if self.is_local and is_recorded(url):
                _record(url, letter)
                return
            plugin = open_address(url)
        except PlatformError as error:
            raise DeliveryFailedError("the address is not taken any more") from error
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                is_sent = await asyncio.to_thread(_notify, plugin, letter)
        except TimeoutError as error:
            raise DeliveryFailedError("the service did not answer in time") from error
        if not is_sent:
            raise DeliveryFailedError("the service did not take it")


def _notify(plugin: Any, letter: Letter) -> bool:
    sender = apprise.Apprise()
    sender.add(plugin)  # pyright: ignore[reportUnknownMemberType]  untyped there
    return bool(sender.notify(title=TITLE, body=f"{letter.summary}\n{letter.url}"))


def _record(url: str, letter: Letter) -> None:
    name = urlsplit(url).hostname
    if name == "broken":
        raise DeliveryFailedError("the test's channel is broken")
    get_logger().info("notification.recorded", channel=name, summary=letter.summary, url=letter.url)
