"""Serving the built pages: the entry page with its policy, files by their exact names, and the API left as it was."""

import gzip
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from shared.web.app import create_service_app
from shared.web.pages import Pages

ENTRY = '<!doctype html><meta name="style-nonce" content="__STYLE_NONCE__"><script src="/assets/app-1.js"></script>'
SCRIPT = "console.log(1);" * 200
SECRET = "not for browsers"
NONCE = re.compile(r"'nonce-([^']+)'")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A build, and beside it what must not go out."""
    dist = tmp_path / "assets" / "dist"
    (dist / "assets" / "fonts").mkdir(parents=True)
    (dist / "customer.html").write_text(ENTRY)
    (dist / "ops.html").write_text("<title>operators</title>")
    (dist / "favicon.svg").write_text("<svg/>")
    (dist / "robots.txt").write_text("User-agent: *\nDisallow: /\n")
    (dist / "assets" / "app-1.js").write_text(SCRIPT)
    (dist / "assets" / "app-1.js.map").write_text(SECRET)
    (dist / "assets" / "fonts" / "a-1.woff2").write_bytes(b"\0" * 2_000)
    (tmp_path / "secret.txt").write_text(SECRET)
    (dist / "assets" / "link.txt").symlink_to(tmp_path / "secret.txt")
    return dist


def create_app(folder: Path) -> FastAPI:
    app = create_service_app(service="test", title="Test", lifespan=_nothing, max_in_flight=1)

    @app.get("/api/thing")
    @app.post("/api/thing")
    async def thing() -> str:  # pyright: ignore[reportUnusedFunction]  registered by the decorator
        return "a thing"

    app.router.routes.append(Pages(folder, "customer.html").route())
    return app


@asynccontextmanager
async def _nothing(_app: FastAPI) -> AsyncGenerator[None]:
    yield


def browser(folder: Path) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(folder))
    return httpx.AsyncClient(transport=transport, base_url="http://portal.test")


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/agents/5b0c/configure", "/review/", "/apis", "/customer.html"]
)
async def test_path_of_a_page_answers_the_entry_page_with_its_policy(folder: Path, path: str) -> None:
    async with browser(folder) as http:
        answer = await http.get(path)

    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    found = NONCE.search(policy)
    assert found is not None
    assert f'content="{found[1]}"' in answer.text
    assert "__STYLE_NONCE__" not in answer.text
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_each_answer_has_a_nonce_of_its_own(folder: Path) -> None:
    async with browser(folder) as http:
        policies = [(await http.get("/")).headers["Content-Security-Policy"] for _ in range(3)]

    assert len(set(policies)) == 3


async def test_asset_is_kept_for_ever_and_compressed_for_whoever_takes_that(folder: Path) -> None:
    async with browser(folder) as http:
        plain = await http.get("/assets/app-1.js", headers={"Accept-Encoding": "identity"})
        packed = await http.get("/assets/app-1.js", headers={"Accept-Encoding": "br, gzip;q=0.8"})
        refused = await http.get("/assets/app-1.js", headers={"Accept-Encoding": "gzip;q=0"})
        font = await http.get("/assets/fonts/a-1.woff2")

    assert plain.text == packed.text == refused.text == SCRIPT
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in refused.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(gzip.compress(SCRIPT.encode(), mtime=0))
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert packed.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert (font.headers["Content-Type"], font.headers.get("Content-Encoding")) == ("font/woff2", None)


async def test_small_file_beside_the_entry_page_is_kept_for_an_hour(folder: Path) -> None:
    async with browser(folder) as http:
        icon, robots = await http.get("/favicon.svg"), await http.get("/robots.txt")

    assert (icon.text, icon.headers["Content-Type"]) == ("<svg/>", "image/svg+xml")
    assert robots.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/app-2.js",
        "/assets/app-1.js.map",
        "/assets/link.txt",
        "/assets/",
        "/assets/../../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/favicon.ico",
    ],
)
async def test_file_that_was_not_built_is_404(folder: Path, path: str) -> None:
    async with browser(folder) as http:
        answer = await http.get(path)

    assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/thing", 200),
        ("POST", "/api/thing", 200),
        ("PUT", "/api/thing", 405),
        ("GET", "/api/nothing", 404),
        ("GET", "/api", 404),
        ("POST", "/api/nothing", 404),
        ("GET", "/internal/v1/nothing", 404),
        ("GET", "/health/nothing", 404),
        ("POST", "/sign-in", 404),
        ("DELETE", "/", 404),
    ],
)
async def test_what_is_not_a_page_is_answered_as_before(
    folder: Path, method: str, path: str, status: int
) -> None:
    async with browser(folder) as http:
        answer = await http.request(method, path)

    assert answer.status_code == status
    assert status == 200 or answer.headers["Content-Type"] == "application/problem+json"


async def test_head_of_a_page_and_of_a_file_tell_their_length(folder: Path) -> None:
    async with browser(folder) as http:
        page, file = await http.head("/hire"), await http.head("/favicon.svg")

    assert (page.status_code, file.status_code) == (200, 200)
    assert int(page.headers["Content-Length"]) > len(ENTRY)
    assert file.headers["Content-Length"] == str(len("<svg/>"))


async def test_without_a_build_a_page_says_what_to_run_and_is_there_once_it_was_run(folder: Path) -> None:
    hidden = folder.rename(folder.with_name("later"))
    async with browser(folder) as http:
        before = await http.get("/")
        api = await http.get("/api/thing")
        hidden.rename(folder)
        after = await http.get("/")

    assert (before.status_code, before.json()["reason"]) == (503, "pages_not_built")
    assert "make web" in before.json()["detail"]
    assert api.status_code == 200
    assert after.status_code == 200


async def test_pages_are_in_no_document(folder: Path) -> None:
    document = create_app(folder).openapi()

    assert [path for path in document["paths"] if not path.startswith(("/api", "/health"))] == []
