"""Which addresses outside are taken: services at hosts of their own, nothing that could reach our own network.

An address is built with Apprise and judged by what came of it, since it has many spellings of the same thing.
Parameters can name other hosts, files and lax certificates, so that only harmless ones are taken.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import apprise
from apprise.plugins.email.templates import EMAIL_TEMPLATES

from shared.errors import FieldError, PlatformError, invalid_fields

RECORD = "record"
_SCHEME = re.compile(r"([a-zA-Z]{3,12})://[\x21-\x7e]+")
# Nothing that anybody might take for the beginning of another parameter.
_PARAMETERS = re.compile(r"(?:to|name)=[\w@.,+%-]*(?:&(?:to|name)=[\w@.,+%-]*)*", re.ASCII)

Judge = Callable[[Any], bool]


def _always(_plugin: Any) -> bool:
    return True


def _is_known_mail_host(plugin: Any) -> bool:
    known = {template[2].get("smtp_host") for template in EMAIL_TEMPLATES} - {None}
    return plugin.smtp_host in known


def _is_cloud(plugin: Any) -> bool:
    return plugin.mode == "cloud"


# Shape: by scheme, whether the plugin's destination is the service's own host.
JUDGES: Mapping[str, Judge] = MappingProxyType(
    {
        "discord": _always,
        "mailto": _is_known_mail_host,
        "mailtos": _is_known_mail_host,
        "msteams": _always,
        "ntfys": _is_cloud,
        "pover": _always,
        "slack": _always,
        "tgram": _always,
    }
)


def check_address(url: str, *, is_local: bool) -> str:
    """Return its scheme. Raises: PlatformError 422 that does not repeat the address."""
    if is_local and is_recorded(url):
        return RECORD
    open_address(url)
    return _taken_apart(url)[0]


def is_recorded(url: str) -> bool:
    return _taken_apart(url)[0] == RECORD


def open_address(url: str) -> Any:
    """What Apprise makes of it, to be used as it is: Apprise may read more than one address in a text.

    Raises: PlatformError 422 that does not repeat the address.
    """
    scheme, parameters = _taken_apart(url)
    if scheme not in JUDGES:
        known = ", ".join(sorted(JUDGES))
        raise _refused(f"must begin with one of {known}, followed by ://")
    if parameters is not None and not _PARAMETERS.fullmatch(parameters):
        raise _refused("may have no parameters but to and name")
    plugin: Any = apprise.Apprise.instantiate(url)  # pyright: ignore[reportUnknownMemberType]  untyped there
    if plugin is None:
        raise _refused(f"is no complete address of {scheme}")
    if not JUDGES[scheme](plugin):
        raise _refused("must lead to a well-known provider, not to a server of one's own")
    return plugin


def _taken_apart(url: str) -> tuple[str, str | None]:
    """The scheme, and everything from the first question mark on."""
    found = _SCHEME.fullmatch(url)
    if found is None or "\\" in url or url.count("://") != 1:
        raise _refused("must be an address, written in plain characters")
    _, mark, parameters = url.partition("?")
    return found[1].lower(), parameters if mark else None


def _refused(message: str) -> PlatformError:
    return invalid_fields(FieldError("url", message))
