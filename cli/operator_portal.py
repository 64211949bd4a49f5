"""How the command line asks the platform portal, as an operator: sign in, then read."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from cli.stack.errors import StackError
from cli.stack.home import Home
from cli.stack.running import running_stack_of
from cli.stack.settings import load_settings
from shared.contracts.sign_in import Role
from shared.demo import OPERATOR_EMAILS, PASSWORD

EMAIL_SETTING = "COUNTERSIGN_OPERATOR_EMAIL"
PASSWORD_SETTING = "COUNTERSIGN_OPERATOR_PASSWORD"  # noqa: S105  the setting's name
URL_SETTING = "COUNTERSIGN_OPERATOR_PP_URL"
Wire = TypeVar("Wire", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class OperatorPortal:
    client: httpx.Client

    def read(self, model: type[Wire], path: str, *, query: Mapping[str, str] | None = None) -> Wire:
        """Raises: StackError that repeats what the portal says."""
        response = self.client.get(path, params=dict(query or {}))
        try:
            body = response.json()
            if response.status_code != 200:
                raise StackError(f"the platform portal says {body['reason']}: {body['detail']}")
            return model.model_validate(body)
        except (ValueError, KeyError, ValidationError) as error:
            raise StackError(
                f"the platform portal answered {response.status_code}, not understood"
            ) from error


@contextmanager
def operator_portal() -> Generator[OperatorPortal]:
    """Sign in as the operator named in the environment, or as the local stack's demo viewer.

    Raises: StackError.
    """
    url = (
        os.environ.get(URL_SETTING) or running_stack_of(Home(load_settings().home.absolute())).addresses["pp"]
    )
    credentials = {
        "email": os.environ.get(EMAIL_SETTING, OPERATOR_EMAILS[Role.VIEWER]),
        "password": os.environ.get(PASSWORD_SETTING, PASSWORD.get_secret_value()),
    }
    try:
        with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
            answer = client.post("/api/auth/token", json=credentials)
            if answer.status_code != 200:
                raise StackError(
                    f"the platform portal refused the sign-in: set {EMAIL_SETTING} and {PASSWORD_SETTING}"
                )
            client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield OperatorPortal(client)
    except httpx.TransportError as error:
        raise StackError(f"the platform portal at {url} does not answer: is the stack running?") from error
