"""Passages: the table of paths that a portal passes on to Plant, each turned into a documented route.

Only the body and the query string go along. Who calls, and for which customer, comes from the session;
no header of the client's is forwarded.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from shared.errors import FieldError, invalid_fields
from shared.ids import CustomerId
from shared.plant_client import PlantAnswer
from shared.sign_in.party import Party
from shared.web.portal import ThePortal

_CUSTOMER_ID = "customer_id"
_UUID_TEXT = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_PARAMETER = re.compile(r"\{(\w+)\}")
_PATTERNS = {
    "agent_id": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}"),
    "agent_type_id": re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){1,3}\.v[0-9]{1,3}"),
    "version": re.compile(r"[1-9][0-9]{0,8}"),
    "scope": re.compile(r"platform|(?:provider|customer|hired_agent):[A-Za-z0-9][A-Za-z0-9_\-]{0,99}"),
}
_ANY_ID = re.compile(_UUID_TEXT)


@dataclass(frozen=True, slots=True)
class Passage:
    """`access` is the dependency that lets the caller in; `query` only documents what Plant understands.

    `accepted` is the answer (202) of what goes on after it.
    `customer_from_query`: an operator acts in the matter of the customer that the query names.
    """

    method: str
    path: str
    upstream: str
    answer: type[BaseModel] | UnionType
    access: Callable[..., Any]
    body: type[BaseModel] | None = None
    query: tuple[str, ...] = ()
    customer_from_query: bool = False
    accepted: type[BaseModel] | None = None


def make_passage_router(passages: Sequence[Passage], *, tag: str) -> APIRouter:
    router = APIRouter(tags=[tag])
    for passage in passages:
        router.add_api_route(
            passage.path,
            _endpoint(passage),
            methods=[passage.method],
            name=f"{passage.method.lower()} {passage.path}",
            responses=_answers(passage),
            response_class=Response,
            openapi_extra=_documentation(passage),
        )
    return router


def _answers(passage: Passage) -> dict[int | str, dict[str, Any]]:
    done: dict[int | str, dict[str, Any]] = {200: {"model": passage.answer}}
    return done | ({202: {"model": passage.accepted}} if passage.accepted else {})


def pass_answer(answer: PlantAnswer) -> Response:
    """Hand Plant's answer to the client as it came, problem documents included."""
    return Response(
        answer.content, answer.status, headers=dict(answer.headers), media_type=answer.content_type
    )


def _endpoint(passage: Passage) -> Callable[..., Any]:
    async def pass_on(
        request: Request, portal: ThePortal, party: Annotated[Party, Depends(passage.access)]
    ) -> Response:
        query, customer_id = _query(passage, request, party)
        answer = await portal.plant.call(
            passage.method,
            _upstream_path(passage, request),
            caller=party.caller(customer_id=customer_id),
            query=query,
            body=await request.body() if passage.body else None,
        )
        return pass_answer(answer)

    return pass_on


def _upstream_path(passage: Passage, request: Request) -> str:
    """Put checked parameters into the template; nothing of the client's raw path goes along."""
    path = passage.upstream
    for name in _PARAMETER.findall(path):
        value = str(request.path_params[name])
        if not _PATTERNS.get(name, _ANY_ID).fullmatch(value):
            raise invalid_fields(FieldError(name, "is not a valid identifier"))
        path = path.replace(f"{{{name}}}", value)
    return path


def _query(passage: Passage, request: Request, party: Party) -> tuple[str, CustomerId | None]:
    if not passage.customer_from_query:
        return request.url.query, party.customer_id
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    named = [value for name, value in pairs if name == _CUSTOMER_ID]
    if len(named) != 1 or not _ANY_ID.fullmatch(named[0]):
        raise invalid_fields(FieldError(_CUSTOMER_ID, "name the one customer in whose matter this is"))
    rest = urlencode([(name, value) for name, value in pairs if name != _CUSTOMER_ID])
    return rest, CustomerId(UUID(named[0]))


def _documentation(passage: Passage) -> dict[str, Any]:
    required_query = (_CUSTOMER_ID,) if passage.customer_from_query else ()
    parameters = [
        *(_parameter(name, place="path") for name in _PARAMETER.findall(passage.path)),
        *(_parameter(name, place="query", is_required=True) for name in required_query),
        *(_parameter(name, place="query", is_required=False) for name in passage.query),
    ]
    documented: dict[str, Any] = {"parameters": parameters} if parameters else {}
    if passage.body:
        schema = passage.body.model_json_schema()
        schema = _inlined(schema, schema.pop("$defs", {}))
        documented["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return documented


def _inlined(schema: Any, parts: Mapping[str, Any]) -> Any:
    """Put the schema's parts where it refers to them, since references in the document count from its root."""
    match schema:
        case {"$ref": str(target)}:
            return _inlined(parts[target.removeprefix("#/$defs/")], parts)
        case dict():
            return {name: _inlined(part, parts) for name, part in schema.items()}  # pyright: ignore[reportUnknownVariableType]  JSON
        case list():
            return [_inlined(part, parts) for part in schema]  # pyright: ignore[reportUnknownVariableType]  JSON
        case _:
            return schema


def _parameter(name: str, *, place: str, is_required: bool = True) -> dict[str, Any]:
    pattern = _PATTERNS.get(name)
    schema: dict[str, Any] = {"type": "string"}
    if pattern is not None:
        schema["pattern"] = f"^(?:{pattern.pattern})$"
    elif name.endswith("_id") and place == "path":
        schema["format"] = "uuid"
    return {"name": name, "in": place, "required": is_required, "schema": schema}
