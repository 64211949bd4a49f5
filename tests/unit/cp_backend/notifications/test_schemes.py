"""Which addresses are taken: services at hosts of their own; nothing that leads into our own network, however spelt."""

import pytest

from cp_backend.notifications.schemes import check_address
from shared.errors import PlatformError

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
MAIL = "mailtos://me:secret@gmail.com"


@pytest.mark.parametrize(
    "url",
    [
        SLACK,
        f"{SLACK}/#general",
        DISCORD,
        "tgram://123456789:abcdefghijklmnopqrstuvwxyz_ABCDEFGH/123456",
        "pover://" + "u" * 30 + "@" + "a" * 30,
        "ntfys://a-topic-of-mine",
        MAIL,
        f"{MAIL}?to=somebody@example.com&name=Desk",
        "mailto://me:secret@fastmail.com",
    ],
)
def test_service_at_its_own_host_is_taken(url: str) -> None:
    assert check_address(url, is_local=False) == url.partition(":")[0]


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1:8081/internal",
        "xml://169.254.169.254/latest",
        "form://localhost",
        "file:///etc/passwd",
        "syslog://",
        "windows://",
        "http://example.com/hook",
        "jsons://example.com/hook",
        "ntfys://10.0.0.1/topic",
        "ntfys://user:password@gateway/topic",
        "ntfy://topic",
        "mailtos://me:secret@10.0.0.1",
        "mailtos://me:secret@intranet.example.com",
        "record://a-test",
        f"{MAIL}?smtp=10.0.0.1",
        f"{MAIL}?SMTP=10.0.0.1",
        f"{MAIL}?to=a@example.com;smtp=10.0.0.1",
        f"{MAIL}?to=a@example.com&smtp=10.0.0.1",
        f"{MAIL}?to=a@example.com?smtp=10.0.0.1",
        f"{MAIL}/?verify=no",
        f"{MAIL}?pgpkey=/etc/passwd",
        f"{DISCORD}?template=/etc/passwd",
        f"{SLACK}#general?template=/etc/passwd",
        f"{DISCORD}?+X-Header=a",
        "slack://",
        f" {SLACK}",
        f"{SLACK}\n{DISCORD}",
        f"{SLACK}, json://127.0.0.1",
        f"json://127.0.0.1 {SLACK}",
        f"{SLACK},json://127.0.0.1:8081/internal",
        f"{DISCORD}/json://127.0.0.1",
        "sl\u0430ck://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "slack:\\\\T1JJ3T3L2\\A1BRTD4JD\\TIiajkdnlazkcOXrIdevi7FQ",
    ],
)
def test_address_that_could_lead_elsewhere_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(PlatformError) as refused:
        check_address(url, is_local=False)

    assert refused.value.status == 422
    (error,) = refused.value.errors
    assert error.field == "url"
    assert url.partition("://")[2] == "" or url.partition("://")[2] not in error.message


def test_recording_is_for_local_mode_only() -> None:
    assert check_address("record://a-test", is_local=True) == "record"
    with pytest.raises(PlatformError):
        check_address("json://127.0.0.1", is_local=True)
