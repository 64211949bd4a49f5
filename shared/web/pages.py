"""The built pages of a web app, served by its portal from memory: the entry page for every path that is not the API.

The folder is read once, when a page is first asked for, and by no name that a request contains. The entry page goes
out anew each time, with a fresh nonce for its styles; everything else has its content in its name, or is small.
"""

import asyncio
import gzip
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from shared.errors import not_found, unavailable

STYLE_NONCE = "__STYLE_NONCE__"
_RESERVED = ("/api", "/internal", "/health", "/metrics", "/openapi.json")
_ASSETS = "/assets/"
_FOREVER = "public, max-age=31536000, immutable"
_AN_HOUR = "public, max-age=3600"
_LEAST_COMPRESSED_BYTES = 1_024
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_ALREADY_COMPRESSED = frozenset({".ico", ".jpg", ".png", ".woff2"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class PageRoute(Route):
    """Matches what a browser may look for and no other route is for; wrong methods stay the API's affair."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or _is_reserved(scope["path"]):
            return Match.NONE, {}
        match, found = super().matches(scope)
        return match, {**found, "route": self}


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes = field(repr=False)
    compressed: bytes | None = field(repr=False)
    media_type: str
    cache_control: str


@dataclass(frozen=True, slots=True)
class _Built:
    """Shape: `files` by the path that a browser asks for."""

    entry: str
    files: Mapping[str, _File]


@dataclass(slots=True)
class Pages:
    """`entry` is the name of the entry page in `folder`. A newer build is seen after a restart."""

    folder: Path
    entry: str
    _built: _Built | None = None

    def route(self) -> PageRoute:
        """The route to put behind all others."""
        return PageRoute("/{path:path}", self._answer, methods=["GET"], name="pages", include_in_schema=False)

    async def _answer(self, request: Request) -> Response:
        """Raises: PlatformError 404 for a file that is not there; 503 as long as nothing was built."""
        path = request.url.path
        built = self._built = self._built or await asyncio.to_thread(_read, self.folder, entry=self.entry)
        if built is None:
            raise unavailable(
                "The web pages are not built yet: run `make web`. The API works nevertheless.",
                reason="pages_not_built",
                retry_after_s=10,
            )
        if path in built.files:
            return _file_response(request, built.files[path])
        if path.startswith(_ASSETS) or Path(path).suffix in _MEDIA_TYPES:
            raise not_found("file")
        return _entry_response(built.entry)


def _is_reserved(path: str) -> bool:
    return any(path == reserved or path.startswith(f"{reserved}/") for reserved in _RESERVED)


def _entry_response(entry: str) -> Response:
    nonce = secrets.token_urlsafe(16)
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": _POLICY.format(nonce=nonce),
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    return Response(entry.replace(STYLE_NONCE, nonce), headers=headers, media_type="text/html")


def _file_response(request: Request, file: _File) -> Response:
    headers = {"Cache-Control": file.cache_control, "Cross-Origin-Resource-Policy": "same-origin"}
    content = file.content
    if file.compressed is not None:
        headers["Vary"] = "Accept-Encoding"
        if _takes_gzip(request.headers.get("Accept-Encoding", "")):
            headers["Content-Encoding"], content = "gzip", file.compressed
    return Response(content, headers=headers, media_type=file.media_type)


def _takes_gzip(accepted: str) -> bool:
    codings = (coding.replace(" ", "").lower() for coding in accepted.split(","))
    return any(
        coding == "gzip" or (coding.startswith("gzip;q=") and coding != "gzip;q=0") for coding in codings
    )


def _read(folder: Path, *, entry: str) -> _Built | None:
    """None when nothing was built. A link that leads out of the folder is not followed."""
    root = folder.resolve()
    page = root / entry
    if not page.is_file():
        return None
    found = [
        path
        for path in (*root.iterdir(), *root.glob("assets/**/*"))
        if path.suffix in _MEDIA_TYPES and path.is_file() and path.resolve().is_relative_to(root)
    ]
    names = {f"/{path.relative_to(root).as_posix()}": path for path in found}
    files = {name: _read_file(path, is_asset=name.startswith(_ASSETS)) for name, path in names.items()}
    return _Built(page.read_text(encoding="utf-8"), files)


def _read_file(path: Path, *, is_asset: bool) -> _File:
    content = path.read_bytes()
    is_small = len(content) < _LEAST_COMPRESSED_BYTES
    return _File(
        content,
        compressed=None
        if is_small or path.suffix in _ALREADY_COMPRESSED
        else gzip.compress(content, mtime=0),
        media_type=_MEDIA_TYPES[path.suffix],
        cache_control=_FOREVER if is_asset else _AN_HOUR,
    )
