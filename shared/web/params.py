"""Parameters that many routes take."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

PathId = Annotated[UUID, Path(description="An id, as an answer has given it.")]
