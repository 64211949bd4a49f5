"""The portals' one way to Plant: through the gateway, with an identity token minted for each call."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from uuid import UUID

from pydantic import BaseModel, ValidationError

from shared.contracts.problem import MEDIA_TYPE
from shared.correlation import HEADER, current_correlation_id
from shared.errors import FieldError, PlatformError, unavailable
from shared.http_client import AnswerLostError, Http, HttpAnswer, NotSentError
from shared.identity import ActorType, Identity, mint_identity
from shared.ids import CustomerId
from shared.keys import Issuer, SigningKey
from shared.logs import get_logger

DEFAULT_TIMEOUT_S = 15.0
_PASSED_HEADERS = ("Retry-After", "Content-Disposition")
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a call is made, and whose data it is bound to (an operator's overview: nobody's)."""

    actor_type: ActorType
    actor_id: str
    customer_id: CustomerId | None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlantAnswer:
    """Plant's answer (or the gateway's) as it came, with the headers that a client may see."""

    status: int
    content: bytes = field(repr=False)
    content_type: str
    headers: Mapping[str, str]

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def json_object(self) -> dict[str, Any]:
        """The body if it is a JSON object, else an empty one."""
        try:
            parsed: object = json.loads(self.content)
        except ValueError:
            return {}
        return cast("dict[str, Any]", parsed) if isinstance(parsed, dict) else {}

    def problem(self) -> PlatformError:
        """Turn a refusal into our error with the same status, reason, detail and ids."""
        body = self.json_object()
        errors = [
            FieldError(str(e.get("field", "")), str(e.get("message", ""))) for e in _objects(body, "errors")
        ]
        return PlatformError(
            self.status,
            str(body.get("reason", "plant_refused")),
            str(body.get("detail", "The execution backend refused the request.")),
            errors=errors,
            risk_codes=[str(code) for code in _items(body, "risk_codes")],
            decision_id=_uuid(body.get("decision_id")),
            headers=dict(self.headers),
        )


@dataclass(frozen=True, slots=True)
class PlantClient:
    """`http` has the gateway as its base URL."""

    http: Http = field(repr=False)
    issuer: Issuer
    key: SigningKey

    async def call(
        self,
        method: str,
        path: str,
        *,
        caller: Caller,
        query: str = "",
        body: bytes | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> PlantAnswer:
        """Make one call and return the answer, refusals included. Nothing is ever repeated.

        Raises: PlatformError 503 `plant_unavailable` when there is no complete answer.
        """
        url = f"{path}?{query}" if query else path
        try:
            response = await self.http.request(
                method,
                url,
                content=body,
                headers=self._headers(caller, has_body=body is not None),
                timeout_s=timeout_s,
            )
        except (NotSentError, AnswerLostError) as error:
            get_logger().warning("plant.unavailable", method=method, path=path, error=str(error))
            raise _no_answer() from error
        return _answer(response)

    async def fetch(
        self,
        method: str,
        path: str,
        *,
        caller: Caller,
        model: type[ModelT],
        body: BaseModel | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> ModelT:
        """Make one call and parse its answer.

        Raises: PlatformError as Plant answered it; 503 without an answer; 502 for one that makes no sense.
        """
        content = body.model_dump_json().encode() if body is not None else None
        answer = await self.call(method, path, caller=caller, body=content, timeout_s=timeout_s)
        if not answer.is_success:
            raise answer.problem()
        try:
            return model.model_validate_json(answer.content)
        except ValidationError as error:
            get_logger().error("plant.answer_malformed", method=method, path=path, model=model.__name__)
            raise PlatformError(
                502,
                "bad_answer",
                "The execution backend's answer could not be read; quote the correlation id.",
            ) from error

    def _headers(self, caller: Caller, *, has_body: bool) -> dict[str, str]:
        correlation_id = current_correlation_id()
        identity = Identity(
            issuer=self.issuer,
            actor_type=caller.actor_type,
            actor_id=caller.actor_id,
            customer_id=caller.customer_id,
            correlation_id=correlation_id,
            roles=caller.roles,
        )
        token = mint_identity(identity, key=self.key, audience=Issuer.PLANT)
        headers = {"Authorization": f"Bearer {token}", HEADER: str(correlation_id)}
        return headers | ({"Content-Type": "application/json"} if has_body else {})


def service_caller(issuer: Issuer, *, customer_id: CustomerId) -> Caller:
    """The portal itself, in a customer's matter."""
    return Caller(ActorType.SERVICE, issuer.value, customer_id)


def _answer(response: HttpAnswer) -> PlantAnswer:
    usual = MEDIA_TYPE if response.status >= 400 else "application/json"
    headers = {name: response.headers[name] for name in _PASSED_HEADERS if name in response.headers}
    return PlantAnswer(
        response.status, response.content, response.headers.get("Content-Type", usual), headers
    )


def _no_answer() -> PlatformError:
    return unavailable(
        "The execution backend did not answer. If something was to be carried out, look at its state first.",
        reason="plant_unavailable",
    )


def _items(body: Mapping[str, Any], name: str) -> list[Any]:
    value: object = body.get(name)
    return cast("list[Any]", value) if isinstance(value, list) else []


def _objects(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [item for item in _items(body, name) if isinstance(item, dict)]


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
