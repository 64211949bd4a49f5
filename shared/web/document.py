"""A portal's OpenAPI document without a running portal: what `countersign docs openapi` prints."""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from shared.web.app import create_service_app


def render_document(*, service: str, title: str, routers: Sequence[APIRouter]) -> str:
    """The same document that the service answers with at /openapi.json; its keys in alphabetical order."""
    app = create_service_app(service=service, title=title, lifespan=_nothing_opened)
    for router in routers:
        app.include_router(router)
    return json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False)


@asynccontextmanager
async def _nothing_opened(_app: FastAPI) -> AsyncGenerator[None]:
    yield
