"""A Page's feed, and a picture on Instagram that is made ready, published once, and expires."""

import pytest

from tests.unit.sandbox.platforms import PlatformCaller
from tests.unit.sandbox.traders import HttpTrader

PAGE = "/v24.0/100000000000001"
ACCOUNT = "/v24.0/17841400000000001"
PICTURE = {"image_url": "https://media.example.test/a.jpg", "caption": "a picture"}


@pytest.fixture
def page(trader: HttpTrader) -> PlatformCaller:
    return PlatformCaller(trader.client, "meta", "demo-facebook-token-a")


@pytest.fixture
def instagram(trader: HttpTrader) -> PlatformCaller:
    return PlatformCaller(trader.client, "meta", "demo-instagram-token-a")


async def test_page_post_is_created_and_listed(page: PlatformCaller) -> None:
    created = await page.post(f"{PAGE}/feed", form={"message": "hello"})

    listed = (await page.get(f"{PAGE}/feed", limit=5)).json()["data"]

    assert [(post["id"], post["message"]) for post in listed] == [(created.json()["id"], "hello")]


@pytest.mark.parametrize(
    ("path", "message", "status"),
    [
        (PAGE, "a" * 63_206, 200),
        (PAGE, "a" * 63_207, 400),
        (PAGE, " ", 400),
        ("/v24.0/100000000000002", "a", 403),
    ],
)
async def test_page_post_is_judged(page: PlatformCaller, path: str, message: str, status: int) -> None:
    assert (await page.post(f"{path}/feed", form={"message": message})).status_code == status


async def test_container_is_published_once_when_it_is_ready(instagram: PlatformCaller) -> None:
    container = (await instagram.post(f"{ACCOUNT}/media", form=PICTURE)).json()["id"]

    early = await instagram.post(f"{ACCOUNT}/media_publish", form={"creation_id": container})
    await instagram.set_clock(60)
    ready = await instagram.get(f"/v24.0/{container}", fields="status_code")
    published = await instagram.post(f"{ACCOUNT}/media_publish", form={"creation_id": container})
    again = await instagram.post(f"{ACCOUNT}/media_publish", form={"creation_id": container})

    assert [answer.status_code for answer in (early, published, again)] == [400, 200, 400]
    assert ready.json()["status_code"] == "FINISHED"
    assert [post["text"] for post in await instagram.stored()] == ["a picture"]


async def test_container_expires_after_a_day(instagram: PlatformCaller) -> None:
    container = (await instagram.post(f"{ACCOUNT}/media", form=PICTURE)).json()["id"]

    await instagram.set_clock(86_401)

    status = await instagram.get(f"/v24.0/{container}", fields="status_code")
    assert status.json()["status_code"] == "EXPIRED"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        (PICTURE, 200),
        ({"caption": "no picture"}, 400),
        ({**PICTURE, "image_url": "http://media.example.test/a.jpg"}, 400),
        ({**PICTURE, "caption": "a" * 2_201}, 400),
        ({**PICTURE, "caption": "#a " * 30}, 200),
        ({**PICTURE, "caption": "#a " * 31}, 400),
        ({**PICTURE, "caption": "@a " * 21}, 400),
    ],
)
async def test_container_is_judged(instagram: PlatformCaller, form: dict[str, str], status: int) -> None:
    assert (await instagram.post(f"{ACCOUNT}/media", form=form)).status_code == status


async def test_wrong_token_is_refused_in_the_graphs_words(page: PlatformCaller) -> None:
    answer = await PlatformCaller(page.client, "meta", "wrong").get("/v24.0/me")

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 190)
